"""Margin comments on a revision's page: choosing a passage, where a comment is shown, and filters."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Comment, CommentedPassage, SuggestedEdit
from articles.workflow.collaboration import comments, margin
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = pytest.mark.django_db

editor, moderator = shared(make_user), shared(make_moderator)
CHANGED = "A rope holds **eight** tons [00:06:31]. Wet ropes hold less, he says."


@shared
def change(editor, moderator):
    sections = (
        SectionContent("Ropes", "A rope holds five tons [00:06:31]. Wet ropes hold less, he says."),
        SectionContent("Knots", "Knots hold less [00:08:44]."),
    )
    article = make_published("ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections)  # fmt: skip
    return make_change(article, by=editor, sections=sections_of(article, Ropes=CHANGED))


def section_of(revision, heading="Ropes"):
    return f"section:{revision.section_set.get(heading=heading).key}"


def add(client, revision, place="", **values):
    fields = {f"{name}:{place}": value for name, value in values.items()} | {"place": place}
    return client.post(reverse("admin:articles_revision_comment", args=[revision.pk]), fields)


def on_passage(revision, words, by, text="Is it?"):
    passage = margin.choose(margin.fields_of(content_of(revision)), words)
    return margin.comment(revision, by=by, text=text, passage=passage)


def shown_in(response, heading):
    """The texts of the threads in a section of the comparison."""
    sections = [
        section
        for entry in response.context["shown"].sections
        for section in (entry.sections if hasattr(entry, "sections") else [entry])
    ]
    return [thread.text for section in sections if section.name == heading for thread in section.threads]


def test_words_as_readers_see_them_become_a_comment_on_the_source(change, moderator):
    client = logged_in(moderator)

    response = add(client, change, section_of(change), text="Eight?", quote="holds eight tons. Wet")

    thread = Comment.objects.get()
    assert response.url == f"{page_of(change)}#comment-{thread.pk}"
    assert (thread.text, thread.quote) == ("Eight?", "holds **eight** tons [00:06:31]. Wet")
    assert CommentedPassage.objects.get().comment == thread
    page = client.get(page_of(change))
    assert shown_in(page, "Ropes") == ["Eight?"]
    assert "Show in the text" in page.text
    assert "the passage was changed" not in page.text


def test_without_a_section_the_passage_is_looked_for_in_the_whole_text(change, moderator):
    add(logged_in(moderator), change, text="How much?", quote="Knots hold less")

    assert f"section:{Comment.objects.get().section_key}" == section_of(change, "Knots")


def test_what_is_around_the_selected_words_chooses_one_of_several(change, moderator):
    client = logged_in(moderator)

    refused = add(client, change, text="How much?", quote="hold less")
    add(client, change, text="How much?", quote="hold less", before="tons. Wet ropes", after=", he says")

    assert refused.status_code == 409
    assert f"section:{Comment.objects.get().section_key}" == section_of(change)


def test_a_refused_comment_keeps_the_passage_and_the_text(change, moderator):
    response = add(logged_in(moderator), change, section_of(change), text="My remark.", quote="not there")

    assert response.status_code == 409
    assert "The text doesn’t have this passage." in response.text
    assert "My remark.</textarea>" in response.text
    assert "not there</textarea>" in response.text
    assert Comment.objects.count() == 0


def test_a_comment_whose_passage_was_changed_says_so_with_the_old_words(editor, moderator):
    draft = make_draft("ropes", title="Ropes", by=editor, lead="A rope holds five tons, he says.", episode=make_episode(), sections=(SectionContent("Knots", "Knots [00:08:44]."),))  # fmt: skip
    thread = on_passage(draft, "five tons", moderator)
    gone = on_passage(draft, "Knots [", moderator, "Cut?")
    content = content_of(draft)
    sections = (SectionContent("Knots", "Nothing [00:08:44].", key=content.sections[0].key),)
    changed = {"lead": "A rope holds <eight> tons, he says.", "sections": sections}
    saved = workflow.save_draft(draft, type(content)(**{**vars(content), **changed}), by=editor, version=draft.version)
    workflow.submit(saved, by=editor)

    page = logged_in(moderator).get(page_of(saved))

    assert page.text.count("the passage was changed") == 2
    assert '<q dir="auto">&lt;eight&gt; tons</q>' in page.text
    assert "The text no longer has these words." in page.text
    assert {thread.pk, gone.pk} == {item.pk for item in page.context["discussion"].apart}


def test_open_and_resolved_comments_can_be_shown_alone(change, moderator):
    on_passage(change, "Wet ropes", moderator, "Open one")
    done = on_passage(change, "Knots hold", moderator, "Resolved one")
    comments.resolve(done, by=moderator)
    client = logged_in(moderator)

    for chosen, expected in (
        ("", {"Open one", "Resolved one"}),
        ("open", {"Open one"}),
        ("resolved", {"Resolved one"}),
    ):
        page = client.get(f"{page_of(change)}?comments={chosen}")
        shown = {*shown_in(page, "Ropes"), *shown_in(page, "Knots")}
        assert shown == expected, chosen
        assert "All comments (2)" in page.text
        assert "Open comments (1)" in page.text
        assert page.text.count('aria-current="true"') == 1


def test_replies_and_decisions_work_as_for_other_threads(change, editor, moderator):
    thread = on_passage(change, "Wet ropes", moderator)
    client = logged_in(editor)

    client.post(reverse("admin:articles_comment_answer", args=[change.pk, thread.pk]), {"text": "Yes."})
    client.post(reverse("admin:articles_comment_close", args=[change.pk, thread.pk, "resolve"]))

    thread.refresh_from_db()
    assert [reply.text for reply in thread.answers.all()] == ["Yes."]
    assert thread.resolved_by_name == "editor"


@pytest.mark.parametrize("count", [1, 3])
def test_passages_cost_one_query(change, moderator, django_assert_num_queries, count):
    for _ in range(count):
        on_passage(change, "Wet ropes", moderator)
    client = logged_in(moderator)

    with django_assert_num_queries(39):
        client.get(page_of(change))


# Suggested edits ----------------------------------------------------------------------------------


def test_an_edit_is_suggested_with_the_passage_and_shown_as_a_difference(change, moderator):
    client = logged_in(moderator)

    add(client, change, section_of(change), quote="Wet ropes hold less", replacement="Wet ropes hold far less")

    edit = SuggestedEdit.objects.get()
    assert (edit.comment.text, edit.replacement) == ("Suggested edit", "Wet ropes hold far less")
    page = client.get(page_of(change))
    assert '<ins><span class="visually-hidden">added: </span>far</ins>' in page.text
    assert "It can be accepted in a draft, in the editor." in page.text
    SuggestedEdit.objects.update(replacement="Erased")
    page = client.get(page_of(change))
    assert "What this edit suggests was erased, at least in part, so it can’t be accepted." in page.text
    assert "It can be accepted in a draft" not in page.text


def test_an_edit_needs_a_passage_and_a_comment_without_one_needs_words(change, moderator):
    client = logged_in(moderator)

    without_passage = add(client, change, replacement="New.")
    empty = add(client, change, quote="Wet ropes")

    assert "Choose the passage that you suggest to edit." in without_passage.text
    assert "New.</textarea>" in without_passage.text
    assert (without_passage.status_code, empty.status_code) == (400, 400)
    assert Comment.objects.count() == 0


def test_an_edit_of_what_readers_see_gets_the_passage_as_it_is_written(change, moderator):
    client = logged_in(moderator)

    refused = add(client, change, quote="holds eight tons. Wet", replacement="holds nine tons. Wet")
    written = "holds **eight** tons [00:06:31]. Wet"
    add(client, change, quote=written, replacement="holds nine tons [00:06:31]. Wet")

    assert refused.status_code == 409
    assert f"{written}</textarea>" in refused.text
    assert SuggestedEdit.objects.get().comment.quote == written


def test_a_passage_is_suggested_for_deletion(change, moderator):
    add(logged_in(moderator), change, quote=", he says", delete="1", text="Who?")

    edit = SuggestedEdit.objects.get()
    assert (edit.replacement, edit.comment.quote, edit.comment.text) == ("", ", he says", "Who?")
