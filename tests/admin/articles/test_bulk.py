"""Bulk actions of the list of articles: the page that asks, what is done with each article, and what isn't, and why."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.articles.bulk import run, views
from articles.admin.articles.bulk.actions import ACTIONS
from articles.core.recordings.transcripts import Cue, Reading
from articles.models import Article, BackgroundTask, LogEntry, Revision
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

NOT_AGAIN = r"you did this at \d\d:\d\d, after the action had been started; it isn’t done again\."
pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


def ask(client, action, *articles):
    """Choose the action in the list, and return the page that asks."""
    return client.post(LIST, {"action": action, "_selected_action": [article.pk for article in articles]})


def confirm(client, action, page, **values):
    values = {"items": page.context["items"], **values}
    return client.post(reverse("admin:articles_article_bulk", args=[action]), values, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


@shared
def editor():
    return make_user()


@shared
def moderator():
    return make_moderator()


@shared
def made(editor, moderator):
    """Articles with an approved revision, outdated, with a changed recording, without one, and published."""
    episode, other = make_episode(), make_episode("other")
    found = {
        "published": make_published("published", title="Published", by=editor, moderator=moderator, episode=episode)
    }
    for slug in ("ready", "also-ready"):
        draft = workflow.submit(make_draft(slug, title=slug.title(), by=editor, episode=episode), by=editor)
        found[slug] = workflow.approve(draft, by=moderator).article
    article = make_published("outdated", title="Outdated", by=editor, moderator=moderator, episode=episode)
    late = workflow.approve(make_change(article, by=editor, lead="Late."), by=moderator)
    newer = make_change(article, by=make_user("newer"), lead="Newer.")
    workflow.publish(workflow.approve(newer, by=moderator), by=moderator)
    found["outdated"] = late.article
    changed = workflow.submit(make_draft("changed", title="Changed", by=editor, episode=other), by=editor)
    found["changed"] = workflow.approve(changed, by=moderator).article
    reading = Reading((Cue(391.0, 399.0, "", "other words"),), (), "vtt")
    workflow.replace_transcript(other, reading, by=make_user("root", is_superuser=True), at_once=True)
    return found


@pytest.fixture
def rows(made):
    """The articles by slug as this test finds them, whatever others did with the objects."""
    return {slug: Article.objects.get(pk=article.pk) for slug, article in made.items()}


def published(*slugs):
    return set(Article.objects.published().filter(slug__in=slugs).values_list("slug", flat=True))


def test_approved_texts_are_published_and_others_left_out_with_the_reason(rows, moderator):
    client = logged_in(moderator)

    page = ask(client, "publish_approved", *rows.values())

    assert [item.title for item in page.context["ready"]] == ["Also-Ready", "Ready"]
    assert [(item.title, item.refusal) for item in page.context["left_out"]] == [
        ("Changed", "A recording that it cites may have changed since the approval. Open the revision."),
        ("Outdated", "Outdated: the published text has changed since. Update the revision first."),
        ("Published", "Nothing is approved and waits to be published."),
    ]
    assert published("ready", "also-ready") == set()  # asking does nothing

    response = confirm(client, "publish_approved", page)

    assert published("ready", "also-ready", "changed") == {"ready", "also-ready"}
    [message] = said(response)
    assert message.startswith("<b>Done with 2 articles:</b>")
    assert "“Ready”: revision 1 published." in message
    entries = LogEntry.objects.filter(action="published", article=rows["ready"])
    assert [entry.by for entry in entries] == [moderator]


def test_the_filters_of_the_list_stay_through_the_question_and_the_answer(rows, moderator):
    client, filtered = logged_in(moderator), f"{LIST}?q=published&p=1"

    page = client.post(filtered, {"action": "unpublish", "_selected_action": [rows["published"].pk]})

    links = re.findall(r'(?:href|action)="([^"]*/article/[^"]*q=[^"]*)"', page.text)
    assert [link.partition("?")[2] for link in links] == ["q=published&amp;p=1"] * 3
    address = reverse("admin:articles_article_bulk", args=["unpublish"]) + "?q=published&p=1"
    items = page.context["items"]
    refused = client.post(address, {"items": items, "reason": ""})
    assert refused.status_code == 400
    assert f'action="{address.replace("&p", "&amp;p")}"' in refused.text
    assert client.post(address, {"items": items, "reason": "Wrong."}).url == filtered
    assert client.post(address, {"items": "", "reason": "Wrong."}).url == filtered


def test_what_has_changed_since_the_page_was_shown_is_refused_one_by_one(rows, moderator):
    client = logged_in(moderator)
    page = ask(client, "publish_approved", rows["ready"], rows["also-ready"])
    workflow.publish(Revision.objects.get(article=rows["ready"]), by=moderator)

    done, skipped = said(confirm(client, "publish_approved", page))

    assert "“Also-Ready”: revision 1 published." in done
    assert "“Ready”: It has been published in the meantime." in skipped


def test_what_was_taken_down_meanwhile_is_not_published_again(rows, moderator):
    client, revision = logged_in(moderator), Revision.objects.get(article=rows["ready"])
    pages = {name: ask(client, name, rows["ready"]) for name in ("publish_approved", "schedule_approved")}
    workflow.publish(revision, by=moderator)
    workflow.unpublish(Article.objects.get(pk=rows["ready"].pk), by=moderator, reason="Wrong.")
    soon = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    confirm(client, "publish_approved", pages["publish_approved"])
    confirm(client, "schedule_approved", pages["schedule_approved"], publish_at=soon)

    assert published("ready") == set()
    assert not Revision.objects.exclude(publish_at=None).exists()


def test_a_cancelled_action_is_not_repeated_and_a_failed_one_only_by_who_started_it(rows, moderator):
    now = timezone.now()
    values = {"kind": "bulk", "created_at": now, "due_at": now, "ended_at": now, "by": moderator, "arguments": {}}
    cancelled = BackgroundTask.objects.create(**values, state="cancelled", is_cancelled=True)
    failed = BackgroundTask.objects.create(**values, state="failed", error="x")
    root = logged_in(make_user("another", is_superuser=True))

    for client, task in ((root, failed), (root, cancelled), (logged_in(moderator), cancelled)):
        address = reverse("admin:articles_backgroundtask_change", args=[task.pk])
        assert "Try again" not in client.get(address).text
        client.post(f"{address.removesuffix('change/')}act/", {"act": "retry"})
        task.refresh_from_db()
        assert task.state in {"cancelled", "failed"}


def test_several_approved_revisions_are_for_a_person_to_choose(rows, moderator):
    article = rows["published"]
    for name in ("first", "second"):
        workflow.approve(make_change(article, by=make_user(name), lead=f"{name}."), by=moderator)

    page = ask(logged_in(moderator), "publish_approved", article)

    assert [item.refusal for item in page.context["left_out"]] == ["2 revisions are approved. Open the one to publish."]
    assert 'type="submit">Publish approved texts' not in page.text


def test_approved_texts_are_scheduled(rows, moderator):
    client, soon = logged_in(moderator), timezone.localtime() + timedelta(days=1)
    page = ask(client, "schedule_approved", rows["ready"])

    early = confirm(client, "schedule_approved", page, publish_at="2001-01-01T10:00")
    confirm(client, "schedule_approved", page, publish_at=soon.strftime("%Y-%m-%dT%H:%M"))

    assert (early.status_code, "Choose a time in the future." in early.text) == (400, True)
    revision = Revision.objects.get(article=rows["ready"])
    assert revision.publish_at == soon.replace(second=0, microsecond=0)
    assert revision.take_down_at is None


def test_articles_are_unpublished_with_a_reason(rows, moderator):
    client = logged_in(moderator)
    page = ask(client, "unpublish", rows["published"], rows["ready"])

    without = confirm(client, "unpublish", page)
    response = confirm(client, "unpublish", page, reason="A <b>reason</b>.")

    assert (without.status_code, "This field is required." in without.text) == (400, True)
    assert [item.refusal for item in page.context["left_out"]] == ["It isn’t published."]
    assert published("published") == set()
    assert LogEntry.objects.get(action="unpublished").note == "A <b>reason</b>."
    assert said(response) == ["<b>Done with 1 article:</b><ul><li>“Published”: unpublished.</li></ul>"]


def test_a_text_published_meanwhile_is_not_taken_down(rows, moderator):
    client, article = logged_in(moderator), rows["published"]
    page = ask(client, "unpublish", article)
    newer = make_change(article, by=make_user("late"), lead="Newer.")
    workflow.publish(workflow.approve(newer, by=moderator), by=moderator)

    [message] = said(confirm(client, "unpublish", page, reason="x"))

    assert "What is published has changed since you opened the page." in message
    assert published("published") == {"published"}


def test_articles_are_protected_and_released(rows, moderator):
    client = logged_in(moderator)
    page = ask(client, "protect", rows["published"], rows["outdated"])
    confirm(client, "protect", page, reason="Disputed.")
    assert set(Article.objects.filter(is_protected=True)) == {rows["published"], rows["outdated"]}

    page = ask(client, "release", rows["published"], rows["ready"])
    assert [item.refusal for item in page.context["left_out"]] == ["It isn’t protected."]
    confirm(client, "release", page)
    assert set(Article.objects.filter(is_protected=True)) == {rows["outdated"]}


def test_many_are_left_to_a_worker_which_reports_each(rows, moderator, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(views, "AT_ONCE", 1)
    client = logged_in(moderator)
    page = ask(client, "schedule_approved", rows["ready"], rows["also-ready"])
    assert "This many are done in the background." in page.text
    workflow.publish(Revision.objects.get(article=rows["ready"]), by=moderator)
    soon = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, "schedule_approved", page, publish_at=soon)

    task = BackgroundTask.objects.get()
    assert (task.kind, task.state, task.done, task.total, task.by) == ("bulk", "done", 2, 2, moderator)
    summary, first, second = task.result["lines"]
    assert summary == "Done: 1. Not done: 1."
    assert first.startswith("ready: not done. ")
    assert second.startswith("also-ready: revision 1 will be published at ")
    shown = client.get(reverse("admin:articles_backgroundtask_change", args=[task.pk]))
    assert "Done: 1. Not done: 1." in shown.text


@pytest.mark.parametrize(
    ("name", "slug", "values"),
    [
        ("publish_approved", "ready", {}),
        ("schedule_approved", "ready", {"publish_at": datetime(2100, 1, 1, tzinfo=UTC), "take_down_at": None}),
        ("unpublish", "published", {"reason": "x"}),
        ("protect", "published", {"reason": "x"}),
    ],
)
def test_an_interrupted_run_does_not_report_what_it_did_as_failed(rows, moderator, name, slug, values):
    action, since = ACTIONS[name], timezone.now()
    key = f"{rows[slug].pk}-{0 if name == 'protect' else Revision.objects.get(article=rows[slug]).pk}"

    first = run.carry_out(action, key, by=moderator, values=values)
    again = run.carry_out(action, key, by=moderator, values=values, since=since)

    assert (first.is_done, again.is_done) == (True, True)
    assert re.fullmatch(NOT_AGAIN, again.result)
    assert LogEntry.objects.filter(action=action.logged, at__gte=since).count() == 1


def test_a_repeated_run_takes_down_nothing_that_was_published_again_meanwhile(rows, moderator):
    article, since = rows["published"], timezone.now()
    key, action = f"{article.pk}-{article.published_revision_id}", ACTIONS["unpublish"]
    run.carry_out(action, key, by=moderator, values={"reason": "x"})
    workflow.publish(Revision.objects.get(article=article), by=moderator)

    again = run.carry_out(action, key, by=moderator, values={"reason": "x"}, since=since)

    article.refresh_from_db()
    assert article.published_revision_id is not None
    assert re.fullmatch(NOT_AGAIN, again.result)


def test_a_repeated_run_does_not_claim_what_the_person_did_by_hand_and_undid(rows, moderator):
    article, since = rows["published"], timezone.now()
    workflow.protect(article, by=moderator, reason="Too many hands.")
    workflow.release(article, by=moderator)

    again = run.carry_out(ACTIONS["protect"], f"{article.pk}-0", by=moderator, values={"reason": "x"}, since=since)

    article.refresh_from_db()
    assert article.is_protected is False
    assert re.fullmatch(NOT_AGAIN, again.result)


def test_only_those_who_may_are_offered_and_served(rows, editor, moderator):
    client, page = logged_in(editor), ask(logged_in(moderator), "protect", rows["ready"])

    assert 'value="unpublish"' not in client.get(LIST).text
    for action in ACTIONS:
        assert confirm(client, action, page, reason="x").status_code == 403
    assert confirm(logged_in(moderator), "delete", page).status_code == 404
    assert not Article.objects.filter(is_protected=True).exists()


@pytest.mark.parametrize("items", ["", "x", "1", "1-", "1-2,", f"{10**30}-1", "1-1;2-2"])
def test_damaged_keys_do_nothing(rows, moderator, items):
    address = reverse("admin:articles_article_bulk", args=["protect"])

    response = logged_in(moderator).post(address, {"items": items, "reason": "x"}, follow=True)

    assert said(response) == ["Nothing was selected that this could be done with."]
    assert not Article.objects.filter(is_protected=True).exists()


def test_too_many_at_once_are_refused(rows, moderator, monkeypatch):
    monkeypatch.setattr(views, "MOST", 1)

    response = logged_in(moderator).post(
        LIST, {"action": "protect", "_selected_action": [rows["ready"].pk, rows["changed"].pk]}, follow=True
    )

    assert said(response) == ["Select 1 articles or fewer."]


@pytest.mark.parametrize("action", ACTIONS)
def test_the_page_takes_the_same_queries_for_any_number(rows, moderator, action):
    client = logged_in(moderator)
    client.get(LIST)

    numbers = []
    for articles in ([rows["ready"]], list(rows.values())):
        with CaptureQueriesContext(connection) as queries:
            ask(client, action, *articles)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
