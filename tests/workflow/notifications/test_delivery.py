"""Mail over a real SMTP server: what it says, what happens when it fails, and how often it comes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.models import Mailbox, Notice
from articles.workflow.collaboration import comments, correction_requests
from articles.workflow.notifications import deliver, next_digest, notify, set_frequency
from articles.workflow.notifications.delivery import CLAIMED_FOR, MAIL_ATTEMPTS, RETRY_AFTER
from articles.workflow.notifications.messages import SUBJECT_MAX, one_line
from articles.workflow.scheduling import check_health
from tests.support.factories import make_draft, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


def run(capsys=None):
    """Run the command, and return what it printed."""
    call_command("deliver_notices")
    return capsys.readouterr().out if capsys else None


def about():
    """A revision of which nobody has been told yet."""
    revision = make_published().published_revision
    Notice.objects.all().delete()
    return revision


def tell(user, text="Something happened.", *, revision=None):
    """Give `user` a notice that waits to be mailed."""
    notify(Notice.Kind.DECIDED, text, revision=revision or about(), users=[user])
    return Notice.objects.filter(user=user).latest("pk")


def later(notice, time):
    """Move the notice's next attempt, and all waiting ones, `time` into the past."""
    for waiting in Notice.objects.unsent().exclude(mail_due_at=None):
        Notice.objects.filter(pk=waiting.pk).update(mail_due_at=waiting.mail_due_at - time)
    notice.refresh_from_db()


@pytest.fixture
def reader(db):
    return make_user("reader")


# What a mail says ---------------------------------------------------------------------------------

LINES = "Cite the study.\nAnd the dose.\r\n\r\nThen submit again."


def test_a_comment_of_several_lines_gives_a_subject_of_one(post, reader):
    moderator, draft = make_moderator(), make_draft(by=reader)
    workflow.submit(draft, by=reader)
    Notice.objects.all().delete()

    workflow.request_changes(draft, by=moderator, comment=LINES)
    run()

    (message,) = post.messages
    assert post.subjects == [
        "Said at: moderator requested changes “Sleep” (revision 1): Cite the study. And the dose. Then submit again."
    ]
    assert message.get_content_type() == "text/plain"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == [
        "moderator requested changes “Sleep” (revision 1): Cite the study.",
        "And the dose.",
        "",
        "Then submit again.",
        f"https://talks.example.org/admin/articles/revision/{draft.pk}/change/",
        "",
        "-- ",
        "Your inbox: https://talks.example.org/admin/inbox/",
        "How often you get mail: https://talks.example.org/admin/your-account/",
    ]


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\n\n\t"])
def test_every_kind_of_notice_has_a_subject_of_one_line(post, reader, moderator, breaks):
    text = f"one{breaks}two"
    article = make_published(by=reader, moderator=moderator, title=text)
    correction_requests.receive(article.published_revision, text, sender="x")
    comments.add(article.published_revision, by=moderator, text=text)
    draft = make_draft("naps", by=reader, title=text)
    workflow.submit(draft, by=reader)
    workflow.approve(draft, by=moderator, comment=text)
    workflow.publish(draft, by=moderator)

    run()

    assert len(post.subjects) == Notice.objects.filter(mail="sent").count()
    assert {kind for (kind,) in Notice.objects.values_list("kind")} == {
        "submitted", "decided", "published", "challenged", "commented",
    }  # fmt: skip
    for subject in post.subjects:
        assert "“one two”" in subject
        assert subject.isprintable()
    assert Notice.objects.exclude(mail="sent").count() == 0


@given(text=st.text())
def test_a_subject_is_one_bounded_line_without_control_characters(text):
    subject = one_line(text)

    assert len(subject) <= SUBJECT_MAX + 2
    assert subject.splitlines() in ([], [subject])
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in subject)


def test_a_site_name_with_line_breaks_stops_nothing(post, reader, settings):
    settings.SITE_NAME = "Said\nat"
    tell(reader)

    run()

    assert post.subjects == ["Said at: Something happened."]


@pytest.mark.parametrize(
    ("is_https", "hosts", "start"),
    [
        (False, ["talks.example.org"], "http://talks.example.org/"),
        (True, [".example.org", "localhost"], "https://example.org/"),
        (False, [], "http://localhost/"),
    ],
)
def test_without_a_site_url_links_use_the_first_allowed_host(post, reader, settings, is_https, hosts, start):
    settings.SITE_URL, settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = "", is_https, hosts
    tell(reader)

    run()

    assert f"{start}articles" not in post.body()
    assert f"\n{start}admin/articles/revision/" in post.body()


