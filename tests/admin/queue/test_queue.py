"""The review queue: its order, filters, pages and rows."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.queue.forms import QueueForm
from articles.admin.queue.rows import risk_words
from articles.core.revisions.diff import Kind, kind_label
from articles.models import ApprovalRule, Article, CorrectionRequest, Revision
from articles.workflow.collaboration import priorities, review_locks
from tests.admin.queue.submitting import QUEUE, decide, make_submitted, titles
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import (
    SectionContent,
    make_change,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


QUERIES = {
    "": 41,
    "?q=text&kind=new+article&free=on": 40,
    "?tab=approved": 31,
    "?tab=scheduled": 32,
    "?tab=recordings": 30,
    "?tab=challenges": 31,
}


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_a_constant_number_of_queries(editor, moderator, episode, django_assert_num_queries, count):
    for number in range(count):
        make_submitted(f"text-{number}", by=editor, episode=episode)
        approved = make_submitted(f"approved-{number}", by=editor, episode=episode)
        workflow.approve(approved, by=moderator)
        planned = make_submitted(f"planned-{number}", by=editor, episode=episode)
        workflow.approve(planned, by=moderator)
        workflow.schedule(planned, by=moderator, publish_at=timezone.now() + timedelta(days=1))
        article = make_published(f"public-{number}", by=editor, moderator=moderator, episode=episode)
        CorrectionRequest.objects.create(
            article=article, revision=article.published_revision, text="Not so.", at=timezone.now(), sender="x"
        )
        Article.objects.filter(pk=article.pk).update(take_down_at=timezone.now() + timedelta(days=2))
    client = logged_in(moderator)

    for query, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=query):
            response = client.get(QUEUE + query)

        assert response.context["review_queue"]["numbers"] == {
            "queue": count,
            "approved": count,
            "scheduled": count,
            "recordings": 0,
            "challenges": count,
        }


def test_queue_is_ordered_by_urgency_risk_and_age(editor, moderator, episode):
    made = {}
    for slug, old, new in [
        ("spelling", "Regular", "Regullar"),
        ("number", "20 mg", "40 mg"),
        ("link", "hours help.", "[hours](https://example.org/) help."),
    ]:
        sections = (SectionContent("What helps", "They gave 20 mg [00:06:31]. Regular hours help."),)
        article = make_published(slug, by=editor, moderator=moderator, episode=episode, title=slug, sections=sections)
        kept = article.published_revision.section_set.get()
        changed = (SectionContent("What helps", kept.body.replace(old, new), 1, kept.key),)
        made[slug] = make_change(article, by=editor, sections=changed)
    make_submitted("brand-new", by=editor, episode=episode)
    priorities.set_priority(made["link"], by=moderator, is_urgent=True)
    client = logged_in(moderator)

    assert titles(client.get(QUEUE)) == ["link", "Brand-new", "number", "spelling"]
    assert titles(client.get(QUEUE + "?sort=oldest")) == ["spelling", "number", "link", "Brand-new"]
    assert titles(client.get(QUEUE + "?sort=title")) == ["Brand-new", "link", "number", "spelling"]
    rows = client.get(QUEUE).context["review_queue"]["queue"].rows
    assert [(row.risk, row.kinds) for row in rows] == [
        ("low risk", [("link changed", False)]),
        ("all new", [("new article", True)]),
        ("high risk", [("number or unit changed", True)]),
        ("low risk", [("typo", False)]),
    ]


@pytest.mark.parametrize(
    ("rank", "words"),
    [(0, "all new"), (1, "high risk"), (4, "high risk"), (5, "some risk"), (9, "low risk"), (100, "no change")],
)
def test_risk_in_words(rank, words):
    assert risk_words(rank) == words


@shared
def waiting():
    """Two submitted texts, of which one is urgent and being reviewed by the moderator returned."""
    moderator, episode = make_moderator(), make_episode()
    naps = make_submitted("naps", by=make_user(), episode=episode)
    make_submitted("dreams", by=make_user("second"), episode=episode)
    priorities.set_priority(naps, by=moderator, is_urgent=True, due_on=date(2031, 5, 4))
    review_locks.acquire(naps, by=moderator)
    return moderator


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=NAP", ["Naps"]),
        ("?q=second", ["Dreams"]),
        ("?q=nobody-wrote-this", []),
        ("?author=second", ["Dreams"]),
        ("?urgent=on", ["Naps"]),
        ("?free=on", ["Dreams"]),
        ("?kind=new+article", ["Naps", "Dreams"]),
        ("?kind=typo", []),
        ("?kind=no+such+kind", ["Naps", "Dreams"]),
        ("?page=no+number", ["Naps", "Dreams"]),
        ("?sort=due", ["Naps", "Dreams"]),
    ],
)
def test_queue_is_filtered(waiting, query, expected):
    response = logged_in(waiting).get(QUEUE + query)

    assert titles(response) == expected


def test_the_filter_names_kinds_of_change_like_the_rows():
    names = dict(QueueForm.base_fields["kind"].choices)

    assert {kind.value: str(names[kind.value]) for kind in Kind} == {
        kind.value: kind_label(kind.value) for kind in Kind
    }


def test_queue_is_filtered_by_show(editor, moderator):
    here = make_episode("tides", handle="sea-talks")
    make_submitted("tides", by=editor, episode=here)
    make_submitted("sleep", by=editor, episode=make_episode())

    response = logged_in(moderator).get(f"{QUEUE}?show={here.show_id}")

    assert titles(response) == ["Tides"]


def test_an_invalid_filter_is_named_and_ignored(moderator):
    response = logged_in(moderator).get(QUEUE + "?author=nobody")

    assert (
        "Author: Select a valid choice. nobody is not one of the available choices. This filter was ignored."
        in response.text
    )


def test_queue_has_pages(editor, moderator, episode, monkeypatch):
    monkeypatch.setattr("articles.admin.queue.queries.PER_PAGE", 2)
    for number in range(3):
        make_submitted(f"text-{number}", by=editor, episode=episode)
    client = logged_in(moderator)

    first, second = client.get(QUEUE + "?sort=title"), client.get(QUEUE + "?sort=title&page=2")

    assert (titles(first), titles(second)) == (["Text-0", "Text-1"], ["Text-2"])
    assert 'name="page" value="2" data-page="next">Next</button>' in first.text
    assert 'name="page" value="1" data-page="prev">Previous</button>' in second.text


def test_a_row_shows_what_a_moderator_needs(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    stale = make_change(article, by=editor, lead="Other words.")
    own = make_submitted("own", by=moderator, episode=episode)
    second = make_change(article, by=make_user("second"), lead="Quite other words.", title="Overtaken")
    workflow.approve(second, by=moderator)
    workflow.publish(second, by=moderator)
    priorities.set_priority(stale, by=moderator, due_on=timezone.localdate() - timedelta(days=1))
    review_locks.acquire(stale, by=make_moderator("ada"))

    shown = " ".join(logged_in(moderator).get(QUEUE).text.split())

    assert '<span class="tag tag--warn">outdated</span>' in shown
    assert "overdue since" in shown
    assert "<b>ada</b> is reviewing this, just now</span>" in shown
    assert shown.count("you contributed: someone else has to review") == 1
    assert f'<a href="/admin/articles/revision/{own.pk}/change/" data-open>Own</a>' in shown


def test_a_revision_published_without_a_second_review_stays_in_the_queue(editor, episode, moderator):
    chief = User.objects.create_superuser("chief")
    revision = make_submitted("urgent-news", by=chief, episode=episode)
    workflow.approve(revision, by=chief, override_reason="It cannot wait.")
    workflow.publish(revision, by=chief)
    client = logged_in(moderator)

    assert "published without a second review" in client.get(QUEUE).text
    response = decide(client, "approve", revision)

    assert messages_of(response) == ["<b>Approved: 1</b><ul><li>“Urgent-news”, revision 1: confirmed.</li></ul>"]
    assert not Revision.objects.get(pk=revision.pk).needs_second_review


def test_home_page_warns_when_four_eyes_review_is_off(moderator, settings):
    client = logged_in(moderator)
    assert "Four-eyes review is off" not in client.get(QUEUE).text

    settings.FOUR_EYES = False

    assert "Four-eyes review is off on this site, so authors can approve their own texts." in client.get(QUEUE).text


def test_editors_do_not_see_the_queue(editor, moderator, episode):
    make_submitted("secret", by=make_user("second"), episode=episode)

    for query in ("", "?tab=approved", "?tab=challenges"):
        response = logged_in(editor).get(QUEUE + query)

        assert response.context["review_queue"] is None
        assert "Secret" not in response.text


@pytest.mark.parametrize("recording", ["episode", "show"])
def test_lists_say_which_recordings_changed_since_the_approval(editor, moderator, episode, recording):
    revisions = [make_submitted(slug, by=editor, episode=episode) for slug in ("approved", "planned")]
    for revision in revisions:
        workflow.approve(revision, by=moderator)
    workflow.schedule(revisions[1], by=moderator, publish_at=timezone.now() + timedelta(days=1))
    client = logged_in(moderator)

    def listed():
        pages = [client.get(f"{QUEUE}?tab={tab}") for tab in ("approved", "scheduled")]
        flags = [row.has_changed_recordings for page in pages for row in page.context["review_queue"]["page"]]
        return flags, ["recording changed since the approval" in page.text for page in pages]

    assert listed() == ([False, False], [False, False])
    save, changed = {"episode": (workflow.save_episode, episode), "show": (workflow.save_show, episode.show)}[recording]
    changed.title = "Renamed"
    save(changed, ["title"], by=moderator)
    assert listed() == ([True, True], [True, True])
    for revision in revisions:
        workflow.approve_again(revision, by=moderator)
    assert listed() == ([False, False], [False, False])


def test_revisions_that_were_public_once_are_not_listed_as_approved(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    follower = make_change(article, by=editor, lead="Other words.")
    workflow.approve(follower, by=moderator)
    workflow.publish(follower, by=moderator)
    ready = make_submitted("ready", by=editor, episode=episode)
    workflow.approve(ready, by=moderator)

    response = logged_in(moderator).get(QUEUE + "?tab=approved")

    assert [revision.title for revision in response.context["review_queue"]["page"]] == ["Ready"]


def test_correction_requests_are_escaped_and_linked(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    correction_request = CorrectionRequest.objects.create(
        article=article,
        revision=article.published_revision,
        claim="The brain clears waste.",
        text="<script>1</script>",
        at=timezone.now(),
        sender="x",
    )

    shown = logged_in(moderator).get(QUEUE + "?tab=challenges").text

    assert "&lt;script&gt;1&lt;/script&gt;" in shown
    assert reverse("admin:articles_correctionrequest_change", args=[correction_request.pk]) in shown


def test_rows_repeat_the_filters_and_say_what_is_passed_over(editor, moderator, episode):
    own = make_submitted("own", by=moderator, episode=episode)
    held = make_submitted("held", by=editor, episode=episode)
    begun = make_submitted("begun", by=editor, episode=episode)
    free = make_submitted("free", by=editor, episode=episode)
    review_locks.acquire(held, by=make_moderator("ada"))
    review_locks.acquire(free, by=moderator)
    workflow.save_approval_rule(ApprovalRule(show=episode.show))
    workflow.approve(begun, by=moderator)

    client = logged_in(moderator)
    shown = client.get(QUEUE + "?sort=title&kind=new+article").text

    items = re.findall(r"<li class=\"item\" data-item( data-passed)?>.*?data-open>(\w+)</a>", shown, re.DOTALL)
    passed = {title: bool(is_passed) for is_passed, title in items}
    assert passed == {"Own": True, "Held": True, "Begun": True, "Free": False}
    assert (
        f'href="/admin/articles/revision/{own.pk}/change/?queue=sort%3Dtitle%26kind%3Dnew%2Barticle" data-open' in shown
    )
    workflow.approve(free, by=make_moderator("eve"))
    assert client.get(QUEUE).text.count("data-passed") == 3


def test_whoever_may_review_their_own_texts_is_led_to_them(moderator, episode, settings):
    settings.FOUR_EYES = False
    make_submitted("own", by=moderator, episode=episode)

    assert "data-passed" not in logged_in(moderator).get(QUEUE).text


def test_approved_and_scheduled_texts_lead_back_to_their_list(editor, moderator, episode):
    approved = make_submitted("approved", by=editor, episode=episode)
    workflow.approve(approved, by=moderator)

    shown = logged_in(moderator).get(QUEUE + "?tab=approved").text

    assert f'href="/admin/articles/revision/{approved.pk}/change/?queue=tab%3Dapproved" data-open' in shown
