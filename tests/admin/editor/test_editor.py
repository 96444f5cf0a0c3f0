import re
from datetime import UTC, datetime
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.admin.editor.conflicts import compare
from articles.admin.editor.forms import ArticleForm
from articles.core.diff import Run
from articles.models import Article, Episode, LogEntry, Rendering, Revision, Show
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import messages_of
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def change_url(article, revision=None):
    url = reverse("admin:articles_article_change", args=[article.pk])
    return f"{url}?revision={revision.pk}" if revision else url


def sent_back(response, **changes):
    """What a browser without scripts sends when a page's form is submitted with `changes`."""
    form = response.context["form"]
    data = {}
    for part in [form.text, *form.sources.forms, *form.sections.forms]:
        for field in part:
            if (value := field.value()) not in (None, False):
                data[field.html_name] = field.field.prepare_value(value)
    for formset in (form.sources, form.sections):
        data |= {field.html_name: field.value() for field in formset.management_form}
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


# What is shown ------------------------------------------------------------------------------------


def test_published_text_is_shown_and_a_draft_begins_from_it(editor_client, editor):
    article = make_published(by=editor)
    published = article.published_revision
    page = editor_client.get(change_url(article))

    response = editor_client.post(change_url(article), sent_back(page, lead="Another lead.", _save=""))

    draft = Revision.objects.get(number=2)
    assert page.context["revision"] == published
    assert response.status_code == 302
    assert response.url == change_url(article, draft)
    assert messages_of(response) == ["Saved as revision 2. The published text hasn’t changed."]
    assert (draft.status, draft.author, draft.base, draft.lead) == ("draft", editor, published, "Another lead.")
    assert Article.objects.get().published_revision == published
    assert Revision.objects.get(number=1).lead == "What a night of sleep does."
    assert [section.key for section in draft.section_set.all()] == [
        section.key for section in published.section_set.all()
    ]


def test_own_draft_is_shown_before_the_published_text(editor_client, editor):
    article = make_published(by=editor)
    draft = workflow.start_draft(article, make_content(), by=editor, base=article.published_revision)

    assert editor_client.get(change_url(article)).context["revision"] == draft


def test_latest_revision_is_shown_where_nothing_is_published(editor_client):
    draft = make_draft(by=make_user("rita"))

    assert editor_client.get(change_url(draft.article)).context["revision"] == draft


def test_another_draft_is_opened_by_its_address_and_saved_as_it_is(editor_client):
    rita = make_user("rita")
    article = make_published(by=rita)
    draft = workflow.start_draft(article, make_content(), by=rita, base=article.published_revision)
    page = editor_client.get(change_url(article, draft))

    response = editor_client.post(change_url(article), sent_back(page, title="Ours", _save=""))

    draft.refresh_from_db()
    assert response.url == change_url(article, draft)
    assert (draft.title, draft.author_name, draft.saved_by_name, draft.version) == ("Ours", "rita", "editor", 2)


def test_draft_begins_from_an_older_revision(editor_client, editor):
    article = make_published(by=editor)
    first = article.published_revision
    second = workflow.start_draft(article, make_content(title="Second", edit_summary="x"), by=editor, base=first)
    workflow.submit(second, by=editor)
    workflow.approve(second, by=make_moderator("other"))
    workflow.publish(second, by=make_moderator("third"))
    page = editor_client.get(change_url(article, first))

    editor_client.post(change_url(article), sent_back(page, _save=""))

    third = Revision.objects.get(number=3)
    assert (third.base, third.title, third.target) == (first, "Sleep", second)


def test_page_lists_the_revisions_of_the_article(editor_client, editor):
    article = make_published(by=editor)
    rita, first = make_user("rita"), article.published_revision
    draft = workflow.start_draft(article, make_content(edit_summary="x"), by=rita, base=first)
    second = workflow.start_draft(article, make_content(edit_summary="y"), by=editor, base=first)
    workflow.submit(second, by=editor)

    page = editor_client.get(change_url(article))
    everything = editor_client.get(reverse("admin:articles_revision_changelist"), {"article": article.pk})

    assert page.context["revisions"] == [draft, second, first]
    assert f'href="{reverse("admin:articles_revision_change", args=[draft.pk])}"' in page.content.decode()
    assert set(everything.context["cl"].result_list) == {draft, second, first}