# Failures -----------------------------------------------------------------------------------------


def test_a_refused_address_is_recorded_and_the_next_mail_is_sent(post, reader, capsys, caplog):
    other = make_user("other")
    post.refused["reader@example.org"] = "550 No such\tuser here"
    revision = about()
    failed, sent = tell(reader, revision=revision), tell(other, revision=revision)

    assert run(capsys) == "1 sent, 1 still waiting, 0 given up.\n"

    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.mail, failed.mail_attempts, failed.mail_error) == ("waiting", 1, "550 No such user here")
    assert (sent.mail, sent.mail_error) == ("sent", "")
    assert [message["To"] for message in post.messages] == ["other@example.org"]
    assert f"Mailing notice {failed.pk} failed, will be tried again: 550 No such user here" in caplog.text
    mailbox = Mailbox.objects.failing().get()
    assert (mailbox.user, mailbox.failures, mailbox.last_error) == (reader, 1, "550 No such user here")


@pytest.mark.parametrize("address", ["a@b@c", "reader@example.org\nBcc: x@example.org"])
def test_an_impossible_address_stops_nothing(post, reader, address, monkeypatch):
    other = make_user("other")
    revision = about()
    tell(reader, revision=revision)
    tell(other, revision=revision)
    wrong = property(lambda user: address if user.pk == reader.pk else "other@example.org", lambda user, value: None)
    monkeypatch.setattr(User, "email", wrong)

    run()

    assert [message["To"] for message in post.messages] == ["other@example.org"]
    failed = Notice.objects.get(user=reader)
    assert (failed.mail, failed.mail_attempts) == ("waiting", 1)
    assert failed.mail_error


def test_mail_is_retried_later_and_later_and_then_given_up(post, reader, capsys, django_capture_on_commit_callbacks):
    post.refused["reader@example.org"] = "451 Greylisted"
    notice = tell(reader)

    for attempt, wait in enumerate(RETRY_AFTER, start=1):
        run(capsys)
        notice.refresh_from_db()
        assert (notice.mail, notice.mail_attempts) == ("waiting", attempt)
        assert abs(notice.mail_due_at - timezone.now() - wait) < timedelta(seconds=30)
        later(notice, wait - timedelta(seconds=30))
        run(capsys)
        notice.refresh_from_db()
        assert notice.mail_attempts == attempt, "too early"
        later(notice, timedelta(seconds=31))
    assert run(capsys) == "0 sent, 0 still waiting, 1 given up.\n"
    notice.refresh_from_db()
    assert (notice.mail, notice.mail_attempts, notice.mail_error) == ("failed", MAIL_ATTEMPTS, "451 Greylisted")
    assert Mailbox.objects.get().failures == MAIL_ATTEMPTS
    assert run(capsys) == "0 sent, 0 still waiting, 1 given up.\n"

    post.refused.clear()
    call_command("deliver_notices", "--retry-failed", verbosity=0)

    notice.refresh_from_db()
    assert (notice.mail, len(post.messages)) == ("sent", 1)
    assert not Mailbox.objects.failing().exists()


def test_a_server_that_is_down_is_the_reason(reader, settings):
    settings.EMAIL_IS_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    revision = about()
    first, second = [tell(user, revision=revision) for user in (reader, make_user("other"))]

    run()

    first.refresh_from_db()
    second.refresh_from_db()
    assert "Connection refused" in first.mail_error
    assert (first.mail_attempts, second.mail_attempts, second.mail_due_at) == (1, 0, None)
    assert not Mailbox.objects.failing().exists()  # no address is to blame
    (problem,) = check_health().problems
    assert problem.startswith("mail: The mail server can’t be used: [Errno 111] Connection refused")


def test_a_sender_that_the_server_refuses_is_no_fault_of_the_address(post, reader):
    post.senders = "550 Not your domain"
    tell(reader)

    run()

    assert check_health().problems == ["mail: The mail server can’t be used: 550 Not your domain"]
    assert not Mailbox.objects.failing().exists()
    post.senders = "250 OK"
    later(Notice.objects.get(), RETRY_AFTER[0])

    run()

    assert (check_health().problems, len(post.messages)) == ([], 1)


