"""Deciding on several revisions at once."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Episode, LogEntry, Review
from articles.workflow.recordings import review_digest
from tests.admin.queue.submitting import DECIDE, QUEUE, SELECT, Status, decide, make_submitted, status_of, titles
from tests.support.clients import logged_in, messages_of
from tests.support.factories import (
    make_change,
    make_draft,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.scenarios.reviewing import ids_of, page_of

pytestmark = pytest.mark.django_db


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
