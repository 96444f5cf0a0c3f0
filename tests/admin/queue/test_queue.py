"""The admin's home page: the review queue, review locks, bulk actions, and each user's own work."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.queue.forms import QueueForm
from articles.admin.queue.own_work import SHOWN
from articles.admin.queue.queries import risk_words
from articles.core.diff import Kind, kind_label
from articles.models import ApprovalRule, Article, CorrectionRequest, Episode, LogEntry, Review, Revision
from articles.workflow.collaboration import review_locks
from articles.workflow.recordings import decisions, review_digest
from tests.support.clients import logged_in, messages_of
from tests.support.factories import (
    SectionContent,
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.scenarios.reviewing import ids_of, page_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/"
DECIDE = "/admin/desk/decide/"
SELECT = "/admin/desk/select/"
Status = Revision.Status


def make_submitted(slug, *, by, **kwargs):
    revision = make_draft(slug, by=by, **({"title": slug.capitalize()} | kwargs))
    return workflow.submit(revision, by=by)


def titles(response):
    return [row.revision.title for row in response.context["review_queue"]["queue"].rows]


def decide(client, act, *revisions, **words):
    return client.post(DECIDE, {"act": act, "revision": [revision.pk for revision in revisions], **words})


def status_of(revision):
    return Revision.objects.get(pk=revision.pk).status


@pytest.fixture
def episode():
    return make_episode()


# The queue ----------------------------------------------------------------------------------------


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
    review_locks.set_priority(made["link"], by=moderator, is_urgent=True)
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
def test_queue_is_filtered(editor, moderator, episode, query, expected):
    naps = make_submitted("naps", by=editor, episode=episode)
    make_submitted("dreams", by=make_user("second"), episode=episode)
    review_locks.set_priority(naps, by=moderator, is_urgent=True, due_on=date(2031, 5, 4))
    review_locks.acquire(naps, by=moderator)

    response = logged_in(moderator).get(QUEUE + query)

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
    review_locks.set_priority(stale, by=moderator, due_on=timezone.localdate() - timedelta(days=1))
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


# Review locks -------------------------------------------------------------------------------------


def test_a_lock_lasts_five_minutes(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    ada = make_moderator("ada")

    first = review_locks.acquire(revision, by=ada)
    second = review_locks.acquire(revision, by=moderator)
    Revision.objects.update(review_locked_at=timezone.now() - timedelta(minutes=4, seconds=30))
    late = review_locks.holder(Revision.objects.get(pk=revision.pk))
    Revision.objects.update(review_locked_at=timezone.now() - timedelta(minutes=5))
    expired = review_locks.holder(Revision.objects.get(pk=revision.pk))
    third = review_locks.acquire(revision, by=moderator)

    assert (first.name, second.name, late.minutes, expired, third.name) == ("ada", "ada", 4, None, "moderator")


def test_only_the_holder_can_release_a_lock(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    review_locks.acquire(revision, by=moderator)

    assert review_locks.release(revision, by=editor) is False
    assert review_locks.release(revision, by=moderator) is True
    assert review_locks.holder(Revision.objects.get(pk=revision.pk)) is None


def test_revisions_that_are_not_in_review_are_not_locked(editor, moderator, episode):
    draft = make_draft("naps", by=editor, episode=episode)

    assert review_locks.acquire(draft, by=moderator) is None
    with pytest.raises(workflow.NotAllowed):
        review_locks.acquire(draft, by=editor)


def test_locking_over_http(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    acquire = reverse("admin:articles_revision_acquire_lock", args=[revision.pk])
    release = reverse("admin:articles_revision_release_lock", args=[revision.pk])
    client, ada = logged_in(moderator), logged_in(make_moderator("ada"))

    by_script = client.post(acquire, headers={"Accept": "application/json"})
    second = ada.post(acquire, headers={"Accept": "application/json"})
    by_button = client.post(acquire)

    assert by_script.json() == {"name": "moderator", "minutes": 0, "isOwn": True}
    assert second.json() == {"name": "moderator", "minutes": 0, "isOwn": False}
    assert by_button.headers["Location"] == f"/admin/articles/revision/{revision.pk}/change/"
    assert client.post(release, headers={"Accept": "application/json"}).status_code == 204
    assert Revision.objects.get(pk=revision.pk).review_locked_at is None


def test_get_requests_change_nothing(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    client = logged_in(moderator)
    before = list(Revision.objects.values()), LogEntry.objects.count()

    client.get(QUEUE)
    client.get(reverse("admin:articles_revision_change", args=[revision.pk]))
    statuses = [
        client.get(address).status_code
        for address in (
            DECIDE,
            reverse("admin:articles_revision_acquire_lock", args=[revision.pk]),
            reverse("admin:articles_revision_release_lock", args=[revision.pk]),
            reverse("admin:articles_revision_set_priority", args=[revision.pk]),
        )
    ]

    assert statuses == [405, 405, 405, 405]
    assert (list(Revision.objects.values()), LogEntry.objects.count()) == before


@pytest.mark.parametrize("name", ["acquire_lock", "release_lock", "set_priority"])
def test_editors_cannot_lock_or_set_priority(editor, episode, name):
    revision = make_submitted("naps", by=editor, episode=episode)

    response = logged_in(editor).post(
        reverse(f"admin:articles_revision_{name}", args=[revision.pk]), {"is_urgent": "on"}
    )

    assert response.status_code == 403
    assert Revision.objects.filter(is_urgent=False, review_locked_at=None).count() == 1


def test_setting_the_priority_over_http(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    address = reverse("admin:articles_revision_set_priority", args=[revision.pk])
    client = logged_in(moderator)

    done = client.post(address, {"due_on": "2031-05-04", "is_urgent": "on", "back": "https://evil.example/"})
    wrong = client.post(address, {"due_on": "soon", "back": "/admin/?tab=scheduled"})
    revision.refresh_from_db()

    assert (revision.due_on, revision.is_urgent) == (date(2031, 5, 4), True)
    assert messages_of(done) == ["Saved: urgent, due on 4 May 2031."]
    assert done.headers["Location"] == f"/admin/articles/revision/{revision.pk}/change/"
    assert messages_of(wrong)[-1] == "Not saved: Enter a valid date."
    assert wrong.headers["Location"] == "/admin/?tab=scheduled"
    workflow.reject(revision, by=moderator, comment="No.")
    with pytest.raises(workflow.InvalidTransition, match=r"Revision 1 was rejected \(moderator, "):
        review_locks.set_priority(revision, by=moderator, is_urgent=False)


# Bulk actions -------------------------------------------------------------------------------------


def test_bulk_approval_reports_the_outcome_for_each_revision(editor, moderator, episode):
    good = make_submitted("good", by=editor, episode=episode)
    own = make_submitted("own", by=moderator, episode=episode)
    decided = make_submitted("decided", by=editor, episode=episode)
    workflow.reject(decided, by=make_moderator("ada"), comment="No.")
    at = LogEntry.objects.get(action="rejected").at
    clock = timezone.localtime(at).strftime("%H:%M on %-d %b %Y")
    client = logged_in(moderator)

    response = client.post(f"{DECIDE}?sort=title", {"act": "approve", "revision": [good.pk, own.pk, decided.pk, 999]})

    assert response.headers["Location"] == "/admin/?sort=title"
    assert messages_of(response) == [
        "<b>Approved: 1</b><ul><li>“Good”, revision 1: approved, ready to publish.</li></ul>",
        (
            "<b>Skipped: 3</b><ul>"
            "<li>“Own”, revision 1: You contributed to this revision, so someone else has to approve it.</li>"
            f"<li>“Decided”, revision 1: Revision 1 was rejected (ada, {clock}): this is no longer possible.</li>"
            "<li>Revision with id 999 no longer exists.</li></ul>"
        ),
    ]
    assert [status_of(each) for each in (good, own, decided)] == [Status.APPROVED, Status.SUBMITTED, Status.REJECTED]


def test_superusers_cannot_bulk_approve_their_own_texts(episode):
    chief = User.objects.create_superuser("chief")
    own = make_submitted("own", by=chief, episode=episode)

    decide(logged_in(chief), "approve", own)

    assert status_of(own) == Status.SUBMITTED


def test_one_comment_requests_changes_to_several_revisions(editor, moderator, episode):
    both = [make_submitted(slug, by=editor, episode=episode) for slug in ("naps", "dreams")]

    response = decide(logged_in(moderator), "request_changes", *both, comment="Listen again at 06:31.")

    assert [status_of(each) for each in both] == [Status.CHANGES_REQUESTED] * 2
    assert list(Review.objects.values_list("comment", flat=True)) == ["Listen again at 06:31."] * 2
    assert messages_of(response) == [
        (
            "<b>Changes requested: 2</b><ul><li>“Naps”, revision 1: changes requested.</li>"
            "<li>“Dreams”, revision 1: changes requested.</li></ul>"
        )
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"act": "request_changes"}, "Give the author a reason."),
        ({"act": "due", "due_on": "soon"}, "Enter a valid date."),
        ({"act": "approve", "revision": []}, "Select at least one revision."),
    ],
)
def test_an_invalid_bulk_form_keeps_the_selection(editor, moderator, episode, data, message):
    revision = make_submitted("naps", by=editor, episode=episode)

    response = logged_in(moderator).post(DECIDE, {"revision": [revision.pk], **data})

    assert response.status_code == 400
    assert message in response.text
    is_chosen = f'value="{revision.pk}" form="bulk" aria-label="Select “Naps”, revision 1" checked>' in response.text
    assert is_chosen == bool(data.get("revision", True))
    assert status_of(revision) == Status.SUBMITTED


def test_what_was_skipped_stays_selected_with_the_comment(editor, moderator, episode):
    good, gone = (make_submitted(slug, by=editor, episode=episode) for slug in ("good", "gone"))
    own = make_submitted("own", by=moderator, episode=episode)
    client = logged_in(moderator)
    client.post(SELECT, {"revision": [good.pk, gone.pk, own.pk], "comment": "Well done."})
    workflow.reject(gone, by=make_moderator("ada"), comment="No.")

    decide(client, "approve", good, gone, own, comment="Well done.")
    page = client.get(QUEUE)

    bulk = page.context["review_queue"]["bulk"]
    assert (bulk.chosen, bulk["comment"].value()) == ({gone.pk, own.pk}, "Well done.")
    [elsewhere] = page.context["review_queue"]["elsewhere"]
    assert (elsewhere, elsewhere.is_waiting) == (gone, False)
    assert "no longer in review" in page.text


def test_a_finished_decision_is_forgotten(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    client = logged_in(moderator)

    decide(client, "approve", revision, comment="Well done.")

    bulk = client.get(QUEUE).context["review_queue"]["bulk"]
    assert (bulk.chosen, bulk["comment"].value()) == (set(), None)


def test_selecting_keeps_what_is_typed_and_goes_to_the_filtered_list(editor, moderator, episode):
    naps, dreams = (make_submitted(slug, by=editor, episode=episode) for slug in ("naps", "dreams"))
    client = logged_in(moderator)
    sent = {
        "revision": [naps.pk, "x", "9" * 30],
        "comment": "Not yet: <b>",
        "due_on": "2031-05",
        "q": "drea",
        "sort": "due",
    }

    answer = client.post(SELECT, sent)
    page = client.get(answer.url)

    assert answer.url == "/admin/?q=drea&sort=due"
    assert titles(page) == ["Dreams"]
    bulk = page.context["review_queue"]["bulk"]
    assert (bulk.chosen, bulk["comment"].value(), bulk["due_on"].value()) == ({naps.pk}, "Not yet: <b>", "2031-05")
    assert [revision.pk for revision in page.context["review_queue"]["elsewhere"]] == [naps.pk]
    assert client.post(SELECT, sent | {"clear": "1"}).url == QUEUE
    assert client.post(SELECT, sent, headers={"Accept": "application/json"}).json() == {}
    assert status_of(dreams) == Status.SUBMITTED


def test_only_reviewers_select(editor, client):
    assert logged_in(editor).post(SELECT).status_code == 403
    assert logged_in(editor).get(SELECT).status_code == 405


def test_bulk_priority(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    client = logged_in(moderator)

    said = [messages_of(decide(client, act, revision, **words))[-1] for act, words in
            [("urgent", {}), ("due", {"due_on": "2031-05-04"})]]  # fmt: skip
    revision.refresh_from_db()
    arranged = revision.is_urgent, revision.due_on
    decide(client, "not_urgent", revision)
    decide(client, "due", revision)
    revision.refresh_from_db()

    assert said == [
        "<b>Marked as urgent: 1</b><ul><li>“Naps”, revision 1: urgent, moved to the top.</li></ul>",
        "<b>Due date set: 1</b><ul><li>“Naps”, revision 1: due on 4 May 2031.</li></ul>",
    ]
    assert (arranged, (revision.is_urgent, revision.due_on)) == ((True, date(2031, 5, 4)), (False, None))


def test_outdated_revisions_are_skipped(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    stale = make_change(article, by=editor, lead="Other words.")
    quick = make_change(article, by=make_user("second"), lead="Quite other words.")
    workflow.approve(quick, by=moderator)
    workflow.publish(quick, by=moderator)

    response = decide(logged_in(moderator), "approve", stale)

    assert "Outdated: the published text has changed since." in messages_of(response)[0]
    assert status_of(stale) == Status.SUBMITTED


def test_approving_and_publishing_several_asks_first_and_reports_each(editor, moderator, episode):
    good, own = make_submitted("good", by=editor, episode=episode), make_submitted("own", by=moderator, episode=episode)
    client = logged_in(moderator)

    page = decide(client, "approve_and_publish", good, own, comment="Well done.")

    assert [row.revision for row in page.context["ready"]] == [good]
    assert [(row.revision, row.refusal) for row in page.context["left_out"]] == [
        (own, "You contributed to this revision, so someone else has to approve it.")
    ]
    assert status_of(good) == Status.SUBMITTED  # asking does nothing
    digests = [f"{row.revision.pk}-{row.digest}" for row in page.context["ready"]]
    response = decide(client, "approve_and_publish", good, own, comment="Well done.", confirmed="1", digest=digests)
    assert messages_of(response) == [
        "<b>Approved and published: 1</b><ul><li>“Good”, revision 1: approved and published.</li></ul>",
        "<b>Skipped: 1</b><ul><li>“Own”, revision 1: It wasn’t listed on the page. Select it again.</li></ul>",
    ]
    assert Article.objects.get(slug="good").published_revision == good
    assert good.review_set.get().comment == "Well done."
    assert (status_of(own), Article.objects.get(slug="own").published_revision) == (Status.SUBMITTED, None)


def test_a_recording_that_changes_while_the_page_is_read_is_not_approved_with_the_text(editor, moderator, episode):
    good = make_submitted("good", by=editor, episode=episode)
    client = logged_in(moderator)
    page = decide(client, "approve_and_publish", good)
    digests = [f"{row.revision.pk}-{row.digest}" for row in page.context["ready"]]
    Episode.objects.filter(pk=episode.pk).update(recording_digest="0" * 64)

    response = decide(client, "approve_and_publish", good, confirmed="1", digest=digests)

    assert "Skipped: 1" in messages_of(response)[0]
    assert (status_of(good), good.review_set.count()) == (Status.SUBMITTED, 0)


def test_only_what_the_page_listed_is_approved(editor, moderator, episode):
    good = make_submitted("good", by=editor, episode=episode)

    response = decide(
        logged_in(moderator), "approve_and_publish", good, confirmed="1", digest=[f"{good.pk}-{'0' * 64}"]
    )

    assert "The text or a recording that it cites has changed since you opened it" in messages_of(response)[0]
    assert (status_of(good), good.review_set.count()) == (Status.SUBMITTED, 0)


def test_nothing_is_left_approved_if_it_cannot_be_published(editor, moderator, episode):
    article = make_published("naps", by=editor, moderator=moderator, episode=episode)
    moved = make_change(article, by=editor, slug="siesta")
    client = logged_in(moderator)
    page = decide(client, "approve_and_publish", moved)
    digests = [f"{row.revision.pk}-{row.digest}" for row in page.context["ready"]]
    make_draft("siesta", by=make_user("second"), episode=episode)

    response = decide(client, "approve_and_publish", moved, confirmed="1", digest=digests)

    assert "Another article now uses the slug “siesta”." in messages_of(response)[0]
    assert (status_of(moved), moved.review_set.count()) == (Status.SUBMITTED, 0)


def unsent_of(client, revision):
    return client.session.get("unsent_reviews", {}).get(str(revision.pk))


def leave_open(client, revision, **fields):
    """Press a small action of the review page, which keeps what is ticked and typed there."""
    sent = {"revision": revision.pk, "back": page_of(revision), "parts": "1", **fields}
    client.post(reverse("admin:articles_revision_acquire_lock", args=[revision.pk]), sent)


LEFT_OUT = "You left out 1 of 2 changes on its review page. Decide there."
UNSENT = "You typed a comment on its review page and didn’t send it. Decide there."


@pytest.mark.parametrize("act", ["approve", "approve_and_publish", "request_changes"])
@pytest.mark.parametrize(
    ("is_part", "typed", "refusal"),
    [
        (True, {}, LEFT_OUT),
        (False, {"text:": "Who says so?"}, UNSENT),
        (False, {"comment": "The second one is wrong."}, UNSENT),
        (False, {"text:": "  ", "comment": ""}, None),
    ],
)
def test_bulk_decisions_do_not_ignore_what_is_open_on_the_review_page(
    editor, moderator, episode, act, is_part, typed, refusal
):
    article = make_published("naps", by=editor, moderator=moderator, episode=episode)
    revision = make_change(article, by=editor, title="Naps", lead="Other words.")
    client = logged_in(moderator)
    ids = ids_of(revision)
    leave_open(client, revision, accept=ids[:1] if is_part else ids, **typed)

    page = decide(client, act, revision, comment="Well done.")
    if act == "approve_and_publish":
        listed = [*page.context["ready"], *page.context["left_out"]]
        assert [row.refusal for row in listed] == [refusal or ""]
        digest = f"{revision.pk}-{review_digest(revision)}"
        page = decide(client, act, revision, comment="Well done.", confirmed="1", digest=digest)

    assert (status_of(revision) == Status.SUBMITTED) is bool(refusal)
    assert (str(refusal) in messages_of(page)[0]) is bool(refusal)
    assert bool(unsent_of(client, revision)) is bool(refusal)


@pytest.mark.parametrize("act", ["approve", "approve_and_publish", "request_changes", "urgent"])
def test_editors_and_anonymous_users_cannot_decide(editor, episode, client, act):
    revision = make_submitted("naps", by=make_user("second"), episode=episode)

    refused = decide(logged_in(editor), act, revision, comment="No.")
    unknown = decide(client, act, revision, comment="No.")

    assert refused.status_code == 403
    assert (unknown.status_code, "You are no longer logged in." in unknown.text) == (403, True)
    assert status_of(revision) == Status.SUBMITTED


# My work ------------------------------------------------------------------------------------------


def make_work(author, moderator, episode, number):
    """One revision by `author` in each state."""
    make_draft(f"draft-{number}", by=author, title=f"Draft {number}")
    make_submitted(f"waiting-{number}", by=author, title=f"Waiting {number}", episode=episode)
    back = make_submitted(f"back-{number}", by=author, title=f"Back {number}", episode=episode)
    workflow.request_changes(back, by=moderator, comment=f"Give the moment of claim {number}.")
    approved = make_submitted(f"approved-{number}", by=author, title=f"Approved {number}", episode=episode)
    workflow.approve(approved, by=moderator)
    make_published(f"public-{number}", by=author, moderator=moderator, title=f"Public {number}", episode=episode)
    return back


@pytest.mark.parametrize("count", [1, 3])
def test_my_work_takes_a_constant_number_of_queries(editor, moderator, episode, django_assert_num_queries, count):
    for number in range(count):
        make_work(editor, moderator, episode, number)
        propose_title(episode, f"Title {number}", by=editor)
    client = logged_in(editor)

    with django_assert_num_queries(25):
        client.get(QUEUE)


def propose_title(episode, title, *, by):
    episode.title = title
    change = workflow.save_episode(episode, ["title"], by=by)
    assert change.is_waiting
    return change


def test_my_work_shows_what_became_of_ones_recording_changes(editor, moderator, episode):
    make_submitted("sleep", by=editor, episode=episode)
    rejected = propose_title(episode, "Wrong title", by=editor)
    decisions.reject(rejected, by=moderator, comment="The show didn’t rename it.")
    waiting = propose_title(episode, "Right title", by=editor)
    decisions.withdraw(propose_title(episode, "No title", by=editor), by=editor)

    response = logged_in(editor).get(QUEUE)

    assert response.context["work"].recording_changes == [waiting, rejected]
    assert "The show didn’t rename it." in response.text
    assert f"/admin/articles/recordingchange/{waiting.pk}/change/" in response.text
    assert logged_in(moderator).get(QUEUE).context["work"].recording_changes == []


def test_my_work_shows_only_the_editors_own_texts(editor, moderator, episode):
    make_work(editor, moderator, episode, 1)
    make_draft("foreign", by=make_user("second"), title="Foreign")

    response = logged_in(editor).get(QUEUE)
    work = response.context["work"]

    parts = (work.drafts, work.waiting, work.sent_back, work.approved, work.published)
    assert [[revision.title for revision in part] for part in parts] == [
        ["Draft 1"],
        ["Waiting 1"],
        ["Back 1"],
        ["Approved 1"],
        ["Public 1"],
    ]
    assert "Give the moment of claim 1." in response.text
    assert "Foreign" not in response.text


def test_a_returned_revision_disappears_once_a_draft_is_based_on_it(editor, moderator, episode):
    back = make_work(editor, moderator, episode, 1)
    workflow.start_draft(back.article, make_content("back-1", title="Taken up"), by=editor, base=back)

    work = logged_in(editor).get(QUEUE).context["work"]

    assert work.sent_back == []
    assert [revision.title for revision in work.drafts] == ["Taken up", "Draft 1"]


def test_my_work_marks_outdated_drafts(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    draft = workflow.start_draft(
        article, make_content(title="My view", episode=episode), by=editor, base=article.published_revision
    )
    quick = make_change(article, by=make_user("second"), lead="Quite other words.")
    workflow.approve(quick, by=moderator)
    workflow.publish(quick, by=moderator)

    shown = logged_in(editor).get(QUEUE).text

    assert "The published text has changed since:" in shown
    assert f"/admin/articles/revision/{draft.pk}/" in shown


def test_long_lists_link_to_the_rest(editor):
    for number in range(SHOWN + 1):
        make_draft(f"draft-{number}", by=editor, title=f"Draft {number}")

    response = logged_in(editor).get(QUEUE)

    assert len(response.context["work"].drafts) == SHOWN
    assert "Showing the newest. See the" in response.text


def test_an_empty_page_explains_how_to_start(editor):
    shown = logged_in(editor).get(QUEUE).text

    assert '<a href="/admin/articles/article/">Edit an article</a> or' in shown
    assert '<a href="/admin/articles/article/add/">write a new one</a>' in shown


def test_user_input_is_escaped(editor, moderator, episode):
    texts = {"title": "<b>Sleep</b>", "edit_summary": "<script>1</script>"}
    make_submitted("sleep", by=editor, episode=episode, **texts)

    for user in (editor, moderator):
        shown = logged_in(user).get(QUEUE).text
        assert "&lt;b&gt;Sleep&lt;/b&gt;" in shown
        assert "&lt;script&gt;1&lt;/script&gt;" in shown
        assert "<script>1" not in shown


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