@pytest.mark.parametrize("answer", ["451 Try later", "554 Looks like spam"])
def test_a_text_that_the_server_refuses_is_tried_again(post, reader, answer):
    post.texts = answer
    notice = tell(reader)

    run()

    notice.refresh_from_db()
    assert (notice.mail, notice.mail_error) == ("waiting", answer)


@pytest.mark.parametrize("end", ["close", "silence"])
def test_a_mail_that_may_have_arrived_is_not_sent_twice(post, reader, settings, end):
    settings.EMAIL_TIMEOUT = 0.5
    post.end_after_text = end
    revision = about()
    notice, other = [tell(user, revision=revision) for user in (reader, make_user("other"))]

    run()

    for told in (notice, other):
        told.refresh_from_db()
        assert (told.mail, told.mail_due_at) == ("failed", None)
        assert told.mail_error.startswith("It may have arrived, so it isn’t sent again: ")
    assert {message["To"] for message in post.messages} == {"reader@example.org", "other@example.org"}
    assert Mailbox.objects.failing().count() == 2
    later(notice, timedelta(days=30))
    run()
    assert len(post.messages) == 2


def test_a_server_that_ends_the_connection_after_each_mail_gets_them_all(post):
    post.mails_per_connection = 1
    revision = about()
    for number in range(3):
        tell(make_user(f"reader{number}"), revision=revision)

    run()

    assert len(post.messages) == 3
    assert not Notice.objects.exclude(mail="sent").exists()
    assert not Mailbox.objects.failing().exists()


def test_a_thousand_notices_are_sent_once_each(post):
    revision = about()
    readers = User.objects.bulk_create(
        User(username=f"reader{number}", email=f"reader{number}@example.org") for number in range(1000)
    )
    Group.objects.get(name="Editors").user_set.add(*readers)
    notify(Notice.Kind.DECIDED, "Something happened.", revision=revision, users=readers)

    while deliver(Notice.objects.all()).sent:
        pass

    assert len({message["To"] for message in post.messages}) == len(post.messages) == 1000
    assert set(Notice.objects.values_list("mail", flat=True)) == {"sent"}


NASTY = "Sleep\r\nBcc: victim@example.org\r\n\r\nBuy 😴 \u202e\x07 now " + "Übermäßig " * 60


def test_names_and_titles_add_no_header(post, reader):
    reader.first_name = NASTY[:150]
    tell(reader, NASTY)

    run()

    (message,) = post.messages
    assert (message["Bcc"], message["To"]) == (None, "reader@example.org")
    assert message["Subject"].strip().startswith("Said at: Sleep Bcc: victim@example.org Buy 😴")
    assert "\nBcc: victim@example.org\n" in post.body()


@pytest.mark.parametrize("address", ["jörg@example.org", "reader@bücher.example"])
def test_addresses_in_other_scripts_stop_nothing(post, address):
    jörg = make_user("jörg")
    User.objects.filter(pk=jörg.pk).update(email=address)
    jörg.refresh_from_db()
    tell(jörg)

    run()

    assert Notice.objects.get().mail in {"sent", "waiting"}
    assert Notice.objects.get().mail == "sent" or Notice.objects.get().mail_error


def test_a_process_that_dies_while_sending_leaves_the_mail_to_be_tried_again(post, reader, monkeypatch):
    notice = tell(reader)
    with monkeypatch.context() as dying:
        dying.setattr("articles.workflow.notifications.delivery.send", _die)
        with pytest.raises(KeyboardInterrupt):
            deliver(Notice.objects.all())
    run()
    run()
    later(notice, CLAIMED_FOR - timedelta(seconds=30))
    run()
    assert post.messages == []  # perhaps another process is still sending it
    later(notice, timedelta(seconds=31))

    run()

    assert len(post.messages) == 1


def _die(*args):
    raise KeyboardInterrupt


def test_a_run_starts_no_mail_after_its_time(post, reader):
    tell(reader)

    assert deliver(Notice.objects.all(), seconds=-1).sent == 0
    assert deliver(Notice.objects.all()).sent == 1


