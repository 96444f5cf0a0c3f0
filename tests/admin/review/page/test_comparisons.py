"""Drafts, previews and comparisons: who sees which text, and next to which."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles import workflow
from articles.models import Revision
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_episode, make_user
from tests.support.scenarios.reviewing import decide, page_of

pytestmark = pytest.mark.django_db


def test_a_draft_opens_in_the_editor(editor):
    draft = make_draft(by=editor)

    response = logged_in(editor).get(page_of(draft))

    assert response.status_code == 302
    assert response.url == f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}"


def test_preview_shows_editors_the_public_page(change, editor):
    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[change.pk]))

    assert f'data-article="sleep" data-revision="{change.number}"' in response.text
    assert "Preview of revision 2 (submitted). Readers can’t see it." in response.text
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_preview_names_the_writers_that_the_page_will_have(editor):
    draft = make_draft("naps", by=editor)

    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[draft.pk]))

    assert "<dt>Written</dt><dd>by editor</dd>" in response.text
    assert "author not recorded" not in response.text


def test_no_link_of_a_preview_leads_to_a_page_that_is_missing(change, editor):
    draft = make_draft(
        "naps", by=editor, sections=(SectionContent("Why", "Rest [00:06:31]."),), episode=make_episode("naps")
    )
    client = logged_in(editor)

    for revision, links in ((draft, 0), (change, 3)):
        text = client.get(reverse("admin:articles_revision_preview", args=[revision.pk])).text
        assert "Suggest a correction" in text
        own = {unescape(link) for link in re.findall(rf'href="(/articles/{revision.article.slug}/[^"#]*)', text)}
        assert len(own) >= links, own
        assert {link: client.get(link).status_code for link in own if client.get(link).status_code != 200} == {}


def test_the_preview_of_the_published_text_is_its_page(article, editor):
    response = logged_in(editor).get(reverse("admin:articles_revision_preview", args=[article.published_revision_id]))

    assert "This is revision 1, the published text." in response.text
    assert "Not reviewed" not in response.text


# Permissions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["change", "preview"])
def test_unpublished_revisions_need_the_permission_to_edit(change, client, name):
    address = reverse(f"admin:articles_revision_{name}", args=[change.pk])
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename="view_revision"))

    assert client.get(address).url == f"/admin/login/?next={address}"
    assert logged_in(make_user("nobody", groups=())).get(address).status_code == 403
    assert logged_in(viewer).get(address).status_code == 404


def test_a_viewer_compares_a_published_text_only_with_published_ones(article, change, moderator):
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename="view_revision"))
    published = page_of(article.published_revision)

    assert logged_in(viewer).get(published).status_code == 200
    hidden = logged_in(viewer).get(f"{published}?against={change.number}")
    missing = logged_in(viewer).get(f"{published}?against=99")
    assert [hidden.status_code, missing.status_code] == [404, 404]
    said = "This article has no revision {}. These are the citations of the whole text instead. Choose any two texts in the"
    for response, number in ((hidden, change.number), (missing, 99)):
        assert [str(message).split(" <a ")[0] for message in response.context["messages"]] == [said.format(number)]
        assert response.context["other"] is None
    assert logged_in(moderator).get(f"{published}?against={change.number}").status_code == 200


def test_a_revision_that_is_not_there_leads_to_the_usual_comparison_and_keeps_what_was_typed(change, moderator):
    address = f"{page_of(change)}?against=99"
    client = logged_in(moderator)

    shown = client.get(address)
    refused = decide(client, change, "reject", comment="  ", back=address, public_note="Half written")

    for response, status in ((shown, 404), (refused, 409)):
        assert (response.status_code, response.context["other"]) == (status, change.target)
        assert (
            "This article has no revision 99. This is the comparison with revision 1 instead. Choose any two texts in the "
            f'<a href="/admin/articles/article/{change.article_id}/history/">history</a>.'
        ) in response.text
    assert 'value="Half written"' in refused.text


@pytest.mark.parametrize("against", ["", "1", "2", "3", "4"])
def test_a_restored_text_can_be_compared_with_any_revision(article, change, editor, moderator, against):
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    client = logged_in(editor)
    client.post(reverse("admin:articles_article_restore", args=[article.pk]), {"number": 1})
    restored = Revision.objects.get(number=3)
    workflow.submit(restored, by=editor)

    response = logged_in(moderator).get(f"{page_of(restored)}?against={against}")

    assert response.status_code == (404 if against == "4" else 200)


def test_the_page_says_what_the_revision_replaces(article, change, editor, moderator):
    """Also of one that was overtaken, and once it has replaced it."""
    client = logged_in(moderator)
    overtaking = make_change(article, by=make_user("second"), title="Sleep at night")

    assert "Compared with revision 1, the published text, which it would replace." in client.get(page_of(change)).text
    decide(client, overtaking, "approve_and_publish")
    assert "Compared with revision 1, which it was to replace." in client.get(page_of(change)).text
    assert "Compared with revision 1, which it replaced." in client.get(page_of(overtaking)).text


def test_guessed_ids_are_not_found(moderator):
    client = logged_in(moderator)

    assert client.get("/admin/articles/revision/999/change/").status_code == 404
    assert client.get("/admin/articles/revision/x/change/").status_code == 404
    assert client.post("/admin/articles/revision/999/decide/", {"act": "approve"}).status_code == 404