def test_page_shows_missing_problems_citations_and_share(editor_client, editor):
    episode = make_episode(duration_seconds=3600, chapters=[(0, "Opening"), (300, "Why")], youtube_id="abcdefghijk")
    draft = make_draft(
        by=editor,
        episode=episode,
        lead="",
        sections=(
            SectionContent("", "One claim [00:06:31]. No claim."),
            SectionContent("Late", "Too late [07:54:00].\n\nStill [00:00:10-00:00:20]."),
        ),
    )

    reading = editor_client.get(change_url(draft.article)).context["reading"]

    assert reading.missing == ["Give section 1 a heading, or merge it into the section above."]
    assert [
        (one.flag.code, one.edit.replacement, one.place.field, one.place.line) for one in flags_in(reading.panel)
    ] == [("past-end", "[00:07:54]", "id_sections-1-body", 1)]
    assert [(one.label, one.text, one.chapter, one.url) for one in claims_in(reading.panel)] == [
        ("06:31", "One claim.", "Why", "https://www.youtube.com/watch?v=abcdefghijk&t=391s"),
        ("00:10–00:20", "Still.", "Opening", "https://www.youtube.com/watch?v=abcdefghijk&t=10s"),
    ]
    assert [card.summary for card in reading.sections] == [
        "1 of 2 sentences cited, no issues",
        "1 of 2 sentences cited, 1 issue",
    ]
    assert reading.to_do == ("1 thing required before submitting, 1 issue. 2 of 4 sentences cited.")


# Saving -------------------------------------------------------------------------------------------


def test_new_article_is_written_without_scripts(editor_client, editor):
    episode = make_episode()
    page = editor_client.get(LIST + "add/")

    response = editor_client.post(
        LIST + "add/",
        sent_back(
            page,
            title="Naps",
            lead="Short sleep [00:10:00].",
            episode="night-talks/on-sleep",
            sections__0__heading="When",
            sections__0__body="After lunch [00:20:00].",
            sections__0__level="2",
        ),
    )

    draft = Revision.objects.get()
    assert response.url == change_url(draft.article, draft)
    assert (draft.article.slug, draft.title, draft.author, draft.citation_count) == ("naps", "Naps", editor, 2)
    assert content_of(draft).sources[0].episode == episode
    assert [(s.heading, s.level, s.body) for s in draft.section_set.all()] == [("When", 2, "After lunch [00:20:00].")]


def test_sections_are_moved_removed_and_added_without_scripts(editor_client, editor):
    sections = (SectionContent("A", "a"), SectionContent("B", "b"), SectionContent("C", "c"))
    draft = make_draft(by=editor, sections=sections)
    page = editor_client.get(change_url(draft.article))

    editor_client.post(
        change_url(draft.article),
        sent_back(
            page,
            sections__0__ORDER="5",
            sections__1__DELETE="on",
            sections__3__heading="New",
            sections__3__ORDER="4",
        ),
    )

    assert [section.heading for section in draft.section_set.all()] == ["C", "New", "A"]


