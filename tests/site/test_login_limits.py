"""Wrong passwords are limited for an account from an address, and for an address; the right words are said."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from articles.views.http import client_network
from tests.support.factories import make_published, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
RIGHT = "a long test password"


def tried(name="editor", password="wrong", *, client=None, address="192.0.2.1", **more):  # noqa: S107  (a wrong one)
    data = {"username": name, "password": password, "next": "/admin/"}
    return (client or Client()).post(LOGIN, data, REMOTE_ADDR=address, **more)


def try_often(count, name="editor", **more):
    return [tried(name, **more).status_code for _ in range(count)]


def age(**period):
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**period))


def test_the_fifth_wrong_password_locks_the_account_for_that_address():
    make_user()
    make_user("other")

    statuses = try_often(6)

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert tried(password=RIGHT).status_code == 429
    assert tried(password=RIGHT, address="192.0.2.2").status_code == 302
    assert tried("other", RIGHT).status_code == 302


def test_a_name_that_does_not_exist_is_answered_as_one_that_does():
    make_user()

    answers = {}
    for name in ("editor", "unheard-of"):
        try_often(5, name)
        AccessAttempt.objects.update(attempt_time=datetime(2126, 1, 1, tzinfo=UTC))
        answers[name] = tried(name).text.replace(name, "…")

    assert answers["editor"] == answers["unheard-of"]


def test_twenty_wrong_passwords_over_many_accounts_lock_the_address():
    make_user()

    statuses = [tried(f"guess-{number}").status_code for number in range(21)]
    refused = tried(password=RIGHT)

    assert statuses == [200] * 19 + [429] * 2
    assert refused.status_code == 429
    assert "login attempts for" not in refused.text
    assert "There were too many failed login attempts from your network address." in refused.text
    assert tried(password=RIGHT, address="192.0.2.2").status_code == 302


def test_another_browser_at_the_same_address_does_not_begin_anew():
    make_user()

    statuses = [tried(headers={"user-agent": f"Browser {number}"}).status_code for number in range(5)]

    assert statuses == [200, 200, 200, 200, 429]


def test_the_lock_ends_after_a_quarter_of_an_hour_and_trying_does_not_make_it_longer():
    make_user()
    try_often(5)
    age(minutes=14)

    early = tried()
    age(minutes=1, seconds=1)

    assert early.status_code == 429
    assert 1 <= int(early.headers["Retry-After"]) <= 60
    assert tried(password=RIGHT).status_code == 302


def test_the_page_says_until_when_in_plain_words(settings):
    settings.TIME_ZONE = "UTC"
    make_user()
    try_often(5, "<b>")
    moment = datetime(2126, 1, 1, 12, 0, 30, tzinfo=UTC)
    AccessAttempt.objects.update(attempt_time=moment)

    response = tried("<b>")

    assert response.status_code == 429
    assert "1 Jan 2126, 12:16 (UTC)" in response.text
    assert "login attempts for “&lt;b&gt;” from your network address" in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert "Content-Security-Policy" in response.headers


def test_who_logs_in_is_forgiven_their_own_failures_and_no_others():
    make_user()
    try_often(4)
    try_often(3, "other")

    assert tried(password=RIGHT).status_code == 302
    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("other", 3)]


def test_somebody_with_an_account_cannot_guess_for_ever_by_logging_in_in_between():
    make_user()

    for number in range(19):
        tried(f"guess-{number}")
        tried(password=RIGHT)

    assert tried("guess-19").status_code == 429


def test_what_is_kept_holds_no_password_and_goes_with_the_next_attempt():
    make_user()
    tried(password="a secret slip")
    (kept,) = AccessAttempt.objects.all()
    age(minutes=16)
    tried(password=RIGHT)

    assert "a secret slip" not in kept.post_data
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_behind_a_proxy_each_client_is_counted_by_what_the_proxy_says(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_user()

    for number in range(5):
        forged = f"198.51.100.{number}, 203.0.113.7"
        last = tried(address="10.0.0.1", headers={"x-forwarded-for": forged})

    assert last.status_code == 429
    neighbour = {"x-forwarded-for": "203.0.113.8"}
    assert tried(password=RIGHT, address="10.0.0.1", headers=neighbour).status_code == 302


def test_without_a_proxy_a_forwarded_address_is_not_believed():
    make_user()

    statuses = [tried(headers={"x-forwarded-for": f"203.0.113.{number}"}).status_code for number in range(5)]

    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        ([f"2001:db8::{number}" for number in range(1, 6)], 429),
        ([f"2001:db8:0:{number}::1" for number in range(1, 6)], 200),
        ([""] * 5, 429),  # a socket: all who come through it are one
    ],
)
def test_an_ipv6_network_and_a_socket_are_one_address(addresses, status):
    make_user()

    assert [tried(address=address).status_code for address in addresses][-1] == status


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::ffff", "2001:db8::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_network_of_a_request(rf, address, network):
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize(
    "command", [("axes_reset_username", "editor"), ("axes_reset_ip", "192.0.2.1"), ("axes_reset",)]
)
def test_an_administrator_unlocks_by_command(command, capsys):
    make_user()
    try_often(5)

    call_command(*command)

    assert tried(password=RIGHT).status_code == 302


def test_a_script_that_logs_in_without_a_request_is_let_through():
    make_user()
    try_often(5)

    assert Client().login(username="editor", password=RIGHT)


def test_the_form_is_still_there_while_the_address_is_locked():
    try_often(5)

    assert Client().get(LOGIN, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_readers_are_not_counted_and_get_no_cookie(client, django_assert_num_queries):
    make_published()
    try_often(5)
    with django_assert_num_queries(1):
        response = client.get("/articles/sleep/", REMOTE_ADDR="192.0.2.1")

    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_until_is_the_latest_of_the_limits_that_hold():
    try_often(5)
    now = timezone.now()
    AccessAttempt.objects.create(
        username="other", ip_address="192.0.2.1", failures_since_start=20, attempt_time=now, user_agent=""
    )
    age(minutes=5)
    AccessAttempt.objects.filter(username="editor").update(attempt_time=now)

    response = tried()

    assert 590 < int(response.headers["Retry-After"]) <= 900
