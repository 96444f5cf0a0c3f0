"""The record of an article in the admin: its history for editors, and what they do from there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, ChainLink, LogEntry, Revision
from articles.workflow.history import chain
from tests.support.factories import make_change, make_draft, make_user
from tests.views.articles.past import BODIES, HISTORY, PAST, SECRET, make_past, make_secrets

pytestmark = pytest.mark.django_db


def record_of(article):
    return reverse("admin:articles_article_history", args=[article.pk])


def act(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_record_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    article = make_past(people, count)
    client.force_login(people["moderator"])
    chain.seal()

    with django_assert_num_queries(13):
        response = client.get(record_of(article))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [2, 3])
def test_comparison_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    article = make_past(people, count)
    client.force_login(people["moderator"])

    # Seven of them are for the citation statuses of both texts, two for what else can be chosen.
    with django_assert_num_queries(21):
        response = client.get(act("compare", article), {"old": 1, "new": count})

    assert response.status_code == 200


def test_record_shows_who_when_why_and_what_was_public(client, people):
    article = make_past(people, 2)
    _, rejected, draft = make_secrets(article, people)
    client.force_login(people["by"])

    response = client.get(record_of(article))

    rows = response.context["rows"]
    assert [row.revision.number for row in rows] == [4, 3, 2, 1]
    assert [[review.decision for review in row.reviews] for row in rows] == [
        ["rejected"],
        [],
        ["approved"],
        ["approved"],
    ]
    assert [[until is None for _, until, _ in row.periods] for row in rows] == [[], [], [True], [False]]
    text = " ".join(response.text.split())
    assert "<b>Rejected</b> by <b>moderator</b>, <time datetime" in text
    assert f'<q dir="auto">{SECRET} reason</q>' in text
    assert f'<code title="SHA-256: {rejected.digest}">{rejected.digest[:12]}</code>' in text
    assert f'?revision={draft.pk}">Revision 5</a> <span class="tag">draft</span> </h3>' in text
    numbers = [entry.number for entry in response.context["log"]]
    assert numbers == list(range(Article.objects.get().log_length, 0, -1))


def test_restoring_starts_a_draft_that_names_its_base(client, people):
    article = make_past(people)
    client.force_login(people["by"])

    response = client.post(act("restore", article), {"number": 1})

    draft = Revision.objects.get(status="draft")
    assert response.headers["Location"] == f"/admin/articles/article/{article.pk}/change/?revision={draft.pk}"
    assert (draft.number, draft.base.number, draft.target.number) == (4, 1, 3)
    assert draft.section_set.get().body == BODIES[0]
    day = f"{timezone.localdate():%d %b %Y}".lstrip("0")
    assert draft.edit_summary == f"Restores revision 1 of {day}."
    assert Article.objects.get().published_revision.number == 3


def test_restoring_with_an_open_draft_is_refused_with_a_link_to_it(client, people):
    article = make_past(people)
    client.force_login(people["by"])
    client.post(act("restore", article), {"number": 1})

    response = client.post(act("restore", article), {"number": 2})

    draft = Revision.objects.get(status="draft")
    assert response.status_code == 409
    assert "You already have a draft of this article, revision 4" in response.text
    assert f'<a href="/admin/articles/article/{article.pk}/change/?revision={draft.pk}">Open draft</a>' in response.text


def test_what_cannot_be_restored_is_refused(client, people):
    article = make_past(people)
    workflow.erase(article.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court.")
    client.force_login(people["by"])

    assert client.post(act("restore", article), {"number": 1}).status_code == 409
    assert client.post(act("restore", article), {"number": 9}).status_code == 404
    workflow.protect(article, by=people["moderator"], reason="A quarrel.")
    refused = client.post(act("restore", article), {"number": 2})
    assert refused.status_code == 403
    assert "This article is protected" in refused.text
    assert not Revision.objects.filter(status="draft").exists()


def test_an_article_is_protected_with_a_reason_and_unprotected(client, people):
    article = make_past(people, 1)
    client.force_login(people["moderator"])

    without = client.post(act("protection", article), {"act": "protect", "reason": " "})
    client.post(act("protection", article), {"act": "protect", "reason": "A quarrel."})
    protected = Article.objects.get().is_protected
    twice = client.post(act("protection", article), {"act": "protect", "reason": "Again."})
    client.post(act("protection", article), {"act": "release", "reason": ""})

    assert (without.status_code, "Give editors a reason." in without.text) == (409, True)
    assert protected is True
    assert (twice.status_code, "This article is already protected." in twice.text, 'value="Again."' in twice.text) == (
        409,
        True,
        True,
    )
    assert Article.objects.get().is_protected is False
    assert [e.note for e in LogEntry.objects.filter(action__in=["protected", "released"])] == ["A quarrel.", ""]


def test_editors_neither_see_nor_use_the_protection(client, people):
    article = make_past(people, 1)
    client.force_login(people["by"])

    assert "Protect article" not in client.get(record_of(article)).text
    assert client.post(act("protection", article), {"act": "protect", "reason": "Mine."}).status_code == 403
    assert client.post(act("protection", article), {"act": "else"}).status_code == 404


def test_the_record_requires_permission_to_edit(client, people):
    article = make_past(people, 2)
    pages = [record_of(article), act("compare", article) + "?old=1&new=2"]
    posts = [act("restore", article), act("protection", article)]

    assert {client.get(address).status_code for address in pages} == {302}
    client.force_login(make_user("guest", groups=()))
    assert [client.get(address).status_code for address in pages] == [403, 403]
    assert [client.post(address).status_code for address in posts] == [403, 403]
    client.force_login(people["by"])
    assert [client.get(address).status_code for address in posts] == [405, 405]
    assert client.get(reverse("admin:articles_article_history", args=[999])).status_code == 404


def test_a_scheduled_text_is_in_the_record_and_nowhere_else(client, people):
    article = make_past(people, 1)
    revision = make_change(article, by=people["by"], lead=f"{SECRET} lead")
    workflow.approve(revision, by=people["moderator"])
    workflow.schedule(revision, by=people["moderator"], publish_at=timezone.now() + timedelta(days=1))

    assert client.get(PAST.format(2)).status_code == 404
    assert "Revision 2" not in client.get(HISTORY).text
    client.force_login(people["by"])
    assert "Revision 2" in client.get(record_of(article)).text


# The record of all articles -----------------------------------------------------------------------


def test_the_record_of_a_site_without_a_log_says_so(client, db, without_triggers):
    with without_triggers():
        ChainLink.objects.all().delete()

    assert "Nothing has been logged yet." in client.get("/record/").text
    assert client.get("/record.json").json() is None


def test_the_record_shows_the_head_of_the_chain(client, people):
    article = make_past(people, 1)
    head = chain.head()

    page, data = client.get("/record/"), client.get("/record.json")

    assert f"<code>{head.number}:{head.digest}</code>" in page.text
    assert (data.json()["number"], data.json()["digest"]) == (head.number, head.digest)
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    client.force_login(people["moderator"])
    assert head.digest in client.get(record_of(article)).text


def test_exports_give_the_head_at_the_articles_last_log_entry(client, people):
    make_past(people, 1)
    before = client.get("/articles/sleep.json")
    make_draft("naps", by=make_user("second"))
    after = client.get("/articles/sleep.json")

    assert before.json()["record"] == client.get("/api/articles/sleep/").json()["record"]
    assert before.headers["ETag"] == after.headers["ETag"]
    given = before.json()["record"]
    assert chain.has(f"{given['number']}:{given['digest']}")