OUTLINE = [("Tides", 1), ("Springs", 2), ("Moon", 3), ("Neaps", 2), ("Boats", 1), ("Oars", 2)]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"sections__0__ORDER": "5"}, "Boats1 Oars2 Tides1 Springs2 Moon3 Neaps2"),
        ({"sections__4__ORDER": "1"}, "Boats1 Oars2 Tides1 Springs2 Moon3 Neaps2"),
        ({"sections__4__ORDER": "3"}, "Tides1 Springs2 Moon3 Neaps2 Boats1 Oars2"),  # not into another branch
        ({"sections__1__ORDER": "4"}, "Tides1 Neaps2 Springs2 Moon3 Boats1 Oars2"),
        ({"sections__2__ORDER": "6", "sections__2__level": "2"}, "Tides1 Springs2 Neaps2 Boats1 Oars2 Moon2"),
        ({"sections__0__ORDER": "6", "sections__1__ORDER": "1"}, "Springs2 Moon3 Boats1 Oars2 Tides1 Neaps2"),
        ({"sections__0__level": "2"}, "Tides2 Springs3 Moon4 Neaps3 Boats1 Oars2"),
        ({"sections__1__level": "1"}, "Tides1 Springs1 Moon2 Neaps2 Boats1 Oars2"),
        ({"sections__0__level": "2", "sections__2__level": "2"}, "Tides2 Springs3 Moon2 Neaps3 Boats1 Oars2"),
        ({"sections__1__DELETE": "on", "sections__2__level": "2"}, "Tides1 Moon2 Neaps2 Boats1 Oars2"),
        (
            {"sections__6__heading": "Ropes", "sections__6__level": "2", "sections__6__ORDER": "4"},
            "Tides1 Springs2 Moon3 Ropes2 Neaps2 Boats1 Oars2",
        ),
        ({"sections__6__heading": "Ropes"}, "Tides1 Springs2 Moon3 Neaps2 Boats1 Oars2 Ropes1"),
    ],
)
def test_without_scripts_subsections_follow_their_section(editor_client, editor, sent, expected):
    draft = make_draft(by=editor, sections=[SectionContent(heading, "x", level) for heading, level in OUTLINE])
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(change_url(draft.article), sent_back(page, **sent))

    assert response.status_code == 302
    assert " ".join(f"{section.heading}{section.level}" for section in draft.section_set.all()) == expected


