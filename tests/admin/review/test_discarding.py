"""The page that says what discarding a draft means, the ways there, and the lists that a discarded draft leaves."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from articles.workflow.content import content_of
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_draft, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def client(editor):
    return logged_in(editor)


def page_of(draft):
    return reverse("admin:articles_revision_discard", args=[draft.pk])


def send(client, draft, **values):
    return client.post(page_of(draft), {"version": draft.version} | values)


def slugs(client, query=""):
    return [row.slug for row in client.get(LIST + query).context["cl"].result_list]


def test_the_page_says_what_is_lost_and_discards(client, editor):
    draft = make_draft("naps", by=editor, title="Naps <now>")
    workflow.share(draft, by=editor, days=1)

    html = client.get(page_of(draft)).content.decode()
    assert 'Discard the draft of “<span dir="auto">Naps &lt;now&gt;</span>”?' in html
    assert "1 link that shares it stops working." in html
    assert "The article has no other text." in html
    assert "its slug “naps” becomes free" in html
    assert "The published text stays as it is." not in html
    assert 'name="reason"' not in html

    response = send(client, draft)
    history = reverse("admin:articles_article_history", args=[draft.article_id])
    assert response.url == reverse("admin:index")
    assert messages_of(response) == [
        f'Draft discarded: “Naps &lt;now&gt;”, revision 1. It can be restored from the <a href="{history}">history</a>.'
    ]
    assert Revision.objects.get().status == "discarded"


def test_of_a_published_article_only_the_draft_goes(client, editor):
    article = make_published("naps", by=editor)
    published = article.published_revision
    draft = workflow.start_draft(article, content_of(published), by=editor, base=published)

    html = client.get(page_of(draft)).content.decode()
    assert "The published text stays as it is." in html
    assert "The article has no other text." not in html
    send(client, draft)

    assert slugs(client) == ["naps"]
    assert slugs(client, "?state=draft") == []
    assert slugs(client, "?state=discarded") == []


def test_a_discarded_article_leaves_lists_and_completions_and_is_restored_from_its_history(client, editor):
    make_draft("dreams", by=editor)
    draft = make_draft("naps", by=editor, title="Naps")
    send(client, draft)

    article = Article.objects.get(pk=draft.article_id)
    assert slugs(client) == ["dreams"]
    assert slugs(client, "?state=unpublished") == ["dreams"]
    assert slugs(client, "?q=Naps") == []
    assert slugs(client, "?state=discarded") == [article.slug]
    found = client.post(reverse("admin:articles_completions"), {"q": "Naps"}).json()["articles"]
    assert found == []
    assert client.get(reverse("admin:index")).context["work"].drafts == [Revision.objects.get(article__slug="dreams")]

    history = client.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()
    assert '<span class="tag tag--warn">discarded</span>' in history
    response = client.post(reverse("admin:articles_article_restore", args=[article.pk]), {"number": 1})
    restored = Revision.objects.get(article=article, number=2)
    assert messages_of(response)[-1:] == ["Draft 2 has the text of revision 1. Readers can’t see it yet."]
    assert (restored.status, restored.article.slug) == ("draft", "naps")
    assert slugs(client) == ["naps", "dreams"]


def test_restoring_says_so_if_the_slug_got_a_number(client, editor):
    draft = make_draft("naps", by=editor)
    send(client, draft)
    make_draft("naps", by=editor)

    response = client.post(reverse("admin:articles_article_restore", args=[draft.article_id]), {"number": 1})

    assert messages_of(response)[-1] == "Another article uses the slug “naps”, so this one gets “naps-2”."


def test_the_ways_there(client, editor):
    draft = make_draft(by=editor)
    link = f'href="{page_of(draft)}"'

    assert link in client.get(reverse("admin:articles_article_change", args=[draft.article_id])).content.decode()
    assert link in client.get(reverse("admin:index")).content.decode()
    assert link in client.get(reverse("admin:articles_revision_versions", args=[draft.pk])).content.decode()
    others = logged_in(make_user("other"))
    assert link not in others.get(f"{LIST}{draft.article_id}/change/").content.decode()
    assert others.get(page_of(draft)).status_code == 403
    assert send(others, draft).status_code == 403


def test_a_moderator_is_asked_for_a_reason(editor):
    draft, moderator = make_draft(by=editor), logged_in(make_moderator())

    assert 'name="reason" maxlength="500" required' in moderator.get(page_of(draft)).content.decode()
    refused = send(moderator, draft)
    assert (refused.status_code, refused.context["refusal"]) == (409, "Give the author a reason.")
    too_long = send(moderator, draft, reason="x" * 501)
    assert too_long.context["refusal"] == "Shorten the reason to 500 characters or fewer."
    assert send(moderator, draft, reason="Nobody works on it.").status_code == 302


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_a_form_that_does_not_say_what_was_seen_discards_nothing(client, editor, version):
    draft = make_draft(by=editor)

    response = client.post(page_of(draft), {"version": version})

    assert response.status_code == 409
    assert Revision.objects.get().is_draft


def test_what_is_no_draft_any_longer_leads_to_its_page(client, editor):
    draft = make_draft(by=editor)
    workflow.submit(draft, by=editor)

    assert client.get(page_of(draft)).url == draft.get_absolute_url()
    assert send(client, draft).status_code == 409


def test_a_discarded_draft_does_not_hide_that_a_text_was_sent_back(client, editor):
    draft = make_draft(by=editor)
    workflow.submit(draft, by=editor)
    workflow.request_changes(draft, by=make_moderator(), comment="Cite it.")
    again = workflow.start_draft(draft.article, content_of(draft), by=editor, base=draft)
    send(client, again)

    assert client.get(reverse("admin:index")).context["work"].sent_back == [draft]
    page = client.get(f"{LIST}{draft.article_id}/change/")
    assert (page.context["revision"], page.context["own"]) == (draft, draft)
