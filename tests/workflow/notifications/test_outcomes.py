"""Outcomes of correction requests are mailed over a real SMTP server, once each, to addresses that nothing else shows."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import workflow
from articles.models import FollowUp, ScheduledJob
from articles.workflow.collaboration import correction_requests
from articles.workflow.notifications import deliver_outcomes
from articles.workflow.notifications.delivery import MAIL_ATTEMPTS, RETRY_AFTER
from articles.workflow.notifications.outcomes import DAY, MAILS_A_DAY, _deliver
from tests.support.factories import make_change, make_episode, make_moderator, make_published

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"
WORDS = "Buy cheap pillows at https://spam.example/ now"


@pytest.fixture
def article(people, post, settings):
    return make_published(episode=make_episode(), **people)


def answered(article, people, number=0, *, address=ADDRESS, **values):
    request = correction_requests.receive(
        article.published_revision, f"{WORDS} {number}", sender=str(number), claim="A claim.", address=address
    )
    values = {"outcome": "stands", "answer": "It is said.\r\nAt 06:31.", "audience": "reader"} | values
    correction_requests.answer(request, by=people["moderator"], **values)
    return FollowUp.objects.get(correction_request=request)


def waited(time):
    """Move all times of mails this far into the past."""
    for row in FollowUp.objects.all():
        earlier = {
            name: getattr(row, name) - time
            for name in ("mail_due_at", "mailed_at", "expires_at")
            if getattr(row, name) is not None
        }
        FollowUp.objects.filter(pk=row.pk).update(**earlier)


def test_a_mail_says_the_outcome_and_nothing_that_the_sender_wrote(article, people, post):
    follow_up = answered(article, people)

    call_command("deliver_notices", verbosity=0)

    message = next(message for message in post.messages if message["To"] == ADDRESS)
    assert message["Subject"].strip() == "Said at: Your suggested correction to “Sleep”"
    assert message["Auto-Submitted"] == "auto-generated"
    day = timezone.localtime(follow_up.correction_request.at)
    assert message.get_content().splitlines()[:-1] == [
        f"On {day:%-d %b %Y} you suggested a correction to “Sleep”.",
        "",
        "A moderator decided that no change is needed.",
        "",
        "It is said.",
        "At 06:31.",
        "",
        "The text: https://talks.example.org/articles/sleep/",
        "",
        f"The page of your suggestion: https://talks.example.org{follow_up.get_mailed_url()}",
        "",
        "-- ",
    ]
    assert message.get_content().splitlines()[-1] == (
        "Your address was given with the suggestion, for this mail only. It has been deleted, and you won’t get another "
        "mail about it. If it wasn’t you who gave it, there is nothing you need to do."
    )
    follow_up.refresh_from_db()
    assert (follow_up.mail, follow_up.address, follow_up.expires_at) == ("sent", "", None)
    assert deliver_outcomes().sent == 0


def test_a_corrected_text_is_linked_and_a_reason_for_the_team_stays_there(article, people, post):
    request = correction_requests.receive(article.published_revision, WORDS, sender="a", address=ADDRESS)
    change = make_change(article, by=people["by"], lead="Corrected.")
    revision = workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    correction_requests.answer(
        request, by=people["moderator"], outcome="corrected", corrected_in=revision, answer="Zephyrine"
    )

    assert deliver_outcomes().sent == 1

    text = post.body()
    assert "The text was corrected, in revision 2." in text
    assert "The text: https://talks.example.org/articles/sleep/revisions/2/" in text
    assert "Zephyrine" not in text


def test_a_mail_sent_after_a_revert_says_what_is_published_now(article, people, post):
    request = correction_requests.receive(article.published_revision, WORDS, sender="a", address=ADDRESS)
    change = make_change(article, by=people["by"], lead="Corrected.")
    revision = workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    correction_requests.answer(request, by=people["moderator"], outcome="corrected", corrected_in=revision)
    workflow.revert(request.revision, by=people["moderator"], reason="A wrong dose.")

    deliver_outcomes()

    text = next(message.get_content() for message in post.messages if message["To"] == ADDRESS)
    assert (
        "The text was corrected, in revision 2. Since then an earlier text has been published again: revision 1" in text
    )
    assert "The text: https://talks.example.org/articles/sleep/" in text.splitlines()


def test_a_mail_about_an_unpublished_article_does_not_name_it(article, people, post):
    answered(article, people)
    workflow.unpublish(article, by=people["moderator"], reason="Wrong.")

    deliver_outcomes()

    assert post.subjects == ["Said at: Your suggested correction"]
    assert "Sleep" not in post.body()
    assert "/articles/" not in post.body()


def test_open_requests_and_spam_are_not_mailed(article, people, post):
    correction_requests.receive(article.published_revision, WORDS, sender="x", address=ADDRESS)
    answered(article, people, outcome="spam")

    assert deliver_outcomes() == (0, "")
    assert post.messages == []


def test_nobody_gets_more_than_a_few_mails_a_day_whoever_asks(article, people, post):
    for number in range(MAILS_A_DAY + 2):
        answered(article, people, number, address=ADDRESS if number % 2 else ADDRESS.upper())

    sent = [deliver_outcomes().sent, deliver_outcomes().sent]
    waiting = FollowUp.objects.filter(mail="waiting").values_list("mail_due_at", flat=True)

    assert sent == [MAILS_A_DAY, 0]
    assert [abs(due - timezone.now() - DAY) < timedelta(minutes=1) for due in waiting] == [True, True]
    waited(DAY + timedelta(minutes=1))
    assert deliver_outcomes().sent == 2
    assert len(post.messages) == MAILS_A_DAY + 2
    waited(DAY)
    deliver_outcomes()
    assert set(FollowUp.objects.values_list("address", "address_digest")) == {("", "")}


def test_a_refused_address_is_tried_again_and_then_deleted_and_no_log_has_it(article, people, post, caplog):
    post.refused[ADDRESS] = f"550 <{ADDRESS}>: no such user"
    follow_up, other = answered(article, people), answered(article, people, 1, address="other@example.org")

    for attempt, wait in enumerate(RETRY_AFTER, start=1):
        deliver_outcomes()
        deliver_outcomes()
        follow_up.refresh_from_db()
        assert (follow_up.mail, follow_up.mail_attempts, follow_up.address) == ("waiting", attempt, ADDRESS)
        waited(wait)
    deliver_outcomes()

    follow_up.refresh_from_db()
    other.refresh_from_db()
    assert (follow_up.mail, follow_up.mail_attempts, follow_up.address) == ("failed", MAIL_ATTEMPTS, "")
    assert (other.mail, [message["To"] for message in post.messages]) == ("sent", ["other@example.org"])
    request = follow_up.correction_request_id
    assert f"Mailing the outcome of request {request} failed, given up: SMTPRecipientsRefused" in caplog.text
    assert ADDRESS not in caplog.text


def test_a_mail_that_may_have_arrived_is_not_sent_twice(article, people, post, settings):
    settings.EMAIL_TIMEOUT = 0.5
    post.end_after_text = "close"
    follow_up = answered(article, people)

    deliver_outcomes()

    follow_up.refresh_from_db()
    assert (follow_up.mail, follow_up.address, len(post.messages)) == ("failed", "", 1)


def test_a_server_that_is_down_costs_the_others_no_attempt(article, people, settings):
    first, second = answered(article, people), answered(article, people, 1, address="other@example.org")
    settings.EMAIL_PORT = 1

    problem = deliver_outcomes().problem

    first.refresh_from_db()
    second.refresh_from_db()
    assert "Connection refused" in problem
    assert (first.mail_attempts, second.mail_attempts) == (1, 0)
    call_command("deliver_notices", verbosity=0)
    assert ADDRESS not in ScheduledJob.objects.get(name="mail").error


def test_an_address_expires_whether_or_not_there_is_an_outcome_or_mail(article, people, post, settings):
    request = correction_requests.receive(article.published_revision, WORDS, sender="x", address=ADDRESS)
    answered(article, people, address="other@example.org")
    post.refused["other@example.org"] = "451 Greylisted"
    waited(timedelta(days=settings.CORRECTION_ADDRESS_DAYS))
    settings.EMAIL_IS_ON = False

    call_command("deliver_notices", verbosity=0)

    assert set(FollowUp.objects.values_list("address", "mail", "mail_due_at")) == {("", "none", None)}
    assert request.follow_up.correction_request.outcome == "open"


def test_texts_add_no_header(article, people, post):
    change = make_change(article, by=people["by"], title="Sleep\r\nBcc: victim@example.org")
    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    article.refresh_from_db()
    answered(article, people, answer="Well.\r\n\r\nBcc: victim@example.org")

    deliver_outcomes()

    (message,) = post.messages
    assert (message["Bcc"], message["To"], len(message.keys())) == (None, ADDRESS, len(set(message.keys())))
    assert message["Subject"].strip() == "Said at: Your suggested correction to “Sleep Bcc: victim@example.org”"


def test_two_processes_send_one_mail(article, people, post):
    follow_up = answered(article, people)
    FollowUp.objects.filter(pk=follow_up.pk).update(mail_attempts=1)  # another has just claimed it
    stale = FollowUp.objects.get(pk=follow_up.pk)
    stale.mail_attempts = 0

    assert (_deliver(stale, None), post.messages) == (0, [])


def test_answers_given_together_are_mailed_to_each(article, people, post):
    other = make_moderator("other")
    requests = [
        correction_requests.receive(
            article.published_revision, f"{WORDS} {name}", sender=name, claim="A claim.", address=f"{name}@example.org"
        )
        for name in "ab"
    ]
    correction_requests.answer(
        requests[0], by=other, outcome="stands", answer="It is said.", audience="reader", together=requests[1:]
    )

    assert deliver_outcomes().sent == 2
    assert {message["To"] for message in post.messages} == {"a@example.org", "b@example.org"}