def test_without_scripts_sections_are_not_shifted_below_the_lowest_level(editor_client, editor):
    draft = make_draft(by=editor, sections=[SectionContent(f"Part {level}", "x", level) for level in (1, 2, 3, 4, 5)])
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(change_url(draft.article), sent_back(page, sections__0__level="2"))

    message = "This section would follow the one above it to level 6; the lowest is 5."
    assert message in response.text
    assert [section.level for section in draft.section_set.all()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", ["second", "9" * 5000])
def test_without_scripts_a_position_that_is_no_number_is_refused_and_kept(editor_client, editor, order):
    draft = make_draft(by=editor, sections=[SectionContent(heading, "x", level) for heading, level in OUTLINE])
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(change_url(draft.article), sent_back(page, sections__0__ORDER=order))

    assert response.status_code == 200
    assert f'value="{order}"' in response.text


def test_what_followed_without_scripts_does_not_follow_again_when_another_field_is_refused(editor_client, editor):
    draft = make_draft(by=editor, sections=[SectionContent(heading, "x", level) for heading, level in OUTLINE])
    url = change_url(draft.article)
    page = editor_client.get(url)

    sent = {"sections__4__ORDER": "1", "sections__4__level": "2", "slug": "not a slug"}
    refused = editor_client.post(url, sent_back(page, **sent))
    saved = editor_client.post(url, sent_back(refused, slug="harbour"))

    assert (refused.status_code, saved.status_code) == (200, 302)
    outline = " ".join(f"{section.heading}{section.level}" for section in draft.section_set.all())
    assert outline == "Boats2 Oars3 Tides1 Springs2 Moon3 Neaps2"


def test_incomplete_draft_is_saved(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(
        change_url(draft.article), sent_back(page, title="", lead="", sections__0__heading="", _save="")
    )

    draft.refresh_from_db()
    assert response.status_code == 302
    assert (draft.title, draft.lead, draft.version) == ("", "", 2)


@pytest.mark.parametrize("button", ["_save", "_submit"])
@pytest.mark.parametrize("is_published", [True, False], ids=["published", "draft"])
def test_text_is_saved_and_the_episode_that_is_not_found_stays_typed(editor_client, editor, button, is_published):
    make = make_published if is_published else make_draft
    made = make(by=editor, episode=make_episode())
    article = made if is_published else made.article
    page = editor_client.get(change_url(article))
    changes = {"lead": "Last words.", "episode": "Nobody’s talk", "sections__0__heading": "Naps", button: ""}

    response = editor_client.post(change_url(article), sent_back(page, **changes))

    draft = Revision.objects.get(status="draft")
    text = response.text
    assert response.status_code == 200
    assert "Saved, except the episode." in text
    assert "Not saved." not in text
    assert ("Not submitted for review." in text) is (button == "_submit")
    assert 'value="Nobody’s talk"' in text
    assert re.search(r'id="id_episode_error">There is no episode “Nobody’s talk”', text)
    assert f'action="{change_url(article, draft)}"' in text
    assert (draft.lead, draft.section_set.get().heading) == ("Last words.", "Naps")
    assert [source.episode.slug for source in content_of(draft).sources] == ["on-sleep"]

    again = {"episode": "night-talks/on-sleep", "edit_summary": "Said better.", button: ""}
    response = editor_client.post(change_url(article, draft), sent_back(response, **again))

    after = Revision.objects.get(pk=draft.pk)
    assert response.status_code == 302
    assert after.status == ("submitted" if button == "_submit" else "draft")
    assert content_of(after).sections[0].key == content_of(draft).sections[0].key


def test_new_article_is_saved_without_the_episode_and_continued(editor_client):
    page = editor_client.get(LIST + "add/")
    typed = {"title": "Naps", "sections__0__heading": "When", "sections__0__body": "Noon.", "episode": "Nobody"}

    response = editor_client.post(LIST + "add/", sent_back(page, **typed, _save=""))
    draft = Revision.objects.get()
    response = editor_client.post(change_url(draft.article), sent_back(response, episode="", _save=""))

    assert response.url == change_url(draft.article, draft)
    assert (Revision.objects.count(), draft.slug, draft.section_set.count()) == (1, "naps", 1)


def test_conflict_keeps_the_episode_as_typed(editor_client, editor):
    draft = make_draft(by=editor, episode=make_episode())
    page = editor_client.get(change_url(draft.article))
    workflow.save_draft(draft, make_content(lead="Theirs."), by=make_user("second"), version=1)

    response = editor_client.post(change_url(draft.article), sent_back(page, episode="Nobody", lead="Mine.", _save=""))
    over = response.context["conflict"]["over"]
    saved = editor_client.post(change_url(draft.article), sent_back(response, _over=over))

    assert response.status_code == 409
    for shown in (response, saved):
        assert 'value="Nobody"' in shown.text
        assert "There is no episode “Nobody”." in shown.text
    assert "Saved, except the episode." in saved.text
    assert Revision.objects.get().lead == "Mine."


def test_submitting_saves_first(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(change_url(draft.article), sent_back(page, lead="Last words.", _submit=""))

    draft.refresh_from_db()
    assert (draft.status, draft.lead) == ("submitted", "Last words.")
    assert response.url == LIST
    assert messages_of(response) == ["Submitted for review: “Sleep”, revision 1."]


def test_submitting_an_incomplete_text_saves_it_and_lists_what_is_missing(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(change_url(draft.article), sent_back(page, title="", lead="Last words.", _submit=""))

    draft.refresh_from_db()
    assert (draft.status, draft.lead) == ("draft", "Last words.")
    assert response.url == change_url(draft.article, draft) + "#missing"
    assert messages_of(response) == ["Saved, but not submitted. Give the article a title."]


def test_refused_form_comes_back_with_all_that_was_typed(editor_client, editor):
    make_draft("taken", by=editor)
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))

    response = editor_client.post(
        change_url(draft.article),
        sent_back(page, slug="taken", lead="New <b>lead</b>", sections__0__body="New text", _save=""),
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert response.context["form"].text.errors == {
        "slug": ["Another article, “Sleep”, already uses the slug “taken”. Choose a different one."]
    }
    assert f'href="{change_url(Article.objects.get(slug="taken"))}" target="_blank">Open the other article</a>' in html
    assert "New &lt;b&gt;lead&lt;/b&gt;" in html
    assert "New text" in html
    assert '<div class="alert" role="alert" tabindex="-1" data-focus>' in html
    assert Revision.objects.get(pk=draft.pk).lead == "What a night of sleep does."


def test_saving_is_in_the_log_of_the_admin(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    editor_client.post(change_url(draft.article), sent_back(page, _save=""))

    assert [entry.change_message for entry in AdminEntry.objects.all()] == ["Revision 1 saved."]


# Concurrent edits ---------------------------------------------------------------------------------


def test_second_to_save_is_shown_both_texts_and_overwrites_nothing(editor_client, editor):
    rita = make_user("rita", first_name="Rita", last_name="Moreau")
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    mine = sent_back(page, lead="My lead.", _save="")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=rita, version=1)

    response = editor_client.post(change_url(draft.article), mine)

    draft.refresh_from_db()
    conflict = response.context["conflict"]
    saved = f"{draft.saved_at:%H:%M on %-d %b %Y}"
    assert response.status_code == 409
    assert conflict["message"] == (
        f"Rita Moreau saved this draft at {saved}, after you opened it. Your changes weren’t saved."
    )
    assert [(d.label, d.mine, d.theirs) for d in conflict["differences"] if d.label == "Lead"] == [
        ("Lead", "My lead.", "Her lead.")
    ]
    assert response.context["form"].text["lead"].value() == "My lead."
    assert draft.lead == "Her lead."
    assert response.context["form"].text["loaded_version"].value() == "1"


def test_a_conflict_with_ones_own_other_window_is_called_that(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    workflow.save_draft(draft, make_content(lead="There."), by=editor, version=1)

    html = editor_client.post(change_url(draft.article), sent_back(page, lead="Here.", _save="")).content.decode()

    assert "you saved another version in the meantime" in html
    for label in ("In this window", "Saved by you in another window", "Use this", "Save this text over it"):
        assert label in html
    assert "Discard this text and open the saved one" in html
    assert "their version" not in html
    assert "heirs</button>" not in html


@pytest.mark.parametrize(
    ("close", "what", "text"),
    [
        (partial(workflow.discard, version=1), "this draft was discarded", "Discarded text"),
        (workflow.submit, "this draft was submitted", "Submitted text"),
    ],
)
def test_a_conflict_with_a_text_that_is_no_draft_any_more_says_so(editor_client, editor, close, what, text):
    draft = make_draft(by=editor, title="Why we nap")
    page = editor_client.get(change_url(draft.article))
    close(draft, by=editor)

    response = editor_client.post(change_url(draft.article), sent_back(page, lead="Here.", _save=""))

    html = response.content.decode()
    assert response.status_code == 409
    assert "<title>Not saved: Why we nap |" in html
    for label in (what, text, "then start a new draft with your text.", "Start a new draft with my text", "Use this"):
        assert label in html
    for label in ("in the meantime", "over it", "another window", "open the saved one"):
        assert label not in html


def test_mine_is_saved_over_theirs_only_when_asked_for(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    mine = sent_back(page, lead="My lead.")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=make_user("rita"), version=1)
    refused = editor_client.post(change_url(draft.article), mine | {"_save": ""})

    again = editor_client.post(change_url(draft.article), mine | {"_save": ""})
    over = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    draft.refresh_from_db()
    assert (again.status_code, over.status_code) == (409, 302)
    assert (draft.lead, draft.version) == ("My lead.", 3)


def test_mine_over_theirs_is_refused_when_they_saved_once_more(editor_client, editor):
    rita = make_user("rita")
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)), lead="My lead.")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=rita, version=1)
    refused = editor_client.post(change_url(draft.article), mine)
    workflow.save_draft(draft, make_content(lead="Her second lead."), by=rita, version=2)

    response = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    draft.refresh_from_db()
    assert response.status_code == 409
    assert draft.lead == "Her second lead."


