"""What the editor shows, whose text it opens, and who can see it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles import workflow
from articles.models import Article, LogEntry, Revision
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import LIST, change_url, sent_back
from tests.support.clients import messages_of
from tests.support.factories import (
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db


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
