"""Approving with a public note, scheduling, publishing without a second review, and confirming afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import LogEntry, Revision
from articles.workflow.recordings import review_digest
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.reviewing import acts_of, decide, ids_of, page_of, refusals

pytestmark = pytest.mark.django_db

NOT_LOOKED_AT = (
    "The text or a recording that it cites has changed since you opened it, so nothing was approved. Reload the page and "
    "review it."
)


# The text that the page showed --------------------------------------------------------------------


@pytest.mark.parametrize("digest", ["", "0" * 64])
@pytest.mark.parametrize("words", [{}, {"parts": "1", "accept": "some", "comment": "Why."}])
def test_only_the_text_that_the_page_showed_can_be_approved(change, reviewer, digest, words):
    words = words | ({"accept": ids_of(change)[:1]} if "accept" in words else {})

    response = decide(reviewer, change, "approve_and_publish", digest=digest, **words)

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert refusals(response) == [NOT_LOOKED_AT]
    assert ("Your comment is kept below." in response.text) is ("comment" in words)


def test_the_page_carries_the_digest(change, reviewer):
    assert f'name="digest" value="{review_digest(change)}"' in reviewer.get(page_of(change)).text


# The public note ----------------------------------------------------------------------------------


def test_the_public_note_is_suggested_from_the_changes(change, article, editor, reviewer):
    form = reviewer.get(page_of(change)).context["form"]

    assert form["note"].value() == "correction"
    assert [label for _, label in form.fields["note"].choices] == [
        "None",
        "Correction",
        "Clarification",
        "Timestamps changed",
        "Minor",
        "Custom:",
    ]


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ({"note": "re-timed citations"}, "Timestamps changed"),
        ({"note": "own", "public_note": "Eight, not five."}, "Eight, not five."),
        ({"note": "minor", "public_note": "Eight, not five."}, "Eight, not five."),
        ({"note": ""}, ""),
    ],
)
def test_the_public_note_is_chosen_or_written(change, reviewer, words, note):
    decide(reviewer, change, "approve_and_publish", **words)

    change.refresh_from_db()
    assert (change.article.published_revision, change.public_note) == (change, note)


def test_a_note_that_is_given_with_the_approval_is_published_later(change, reviewer):
    decide(reviewer, change, "approve", note="own", public_note="Eight, not five.")
    change.refresh_from_db()
    assert change.public_note == "Eight, not five."

    decide(reviewer, change, "publish", note="own", public_note=change.public_note)

    change.refresh_from_db()
    assert (change.article.published_revision, change.public_note) == (change, "Eight, not five.")


@pytest.mark.parametrize("act", ["publish", "schedule"])
def test_whoever_wrote_a_text_does_not_write_its_public_note(article, moderator, act):
    writer = make_moderator("writer")
    change = make_change(article, by=writer, lead="Another lead.")
    workflow.approve(change, by=moderator, public_note="Eight, not five.")
    client, when = logged_in(writer), {"publish_at": "2045-03-01T09:00"} if act == "schedule" else {}
    assert 'name="public_note"' not in client.get(page_of(change)).text

    refused = decide(client, change, act, note="own", public_note="Take more of it.", **when)
    forged_none = decide(client, change, act, note="", **when)

    assert [response.status_code for response in (refused, forged_none)] == [403, 403]
    assert refusals(refused) == ["You contributed to this revision, so someone else has to approve it."]
    assert decide(client, change, act, **when).status_code == 302
    change.refresh_from_db()
    assert change.public_note == "Eight, not five."
    assert (change.article.published_revision == change) is (act == "publish")


@pytest.mark.parametrize("act", ["approve_and_publish", "approve_for_later"])
def test_a_custom_note_without_words_is_refused(change, reviewer, act):
    response = decide(reviewer, change, act, note="own", public_note=" ", publish_at="2045-03-01T09:00")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (400, "submitted")
    assert response.context["form"].errors == {"public_note": ["Write the custom note, or choose another one."]}
    assert "Write the custom note, or choose another one." in response.text


def test_a_custom_note_without_words_matters_only_where_the_note_is_stored(change, reviewer):
    decide(reviewer, change, "request_changes", note="own", comment="Who said eight?")

    change.refresh_from_db()
    assert change.status == "changes_requested"


# Scheduling ---------------------------------------------------------------------------------------


def test_approving_and_scheduling(change, reviewer, settings):
    settings.TIME_ZONE = "Europe/Zurich"
    with timezone.override("Europe/Zurich"):
        response = decide(
            reviewer,
            change,
            "approve_for_later",
            publish_at="2045-03-01T09:00",
            take_down_at="2045-04-01T09:00",
            note="correction",
        )

    change.refresh_from_db()
    assert change.publish_at == datetime(2045, 3, 1, 8, tzinfo=UTC)
    assert (change.status, change.public_note) == ("approved", "Correction")
    assert change.article.published_revision.number == 1
    assert messages_of(response) == [
        (
            "Approved and scheduled: “Ropes”, revision 2. It will be published at 09:00 on 1 Mar 2045 "
            "and unpublished at 09:00 on 1 Apr 2045."
        )
    ]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ({}, 409, "Enter a time to publish at."),
        (
            {"publish_at": "2001-01-01T09:00"},
            409,
            "09:00 on 1 Jan 2001 has passed. Publish now, or choose a later time.",
        ),
        (
            {"publish_at": "2045-03-01T09:00", "take_down_at": "2045-02-01T09:00"},
            409,
            "The unpublish time must be after the publish time.",
        ),
    ],
)
def test_an_impossible_time_is_refused_and_nothing_is_approved(change, reviewer, words, status, message):
    response = decide(reviewer, change, "approve_for_later", **words)

    change.refresh_from_db()
    assert (response.status_code, change.status, change.publish_at) == (status, "submitted", None)
    assert refusals(response) == [message]
    assert response.context["wants_time"] is True


def test_an_invalid_time_is_refused_at_its_field(change, reviewer):
    response = decide(reviewer, change, "approve_for_later", publish_at="tomorrow")

    assert response.status_code == 400
    assert response.context["form"].errors == {"publish_at": ["Enter a date and time, such as 2030-01-31 09:00."]}
    assert 'value="tomorrow"' in response.text


def test_a_schedule_is_set_and_cancelled(change, moderator, reviewer):
    workflow.approve(change, by=moderator)

    available = reviewer.get(page_of(change)).context["available"]
    decide(reviewer, change, "schedule", publish_at="2045-03-01T09:00")
    scheduled = reviewer.get(page_of(change))
    decide(reviewer, change, "unschedule")

    change.refresh_from_db()
    assert ([act.name for act in available.buttons], available.scheduling.name) == (["publish"], "schedule")
    assert acts_of(scheduled) == ["publish", "unschedule"]
    assert "Publish at <time" in scheduled.text
    assert (change.status, change.publish_at) == ("approved", None)


def test_the_page_names_the_time_zone(change, reviewer, settings):
    with timezone.override("Europe/Zurich"):
        assert "Times are in Europe/Zurich" in reviewer.get(page_of(change)).text


# Without a second review --------------------------------------------------------------------------


def test_override_publishes_with_a_reason_and_needs_confirmation(own, root):
    client = logged_in(root)

    page = client.get(page_of(own))
    refused = decide(client, own, "override", reason=" ")
    decide(client, own, "override", reason="A wrong load was public.")

    own.refresh_from_db()
    assert page.context["available"].override.name == "override"
    assert refusals(refused) == ["Give a reason for publishing without a second review. Everyone can see it."]
    assert (own.article.published_revision, own.needs_second_review) == (own, True)
    assert (own.review_set.get().is_override, own.review_set.get().comment) == (True, "A wrong load was public.")


def test_override_needs_the_permission_and_authorship(own, change, root, moderator, reviewer):
    assert reviewer.get(page_of(own)).context["available"].override is None
    assert logged_in(root).get(page_of(change)).context["available"].override is None

    wrote = make_change(change.article, by=moderator, title="Lines")
    response = decide(reviewer, wrote, "override", reason="I want to.")

    assert reviewer.get(page_of(wrote)).context["available"].override is None
    assert response.status_code == 403
    assert Revision.objects.get(pk=wrote.pk).status == "submitted"


def test_publication_without_a_second_review_is_confirmed_by_someone_else(own, root, reviewer):
    workflow.publish(workflow.approve(own, by=root, override_reason="Wrong load."), by=root)

    of_author = logged_in(root).get(page_of(own))
    available = acts_of(reviewer.get(page_of(own)))
    decide(reviewer, own, "confirm", comment="Heard it.")

    own.refresh_from_db()
    assert acts_of(of_author) == ["unpublish"]
    assert "You contributed to it, so someone else has to review it." in of_author.context["available"].notes[0]
    assert available == ["confirm", "unpublish"]
    assert own.needs_second_review is False
    assert own.review_set.last().decision == "confirmed"


def test_the_page_says_that_four_eyes_review_is_off(own, root, settings):
    settings.FOUR_EYES = False

    response = logged_in(root).get(page_of(own))

    assert acts_of(response) == ["approve_and_publish", "approve", "request_changes", "reject", "withdraw"]
    assert response.context["available"].notes == [
        "Four-eyes review is off on this site (FOUR_EYES), so you can approve your own text."
    ]
    assert decide(logged_in(root), own, "approve_and_publish").status_code == 302


@pytest.mark.parametrize("act", ["approve_for_later", "schedule", "unschedule", "override", "confirm"])
def test_editors_cannot_use_these_actions(change, act):
    before = Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()

    response = decide(
        logged_in(make_user("other")), change, act, publish_at="2045-03-01T09:00", reason="I say so.", comment="Why."
    )

    assert response.status_code == 403
    assert (Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()) == before


def test_the_scheduled_time_passes_while_the_page_is_open(change, moderator, reviewer):
    workflow.approve(change, by=moderator)
    workflow.schedule(change, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    workflow.publish_due(timezone.now() + timedelta(hours=2))

    response = decide(reviewer, change, "unschedule")

    assert (response.status_code, refusals(response)) == (409, ["This revision is no longer scheduled."])


# What is typed for another button -----------------------------------------------------------------

LATER = "2100-01-31T09:00"


@pytest.mark.parametrize(
    ("act", "typed", "is_refused"),
    [
        ("approve_and_publish", {"publish_at": LATER}, True),
        ("approve", {"take_down_at": LATER}, True),
        ("approve_for_later", {"publish_at": LATER, "comment": "Good."}, False),
        ("request_changes", {"publish_at": LATER, "comment": "Listen again."}, False),
        ("approve_and_publish", {"comment": "Good.", "reason": " "}, False),
    ],
)
def test_what_a_decision_would_drop_is_refused(change, reviewer, act, typed, is_refused):
    response = decide(reviewer, change, act, **typed)

    change.refresh_from_db()
    assert (response.status_code == 400, change.status == "submitted") == (is_refused, is_refused)
    if is_refused:
        assert "doesn’t use what you entered under" in response.text
        assert next(iter(typed.values())) in response.text


def test_a_reason_that_is_not_sent_is_refused_too(article, reviewer, moderator):
    administrator = make_user("ada", groups=["Administrators"])
    change = make_change(article, by=administrator, title="Lines")

    response = decide(logged_in(administrator), change, "withdraw", reason="It can’t wait.")

    assert (
        "“Withdraw” doesn’t use what you entered under “Reason for publishing without a second review”."
        in response.text
    )
    assert (response.status_code, Revision.objects.get(pk=change.pk).status) == (400, "submitted")


def test_a_planned_time_is_no_obstacle_to_publishing_at_once(change, moderator, reviewer):
    change = workflow.approve(change, by=moderator)
    workflow.schedule(change, by=moderator, publish_at=datetime(2100, 1, 31, 9, 0, 30, tzinfo=UTC))
    shown = reviewer.get(page_of(change)).context["form"]["publish_at"].value()

    assert decide(reviewer, change, "publish", publish_at="2100-02-01T09:00").status_code == 400
    assert decide(reviewer, change, "publish", publish_at=f"{shown:%Y-%m-%dT%H:%M}").status_code == 302


@pytest.mark.parametrize(
    ("back", "address"),
    [
        ("", "/admin/"),
        ("{page}", "/admin/"),
        ("{page}?queue=sort%3Dtitle%26q%3Dal%2520dente%26page%3D2&against=1", "/admin/?sort=title&q=al%20dente&page=2"),
        ("{page}?queue=%23x%0D%0A%C3%BC", "/admin/?%23x%0D%0A%C3%BC"),
        ("//elsewhere.example/?queue=sort%3Dtitle", "/admin/"),
    ],
)
def test_a_decision_leads_to_the_queue_as_it_was_filtered(change, reviewer, back, address):
    response = decide(reviewer, change, "request_changes", comment="Why?", back=back.format(page=page_of(change)))

    assert (response.status_code, response.url) == (302, address)