def test_page_left_open_does_not_begin_a_second_draft(editor_client, editor):
    article = make_published(by=editor)
    page = editor_client.get(change_url(article))
    first = editor_client.post(change_url(article), sent_back(page, lead="First tab.", _save=""))

    second = editor_client.post(change_url(article), sent_back(page, lead="Second tab.", _save=""))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Revision.objects.get(number=2).lead == "First tab."
    assert Revision.objects.count() == 2


def test_text_of_a_draft_that_was_submitted_meanwhile_goes_into_a_new_one(editor_client, editor):
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)), lead="My lead.")
    workflow.submit(draft, by=editor)
    refused = editor_client.post(change_url(draft.article), mine | {"_save": ""})

    response = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    new = Revision.objects.get(number=2)
    assert refused.status_code == 409
    assert "Revision 1 was submitted for review (editor, " in refused.context["conflict"]["message"]
    assert response.status_code == 302
    assert (new.base, new.lead, new.status) == (draft, "My lead.", "draft")
    assert Revision.objects.get(pk=draft.pk).lead == "What a night of sleep does."


def test_compare_lists_differences_by_field_and_section(editor):
    kept, gone, moved = SectionContent("Kept", "Old text."), SectionContent("Gone", "x"), SectionContent("Moved", "y")
    draft = make_draft(by=editor, sections=(kept, gone, moved))
    base = content_of(draft)
    form = ArticleForm(content=base, revision=draft)
    first, second, third = base.sections
    theirs = make_content(
        title="Their title",
        sections=(third, SectionContent("Kept", "New text.", 2, first.key), SectionContent("Added", "z")),
    )

    differences = compare(form, base, theirs)

    assert [(d.label, d.field, d.mine, d.theirs) for d in differences] == [
        ("Title", "id_title", "Sleep", "Their title"),
        ("Kept: level", "id_sections-0-level", "1", "2"),
        ("Kept: text", "id_sections-0-body", "Old text.", "New text."),
        ("Gone: section only in this text", "", "Gone\n\nx", None),
        ("Added: section only in the saved text", "", None, "Added\n\nz"),
        ("Section order", "", "Kept\nMoved", "Moved\nKept"),
    ]
    assert differences[2].mine_runs == [Run("delete", "Old"), Run("equal", " text.")]
    assert differences[2].theirs_runs == [Run("insert", "New"), Run("equal", " text.")]
    assert second.key


