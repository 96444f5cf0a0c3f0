"""Margin comments in the editor: written without losing what was typed, shown next to the text, answered and resolved."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Comment, Revision, SuggestedEdit
from articles.workflow.collaboration import comments, margin, suggested_edits
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import sent_back
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

editor, moderator = shared(make_user), shared(make_moderator)
ROPES = "A rope holds five tons when it is dry [00:06:31]. Wet ropes hold less."


@shared
def draft(editor):
    sections = (SectionContent("Ropes", ROPES), SectionContent("Knots", "Knots hold less [00:08:44]."))
    return make_draft("ropes", by=editor, title="Ropes", lead="On ropes.", episode=make_episode(), sections=sections)


def address(revision):
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def press(user, revision, button, **changes):
    """Press a button of the evidence panel, without scripts."""
    client = logged_in(user)
    page = client.get(address(revision))
    return client.post(address(revision), sent_back(page, **changes) | {"_evidence": button})


def on_passage(revision, words, by, text="Is it?"):
    passage = margin.choose(margin.fields_of(content_of(revision)), words)
    return margin.comment(revision, by=by, text=text, passage=passage)


def shown_in(response):
    """{text of a thread: (card, words there now, is_changed, field)}"""
    groups = response.context["reading"].panel.groups
    threads = [(group.card.heading, item) for group in groups for item in group.items if hasattr(item, "comment")]
    return {item.comment.text: (heading, item.words, item.is_changed, item.place.field) for heading, item in threads}


def test_a_reviewer_comments_on_a_draft_and_the_typed_text_stays(draft, moderator):
    response = press(
        moderator, draft, "comment", evidence_quote="five tons", evidence_remark="Says who?", lead="Typed meanwhile."
    )

    thread = Comment.objects.get()
    assert (thread.text, thread.quote, thread.revision, thread.by) == ("Says who?", "five tons", draft, moderator)
    assert shown_in(response) == {"Says who?": ("Ropes", "five tons", False, "id_sections-0-body")}
    assert response.context["form"].text["lead"].value() == "Typed meanwhile."
    assert response.context["outcome"].anchor == f"thread-{thread.pk}"
    assert response.context["form"].data["evidence_remark"] == ""
    assert Revision.objects.get().lead == "On ropes."


def test_a_passage_has_to_be_saved_before_it_is_commented_on(draft, editor, moderator):
    typed = {"lead": "I confess everything.", "sections-0-body": f"At first. {ROPES}"}

    for by in (editor, moderator):
        refused = press(by, draft, "comment", evidence_quote="I confess everything.", evidence_remark="?", **typed)
        assert "This passage isn’t saved yet. Save the draft, then comment on it." in refused.text
    press(moderator, draft, "comment", evidence_quote="A rope holds", evidence_remark="?", **typed)

    assert (Comment.objects.get().quote, Comment.objects.get().passage.prefix) == ("A rope holds", "")


def test_what_is_recorded_of_typed_text_has_no_nul(draft, moderator):
    lead = "At 3\0 metres nobody dives longer than 9 minutes."
    press(moderator, draft, "comment", evidence_quote="On ropes", evidence_remark="?", lead=f"{lead} On ropes.")
    page = press(moderator, draft, "threads:open", lead=lead)

    assert Comment.objects.get().passage.prefix == ""
    assert page.context["form"].content().lead == lead.replace("\0", "\ufffd")
    assert "\0" not in "".join(item.text for item in page.context["reading"].panel.items if hasattr(item, "text"))


def test_a_text_that_is_no_draft_is_commented_on_as_it_is_stored(editor, moderator):
    article = make_published("ropes", by=editor, moderator=moderator, lead="On ropes.", episode=make_episode())
    revision = article.published_revision

    refused = press(
        moderator, revision, "comment", evidence_quote="brand new", evidence_remark="?", lead="A brand new."
    )
    press(moderator, revision, "comment", evidence_quote="On ropes", evidence_remark="?", lead="A brand new.")

    assert refused.context["outcome"].is_refused
    assert [comment.quote for comment in Comment.objects.all()] == ["On ropes"]


def test_a_refused_comment_stays_in_its_form(draft, moderator):
    response = press(moderator, draft, "comment", evidence_quote="not there", evidence_remark="My remark.")

    assert response.context["outcome"].is_refused
    assert "The text doesn’t have this passage." in response.text
    assert "not there</textarea>" in response.text
    assert "My remark.</textarea>" in response.text


def test_too_long_a_comment_is_refused(draft, moderator):
    response = press(moderator, draft, "comment", evidence_quote="five tons", evidence_remark="x" * 5_001)

    assert "Write at most 5000 characters." in response.text
    assert Comment.objects.count() == 0


def test_a_comment_that_was_not_sent_is_given_back_when_the_draft_is_saved(draft, editor):
    client = logged_in(editor)
    page = client.get(address(draft))

    saved = client.post(address(draft), sent_back(page, evidence_remark="Not sent.", _save=""), follow=True)

    assert "Your comment wasn’t added: Not sent." in messages_of(saved)


def test_who_only_edits_reads_and_answers_but_does_not_open_or_resolve(draft, moderator):
    other = make_user("other")
    thread = on_passage(draft, "five tons", moderator)

    page = logged_in(other).get(address(draft))
    press(other, draft, f"reply:{thread.pk}", **{f"evidence_reply-{thread.pk}": "I wonder, too."})
    refused = press(other, draft, f"resolve:{thread.pk}")

    assert "data-margin-form" not in page.text
    assert f'value="resolve:{thread.pk}"' not in page.text
    assert [reply.text for reply in thread.answers.all()] == ["I wonder, too."]
    assert "Only moderators and contributors" in refused.text


def test_threads_are_resolved_filtered_and_reopened(draft, editor, moderator):
    first = on_passage(draft, "five tons", moderator, "First")
    on_passage(draft, "On ropes", moderator, "Second")

    resolved = press(editor, draft, f"resolve:{first.pk}")
    assert set(shown_in(resolved)) == {"Second"}
    assert "Open comments (1)" in resolved.text
    only = press(editor, draft, "threads:resolved")
    assert set(shown_in(only)) == {"First"}
    assert 'name="evidence_threads" value="resolved"' in only.text
    assert set(shown_in(press(editor, draft, "threads:all"))) == {"First", "Second"}
    assert set(shown_in(press(editor, draft, f"reopen:{first.pk}"))) == {"First", "Second"}
    assert Comment.objects.unresolved().count() == 2


def test_comments_are_where_their_passage_is_now_in_what_is_typed(draft, editor, moderator):
    on_passage(draft, "five tons", moderator, "moved")
    on_passage(draft, "Wet ropes hold less.", moderator, "changed")
    on_passage(draft, "Knots hold less", moderator, "gone")
    on_passage(draft, "On ropes.", moderator, "lead")
    typed = {"sections-0-body": "Before. A rope holds five tons when it is dry [00:06:31]. Wet ropes are weak."}

    page = press(editor, draft, "threads:open", **typed, **{"sections-1-body": "Other words entirely."})

    assert shown_in(page) == {
        "moved": ("Ropes", "five tons", False, "id_sections-0-body"),
        "changed": ("Ropes", "", True, "id_sections-0-body"),
        "gone": ("Knots", "", True, "id_sections-1-body"),
        "lead": ("Lead", "On ropes.", False, "id_lead"),
    }
    assert page.text.count("The passage was changed.") == 2
    assert "Wet ropes hold less.</blockquote>" in page.text


def test_title_and_headings_are_passages_too(draft, editor, moderator):
    section = draft.section_set.get(heading="Knots")
    fields = margin.fields_of(content_of(draft))
    for field in (fields[0], next(field for field in fields if field.section_key == section.key)):
        margin.comment(draft, by=moderator, text=f"On {field.text}", passage=margin.choose([field], field.text))

    page = logged_in(editor).get(address(draft))

    assert shown_in(page) == {
        "On Ropes": ("Lead", "Ropes", False, "id_title"),
        "On Knots": ("Knots", "Knots", False, "id_sections-1-heading"),
    }


def test_a_thread_of_another_text_is_not_reached(draft, editor, moderator):
    elsewhere = make_draft("knots", by=editor, title="Knots", lead="On knots.", episode=make_episode("second"))
    thread = on_passage(elsewhere, "On knots", moderator)

    response = press(editor, draft, f"resolve:{thread.pk}")

    assert response.context["outcome"].is_refused
    assert Comment.objects.unresolved().count() == 1


@pytest.mark.parametrize("button", ["reply:x", "resolve:", "resolve:9:9", f"reply:{10**30}"])
def test_buttons_that_nobody_rendered_are_refused(draft, editor, button):
    assert press(editor, draft, button).context["outcome"].is_refused


def test_a_new_article_has_to_be_saved_first(editor):
    client = logged_in(editor)
    page = client.get(reverse("admin:articles_article_add"))

    response = client.post(reverse("admin:articles_article_add"), sent_back(page, title="Ropes", evidence_quote="Ropes", evidence_remark="?") | {"_evidence": "comment"})  # fmt: skip

    assert "Save the draft first." in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_comments_take_a_constant_number_of_queries(draft, editor, moderator, django_assert_num_queries, count):
    for _ in range(count):
        comments.answer(on_passage(draft, "five tons", moderator), by=editor, text="Yes.")
    client = logged_in(editor)

    with django_assert_num_queries(26):
        client.get(address(draft))


# Suggested edits ----------------------------------------------------------------------------------


def suggestion(draft, words, replacement, by):
    passage = margin.choose(margin.fields_of(content_of(draft)), words)
    return suggested_edits.suggest(draft, by=by, passage=passage, replacement=replacement)


def accept(user, draft, thread, **changes):
    client = logged_in(user)
    page = client.get(address(draft))
    return client.post(address(draft), sent_back(page, _accept=thread.pk, **changes), follow=True)


def test_a_reviewer_suggests_an_edit_and_the_author_accepts_it(draft, editor, moderator):
    press(moderator, draft, "comment", evidence_quote="five tons", evidence_replacement="eight tons")
    thread = Comment.objects.get()

    page = logged_in(editor).get(address(draft))
    saved = accept(editor, draft, thread, lead="Typed meanwhile.")

    assert (thread.text, thread.edit.replacement) == ("Suggested edit", "eight tons")
    assert "<del>" in page.text
    assert f'name="_accept" value="{thread.pk}"' in page.text
    assert messages_of(saved) == ["Edit accepted, and saved as revision 1."]
    revision = Revision.objects.get()
    assert (revision.lead, revision.version) == ("Typed meanwhile.", 2)
    assert revision.section_set.get(heading="Ropes").body == ROPES.replace("five", "eight")
    assert SuggestedEdit.objects.get().outcome == "accepted"


@pytest.mark.parametrize("replacement", ["Erased", "what name withheld says"])
def test_an_edit_whose_words_were_erased_can_only_be_dismissed(draft, editor, moderator, replacement):
    thread = suggestion(draft, "five tons", "eight tons", moderator)
    SuggestedEdit.objects.update(replacement=replacement)

    page = logged_in(editor).get(address(draft))
    refused = accept(editor, draft, thread)

    assert "What this edit suggests was erased" in page.text
    assert ('name="_accept"' in page.text, f'value="dismiss_edit:{thread.pk}"' in page.text) == (False, True)
    assert "What this edit suggests was erased, at least in part, so it can’t be accepted." in refused.text
    assert Revision.objects.get().section_set.get(heading="Ropes").body == ROPES


def test_an_edit_over_words_that_were_typed_over_is_refused_and_the_text_stays(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", moderator)

    page = accept(editor, draft, thread, **{"sections-0-body": ROPES.replace("five tons", "six tons")})

    assert "It now says: six tons" in page.text
    assert ROPES.replace("five tons", "six tons") in page.text
    assert f'name="_accept" value="{thread.pk}"' not in page.text
    assert Revision.objects.get().version == 1
    assert SuggestedEdit.objects.get().is_open


def test_an_edit_of_a_returned_text_starts_the_draft_that_continues_it(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", moderator)
    workflow.request_changes(draft, by=moderator, comment="See the margin.")

    accept(editor, draft, thread)

    continued = Revision.objects.get(number=2)
    assert continued.section_set.get(heading="Ropes").body == ROPES.replace("five", "eight")
    assert set(continued.contributor_set.values_list("user_name", flat=True)) == {"editor", "moderator"}


def test_scripts_accept_an_edit_with_the_next_save(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", moderator)
    client = logged_in(editor)
    data = sent_back(client.get(address(draft)), article=draft.article_id, _accept=thread.pk)

    answer = client.post(reverse("admin:articles_autosave"), data)
    again = client.post(reverse("admin:articles_autosave"), data | {"loaded_version": 2})

    undone = client.post(reverse("admin:articles_autosave"), data | {"loaded_version": 2, "_accept": ""})

    assert (undone.json()["version"], undone.json()["reopened"]) == (3, 1)
    assert (answer.json()["version"], answer.json()["reopened"]) == (2, 0)
    assert answer.json()["texts"] == {"id_sections-0-body": ROPES.replace("five", "eight")}
    assert (again.status_code, again.json()["error"]) == (422, "editor has already decided on this edit: accepted.")


def test_a_dismissed_edit_changes_nothing(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", moderator)

    response = press(editor, draft, f"dismiss_edit:{thread.pk}")

    assert shown_in(response) == {}
    assert "Suggested edit: dismissed by editor" in press(editor, draft, "threads:all").text
    assert Revision.objects.get().version == 1


def test_an_edit_of_words_that_are_written_differently_shows_how(draft, moderator):
    response = press(moderator, draft, "comment", evidence_quote="dry. Wet", evidence_replacement="dry, wet")

    assert "it is written as below" in response.text
    assert "dry [00:06:31]. Wet</textarea>" in response.text
    assert Comment.objects.count() == 0


def test_a_passage_can_be_suggested_for_deletion(draft, moderator):
    press(moderator, draft, "comment", evidence_quote="Wet ropes hold less.", evidence_delete="1")

    assert SuggestedEdit.objects.get().replacement == ""


def test_the_author_of_a_text_in_review_is_told_to_wait(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", moderator)

    page = logged_in(editor).get(address(draft))
    refused = accept(editor, draft, thread)

    assert "Suggested edit" in page.text
    assert 'name="_accept"' not in page.text
    assert "Revision 1 is in review without this edit" in refused.text
    assert Revision.objects.count() == 1


def test_an_edit_that_makes_the_title_too_long_is_refused(draft, editor, moderator):
    thread = suggestion(draft, "On ropes.", "x" * 250, moderator)
    titled = margin.choose([margin.Field(None, True, "Ropes")], "Ropes")
    long = suggested_edits.suggest(draft, by=moderator, passage=titled, replacement="y" * 200)

    refused = accept(editor, draft, long, title="Ropes and knots")
    accept(editor, draft, thread)

    assert "This line would have 210 characters with the edit; at most 200 are allowed." in refused.text
    assert "Ropes and knots</textarea>" in refused.text
    assert (Revision.objects.get().title, Revision.objects.get().lead) == ("Ropes", "x" * 250)


def test_an_accepted_edit_says_in_which_revision_it_is(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", moderator)
    accept(editor, draft, thread)

    page = press(editor, draft, "threads:resolved")

    assert "Suggested edit: accepted by editor in revision 1" in page.text