def test_while_mail_is_off_notices_keep_waiting(post, reader, settings):
    notice = tell(reader)
    settings.EMAIL_IS_ON = False

    run()

    notice.refresh_from_db()
    assert (notice.mail, notice.mail_attempts, post.messages) == ("waiting", 0, [])


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}])
def test_whoever_left_gets_no_mail(post, reader, changes):
    notice = tell(reader)
    User.objects.filter(pk=reader.pk).update(**changes)

    run()

    notice.refresh_from_db()
    assert (notice.mail, post.messages) == ("none", [])


def test_a_new_address_starts_with_no_failures(post, reader):
    post.refused["reader@example.org"] = "550 No such user"
    notice = tell(reader)
    run()
    reader.email = "new@example.org"
    reader.save()
    assert not Mailbox.objects.failing().exists()
    post.refused["new@example.org"] = "552 Mailbox full"
    later(notice, RETRY_AFTER[0])

    run()

    mailbox = Mailbox.objects.failing().get()
    assert (mailbox.failing_address, mailbox.failures) == ("new@example.org", 1)
    assert mailbox.last_error == "552 Mailbox full"


# How often ----------------------------------------------------------------------------------------


def test_a_daily_mail_has_all_unread_notices_and_comes_once(post, reader):
    set_frequency(reader, "daily")
    revision = about()
    read, *others = [tell(reader, f"No. {number}\nsays", revision=revision) for number in range(4)]
    Notice.objects.filter(pk=read.pk).update(read_at=timezone.now())
    assert {notice.mail_due_at for notice in others} == {next_digest(others[0].at)}
    run()
    assert post.messages == []
    later(read, timedelta(days=1))

    run()
    run()

    assert post.subjects == ["Said at: 3 notices"]
    lines = post.body().splitlines()
    assert [line for line in lines if line.startswith("No.")] == ["No. 1", "No. 2", "No. 3"]
    assert lines.count(f"https://talks.example.org/admin/articles/revision/{revision.pk}/change/") == 3
    assert sorted(Notice.objects.values_list("mail", flat=True)) == ["none", "sent", "sent", "sent"]


def test_a_daily_mail_is_bounded(post, reader, monkeypatch):
    monkeypatch.setattr("articles.workflow.notifications.messages.LISTED_MAX", 2)
    set_frequency(reader, "daily")
    revision = about()
    for number in range(5):
        notice = tell(reader, f"No. {number}", revision=revision)
    later(notice, timedelta(days=1))

    run()

    assert "No. 1\n" in post.body()
    assert "No. 2\n" not in post.body()
    assert "\n3 more notices are in your inbox.\n" in post.body()
    assert set(Notice.objects.values_list("mail", flat=True)) == {"sent"}


def test_a_daily_mail_that_fails_is_retried_as_one(post, reader):
    post.refused["reader@example.org"] = "451 Try later"
    set_frequency(reader, "daily")
    revision = about()
    notices = [tell(reader, revision=revision) for _ in range(2)]
    later(notices[0], timedelta(days=1))
    run()
    assert {notice.mail_error for notice in Notice.objects.all()} == {"451 Try later"}
    assert Mailbox.objects.get().failures == 1
    post.refused.clear()
    later(notices[0], RETRY_AFTER[0])

    run()

    assert post.subjects == ["Said at: 2 notices"]


@pytest.mark.parametrize(
    ("frequency", "mail", "is_due"),
    [("immediate", "waiting", True), ("daily", "waiting", False), ("none", "none", False)],
)
def test_a_new_choice_also_concerns_what_waits(post, reader, frequency, mail, is_due):
    set_frequency(reader, "daily" if frequency == "immediate" else "immediate")
    notice = tell(reader)

    set_frequency(reader, frequency)

    notice.refresh_from_db()
    assert (notice.mail, Notice.objects.to_send(timezone.now()).exists()) == (mail, is_due)
    assert tell(reader, revision=notice.revision).mail == mail


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2031-05-04T06:59", "2031-05-04T07:00+02:00"),
        ("2031-05-04T07:00", "2031-05-05T07:00+02:00"),
        ("2031-03-29T12:00", "2031-03-30T07:00+02:00"),  # the clocks go forward in between
        ("2031-10-25T12:00", "2031-10-26T07:00+01:00"),  # and back
    ],
)
def test_daily_mail_goes_out_in_the_morning_of_the_sites_time_zone(settings, now, expected):
    settings.TIME_ZONE = "Europe/Berlin"
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Berlin"))

    assert next_digest(moment).isoformat(timespec="minutes") == expected