def test_their_text_is_escaped(editor_client, editor):
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)))
    workflow.save_draft(draft, make_content(lead="<script>alert(1)</script>"), by=make_user("rita"), version=1)

    html = editor_client.post(change_url(draft.article), mine).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html.replace("<del>", "").replace("</del>", "")


# Permissions --------------------------------------------------------------------------------------


def make_viewer(username="viewer"):
    viewer = make_user(username, groups=())
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    return viewer


def test_viewer_reads_only_the_published_text(client, editor):
    article = make_published(by=editor)
    draft = workflow.start_draft(article, make_content(title="Secret"), by=editor, base=article.published_revision)
    unpublished = make_draft("hidden", by=editor)
    client.force_login(make_viewer())

    page = client.get(change_url(article))

    assert page.context["revision"] == article.published_revision
    assert b"Secret" not in page.content
    assert b"Save draft" not in page.content
    assert b'<fieldset class="editor__fields" disabled>' in page.content
    assert client.get(change_url(article, draft)).status_code == 404
    assert client.get(change_url(unpublished.article)).status_code == 404
    assert client.get(LIST + "add/").status_code == 403
    assert client.post(change_url(article), sent_back(page)).status_code == 403
    assert [row.slug for row in client.get(LIST).context["cl"].result_list] == ["sleep"]


def test_anonymous_has_to_log_in(client, editor):
    draft = make_draft(by=editor)

    for url in (LIST, LIST + "add/", change_url(draft.article)):
        response = client.get(url)
        assert (response.status_code, response.url) == (302, f"/admin/login/?next={url}")


@pytest.mark.parametrize("revision", ["999", "x", "-1"])
def test_guessed_ids_are_not_found(editor_client, editor, revision):
    draft = make_draft(by=editor)

    assert editor_client.get(LIST + "999/change/").status_code == 404
    assert editor_client.get(f"{change_url(draft.article)}?revision={revision}").status_code == 404


def test_revision_of_another_article_is_not_found(editor_client, editor):
    draft, other = make_draft(by=editor), make_draft("other", by=editor)
    page = editor_client.get(change_url(draft.article))

    shown = editor_client.get(change_url(draft.article, other))
    saved = editor_client.post(change_url(draft.article), sent_back(page, loaded_revision=str(other.pk)))

    assert (shown.status_code, saved.status_code) == (404, 404)


def test_articles_are_not_deleted(editor_client, editor):
    draft = make_draft(by=editor)

    response = editor_client.post(reverse("admin:articles_article_delete", args=[draft.article.pk]), {"post": "yes"})

    assert response.status_code == 403


def test_looking_changes_nothing(editor_client, editor):
    draft = make_draft(by=editor)

    def rows():
        return list(Revision.objects.values()), list(Article.objects.values()), list(LogEntry.objects.values())

    before = rows()

    editor_client.get(change_url(draft.article))
    editor_client.get(LIST)

    assert rows() == before


# Preview and check --------------------------------------------------------------------------------


def preview(client, content, source=(), **query):
    return client.post(reverse("admin:articles_preview", query=query), {"content": content, "source": source})


