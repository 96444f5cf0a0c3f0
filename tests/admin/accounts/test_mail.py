"""The choice of how often to get mail, and what administrators see of addresses that fail."""

import pytest
from django.utils import timezone

from articles.models import Mailbox, Notice
from articles.workflow.notifications.mailboxes import mail_failed
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_published, make_user

pytestmark = pytest.mark.django_db

ACCOUNT = "/admin/your-account/"
MAILBOXES = "/admin/articles/mailbox/"


@pytest.fixture
def chief(db):
    return make_user("chief", groups=("Administrators",))


@pytest.fixture
def given_up(editor, moderator):
    """A notice of the editor whose mail was given up."""
    article = make_published(by=editor, moderator=moderator)
    for _ in range(2):
        mail_failed(editor, "550 No <such> user")
    return Notice.objects.create(
        user=editor, kind="decided", article=article, text="Private words.", at=timezone.now(), mail="failed",
        mail_attempts=5, mail_error="550 No <such> user",
    )  # fmt: skip


def test_everyone_chooses_how_often_they_get_mail(editor):
    client = logged_in(editor)
    first = client.get(ACCOUNT)
    assert first.context["form"]["frequency"].value() == "immediate"
    assert "Your address is editor@example.org." in first.text

    done = client.post(ACCOUNT, {"frequency": "daily"})

    assert (done.headers["Location"], messages_of(done)) == (ACCOUNT, ["Saved."])
    assert Mailbox.objects.get(user=editor).frequency == "daily"
    assert client.get(ACCOUNT).context["form"]["frequency"].value() == "daily"


@pytest.mark.parametrize("data", [{}, {"frequency": "hourly"}])
def test_an_invalid_choice_is_named(editor, data):
    response = logged_in(editor).post(ACCOUNT, data)

    assert response.status_code == 400
    assert "Not saved. Correct the errors below." in response.text
    assert not Mailbox.objects.exists()


def test_account_page_says_that_mail_fails(editor, given_up):
    shown = logged_in(editor).get(ACCOUNT).text

    assert "Mail to editor@example.org has failed since" in shown
    assert "550 No &lt;such&gt; user" in shown


def test_account_page_without_an_address(editor):
    editor.email = ""
    editor.save()

    assert "Your account has no mail address" in logged_in(editor).get(ACCOUNT).text


def test_administrators_see_whose_mail_keeps_failing(chief, editor, moderator, given_up):
    client = logged_in(chief)
    assert "Mail to 1 address keeps failing." in client.get("/admin/").text
    assert "keeps failing" not in logged_in(moderator).get("/admin/").text

    listed = client.get(f"{MAILBOXES}?failing=yes").text
    row = client.get(f"{MAILBOXES}{Mailbox.objects.get().pk}/change/").text

    assert "editor@example.org" in listed
    assert "550 No &lt;such&gt; user" in listed
    assert "<li>failed: sleep, 5 attempts: 550 No &lt;such&gt; user</li>" in row
    assert "Private words." not in row
    assert logged_in(moderator).get(MAILBOXES).status_code == 403


def test_mail_that_arrives_again_is_no_longer_listed(chief, editor):
    mail_failed(editor, "450 Busy")
    assert "keeps failing" not in logged_in(chief).get("/admin/").text  # once is not yet a pattern
    Mailbox.objects.update(failures=0)

    assert "editor@example.org" not in logged_in(chief).get(f"{MAILBOXES}?failing=yes").text


@pytest.mark.parametrize(("mail", "message"), [("failed", "1 notice will"), ("sent", "0 notices will")])
def test_administrators_send_mail_again(chief, given_up, mail, message):
    Notice.objects.filter(pk=given_up.pk).update(mail=mail)
    data = {"action": "send_again", "_selected_action": [Mailbox.objects.get().pk]}

    done = logged_in(chief).post(MAILBOXES, data)

    assert messages_of(done) == [f"{message} be mailed again."]
    given_up.refresh_from_db()
    assert (given_up.mail, given_up.mail_attempts) == (("waiting", 0) if mail == "failed" else ("sent", 5))
