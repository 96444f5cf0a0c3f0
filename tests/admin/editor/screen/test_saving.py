"""Saving and submitting in the editor, also without scripts: nothing that was typed is lost."""

import re

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry

from articles import workflow
from articles.models import Article, Revision
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import LIST, change_url, sent_back
from tests.support.clients import messages_of
from tests.support.factories import (
    make_content,
    make_draft,
    make_episode,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


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