def test_preview_equals_the_public_rendering(editor_client, editor):
    episode = make_episode(chapters=[(0, "Opening")])
    body = "A claim [00:06:31] and [[naps]].[^1]\r\n\r\n## Deeper\n\n[^1]: A note."
    make_published("naps", by=editor)
    article = make_published(by=editor, episode=episode, sections=(SectionContent("One", body),))

    response = preview(editor_client, body, source="e1:night-talks/on-sleep", level="1", prefix="s1")

    public = Rendering.objects.get(revision=article.published_revision).text_html
    assert response.status_code == 200
    assert 'id="c-391"' in response.text
    assert 'href="/articles/naps/"' in response.text
    # Only readers get links from paragraphs to themselves.
    public = re.sub(r' id="p-[^"]*"|<a class="anchor" href="#p-[^>]*>¶</a>', "", public)
    assert response.text.strip() in public


def test_preview_follows_the_sources_of_the_form(editor_client):
    make_episode("a", youtube_id="aaaaaaaaaaa")
    make_episode("b", youtube_id="bbbbbbbbbbb")

    response = preview(editor_client, "[00:00:01] [e2 00:00:02]", source=["e1:night-talks/b", "e2:night-talks/a"])

    links = re.findall(r'href="([^"]+)" data-episode="([^"]+)"', response.text)
    assert links == [
        ("https://www.youtube.com/watch?v=bbbbbbbbbbb&amp;t=1s", "night-talks/b"),
        ("https://www.youtube.com/watch?v=aaaaaaaaaaa&amp;t=2s", "night-talks/a"),
    ]


def test_preview_knows_a_thousand_sources(editor_client, django_assert_num_queries):
    make_episode("first")
    show = Show.objects.get()
    Episode.objects.bulk_create(
        Episode(show=show, slug=f"night-{number}", title=f"Night {number}", duration_seconds=3600)
        for number in range(2, 1001)
    )
    sources = ["e1:night-talks/first", *(f"e{number}:night-talks/night-{number}" for number in range(2, 1001))]

    with django_assert_num_queries(6):  # session, account, two of permissions, episodes, their chapters
        response = preview(editor_client, "[00:00:01] [e1000 00:00:02]", source=sources, level="1")

    assert response.status_code == 200
    assert re.findall(r'data-episode="([^"]+)"', response.text) == ["night-talks/first", "night-talks/night-1000"]


def test_preview_is_refused_in_plain_text(client, editor_client, settings):
    settings.PREVIEW_MAX_CHARACTERS = 10
    missing = editor_client.post(reverse("admin:articles_preview"))
    long = preview(editor_client, "x" * 11)
    fits = preview(editor_client, "x" * 10)
    got = editor_client.get(reverse("admin:articles_preview"))
    anonymous = preview(Client(), "text")
    client.force_login(make_viewer())
    viewer = preview(client, "text")

    assert [(r.status_code, r.text) for r in (missing, long, anonymous, viewer)] == [
        (400, "The text is missing. Send it as “content”."),
        (413, "This text is too long for a preview: the limit is 10 characters."),
        (403, "You are no longer logged in. Log in again in another tab; your changes here are kept."),
        (403, "You don’t have permission to edit articles."),
    ]
    assert {r.headers["Content-Type"] for r in (missing, long, anonymous, viewer)} == {"text/plain; charset=utf-8"}
    assert (fits.status_code, got.status_code) == (200, 405)


def test_preview_and_check_need_the_csrf_token(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    assert preview(client, "text").status_code == 403
    assert client.post(reverse("admin:articles_check")).status_code == 403


def test_check_reads_the_submitted_form(editor_client, editor):
    draft = make_draft(by=editor)
    data = sent_back(editor_client.get(change_url(draft.article)))
    data |= {"title": "", "sections-0-heading": "Renamed", "sections-0-body": "Broken [00:75:12]."}

    response = editor_client.post(reverse("admin:articles_check"), data | {"article": draft.article.pk})

    reading = response.context["reading"]
    assert response.status_code == 200
    assert [card.heading for card in reading.sections] == ["Renamed"]
    assert [one.flag.code for one in flags_in(reading.panel)] == ["malformed"]
    assert reading.missing == ["Give the article a title.", "Choose the episode that the timestamps belong to."]
    assert re.findall(r'data-part="([^"]+)"', response.text) == [
        "outline",
        "threads",
        "panel",
        "evidence",
        "todo",
        "summary-sections-0",
        "summary-sections-1",
    ]
    assert Revision.objects.get().title == "Sleep"


@pytest.mark.parametrize("data", [{}, {"sections-TOTAL_FORMS": "x"}, {"title": "a", "sections-TOTAL_FORMS": "99999"}])
def test_check_answers_whatever_is_sent(editor_client, data):
    assert editor_client.post(reverse("admin:articles_check"), data).status_code == 200


def test_episodes_are_found_by_every_word(editor_client):
    make_episode("on-sleep")
    make_episode("on-light", handle="day-talks")

    def found(q):
        return editor_client.get(reverse("admin:articles_episodes"), {"q": q}).json()

    assert found("on light") == {"episodes": ["On light · day-talks/on-light"]}
    assert found("night") == {"episodes": ["On sleep · night-talks/on-sleep"]}
    assert found("on nothing") == {"episodes": []}
    assert Client().get(reverse("admin:articles_episodes")).status_code == 403


# The list, and query counts -----------------------------------------------------------------------


def test_list_shows_state_and_work(editor_client, editor):
    late = (SectionContent("Late", "Said [00:06:31]. Not said [07:54:00]."),)
    article = make_published(by=editor, episode=make_episode(), sections=late)
    workflow.start_draft(article, make_content(), by=editor, base=article.published_revision)

    page = editor_client.get(LIST)

    row = page.context["cl"].result_list[0]
    model_admin = page.context["cl"].model_admin
    assert [model_admin.state(row), model_admin.at_work(row), model_admin.cited(row)] == [
        "published, revision 1",
        "1 draft",
        "1 of 3, 1 invalid timestamp",
    ]


def test_list_shows_what_is_approved_and_what_is_scheduled(editor_client, editor):
    moderator = make_moderator()
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    workflow.approve(make_change(article, by=editor, lead="One."), by=moderator)
    planned = workflow.approve(make_change(article, by=make_user("other"), lead="Two."), by=moderator)
    workflow.schedule(planned, by=moderator, publish_at=datetime(2100, 1, 30, 9, tzinfo=UTC))

    changelist = editor_client.get(LIST).context["cl"]

    assert changelist.model_admin.at_work(changelist.result_list[0]) == "1 approved, scheduled for 30 Jan 2100, 09:00"


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"q": "What a day"}, ["day"]),
        ({"q": "slee"}, ["sleep"]),
        ({"state": "published"}, ["sleep"]),
        ({"state": "unpublished"}, ["day"]),
        ({"state": "draft"}, ["day"]),
        ({"state": "waiting"}, []),
        ({"state": "problems"}, ["sleep"]),
        ({"notice": "health"}, []),
        ({"notice": "none"}, ["sleep"]),
    ],
)
def test_list_is_searched_and_filtered(editor_client, editor, query, slugs):
    late = (SectionContent("Late", "Said [00:06:31]. Not said [07:54:00]."),)
    make_published(by=editor, episode=make_episode(), sections=late)
    make_draft("day", by=editor, title="What a day is for")

    page = editor_client.get(LIST, query)

    assert [row.slug for row in page.context["cl"].result_list] == slugs


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    for number in range(count):
        make_published(f"sleep-{number}", by=editor)

    with django_assert_num_queries(11):  # two of them for the saved views and the shows to filter by
        editor_client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_screen_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    episode = make_episode(chapters=[(0, "Opening")])
    sections = tuple(SectionContent(f"S {number}", f"Text [00:0{number}:00] [[naps]].") for number in range(count))
    article = make_published(by=editor, episode=episode, sections=sections)

    with django_assert_num_queries(26):
        editor_client.get(change_url(article))


@pytest.mark.parametrize("count", [1, 3])
def test_check_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    episode = make_episode(chapters=[(0, "Opening")])
    sections = tuple(SectionContent(f"S {number}", f"Text [00:0{number}:00] [[naps]].") for number in range(count))
    draft = make_draft(by=editor, episode=episode, sections=sections)
    data = sent_back(editor_client.get(change_url(draft.article))) | {"article": draft.article.pk}

    with django_assert_num_queries(19):
        editor_client.post(reverse("admin:articles_check"), data)
