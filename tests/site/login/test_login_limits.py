"""Wrong passwords are limited per account and address, and per address; the page explains the lock."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.views.http import client_network
from tests.support.factories import make_published, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
RIGHT = "a long test password"


def attempt(name="editor", password="wrong", *, client=None, address="192.0.2.1", **extra):  # noqa: S107  (wrong on purpose)
    data = {"username": name, "password": password, "next": "/admin/"}
    return (client or Client()).post(LOGIN, data, REMOTE_ADDR=address, **extra)


def attempt_often(count, name="editor", **extra):
    return [attempt(name, **extra).status_code for _ in range(count)]


def age(**period):
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**period))


def test_fifth_wrong_password_locks_the_account_for_that_address():
    make_user()
    make_user("other")

    statuses = attempt_often(6)

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert attempt(password=RIGHT).status_code == 429
    assert attempt(password=RIGHT, address="192.0.2.2").status_code == 302
    assert attempt("other", RIGHT).status_code == 302


def test_unknown_account_gets_the_same_response_as_a_known_one():
    make_user()

    pages = {}
    for name in ("editor", "unheard-of"):
        attempt_often(5, name)
        AccessAttempt.objects.update(attempt_time=datetime(2126, 1, 1, tzinfo=UTC))
        pages[name] = attempt(name).text.replace(name, "…")

    assert pages["editor"] == pages["unheard-of"]


def test_names_longer_than_any_account_has_are_refused_and_counted_alike():
    statuses = attempt_often(5, "x" * 5000)

    assert statuses == [200, 200, 200, 200, 429]
    assert [len(name) for name in AccessAttempt.objects.values_list("username", flat=True)] == [255]
    assert attempt("x" * 255).status_code == 429


def test_twenty_wrong_passwords_over_many_accounts_lock_the_address():
    make_user()

    statuses = [attempt(f"guess-{number}").status_code for number in range(21)]
    refused = attempt(password=RIGHT)

    assert statuses == [200] * 19 + [429] * 2
    assert refused.status_code == 429
    assert "login attempts for" not in refused.text
    assert "There were too many failed login attempts from your network address." in refused.text
    assert attempt(password=RIGHT, address="192.0.2.2").status_code == 302


def test_another_browser_at_the_same_address_counts_too():
    make_user()

    statuses = [attempt(headers={"user-agent": f"Browser {number}"}).status_code for number in range(5)]

    assert statuses == [200, 200, 200, 200, 429]


def test_lock_ends_after_fifteen_minutes_and_further_attempts_do_not_extend_it():
    make_user()
    attempt_often(5)
    age(minutes=14)

    early = attempt()
    age(minutes=1, seconds=1)

    assert early.status_code == 429
    assert 1 <= int(early.headers["Retry-After"]) <= 60
    assert attempt(password=RIGHT).status_code == 302


def test_page_says_when_the_lock_ends(settings):
    settings.TIME_ZONE = "UTC"
    make_user()
    attempt_often(5, "<b>")
    moment = datetime(2126, 1, 1, 12, 0, 30, tzinfo=UTC)
    AccessAttempt.objects.update(attempt_time=moment)

    response = attempt("<b>")

    assert response.status_code == 429
    assert "1 Jan 2126, 12:16 (UTC)" in response.text
    assert "login attempts for “&lt;b&gt;” from your network address" in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert "Content-Security-Policy" in response.headers


def test_login_resets_only_the_failures_of_that_account():
    make_user()
    attempt_often(4)
    attempt_often(3, "other")

    assert attempt(password=RIGHT).status_code == 302
    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("other", 3)]


def test_logging_in_between_guesses_does_not_evade_the_limit():
    make_user()

    for number in range(19):
        attempt(f"guess-{number}")
        attempt(password=RIGHT)

    assert attempt("guess-19").status_code == 429


def test_records_contain_no_password_and_are_deleted_with_the_next_attempt():
    make_user()
    attempt(password="a secret slip")
    (record,) = AccessAttempt.objects.all()
    age(minutes=16)
    attempt(password=RIGHT)

    assert "a secret slip" not in record.post_data
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_behind_a_proxy_clients_are_counted_by_the_address_it_forwards(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_user()

    for number in range(5):
        forged = f"198.51.100.{number}, 203.0.113.7"
        last = attempt(address="10.0.0.1", headers={"x-forwarded-for": forged})

    assert last.status_code == 429
    neighbour = {"x-forwarded-for": "203.0.113.8"}
    assert attempt(password=RIGHT, address="10.0.0.1", headers=neighbour).status_code == 302


def test_without_a_proxy_forwarded_addresses_are_ignored():
    make_user()

    statuses = [attempt(headers={"x-forwarded-for": f"203.0.113.{number}"}).status_code for number in range(5)]

    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        ([f"2001:db8::{number}" for number in range(1, 6)], 429),
        ([f"2001:db8:0:{number}::1" for number in range(1, 6)], 200),
        ([""] * 5, 429),  # a Unix socket: all its clients count together
    ],
)
def test_ipv6_network_and_socket_count_as_one_address(addresses, status):
    make_user()

    assert [attempt(address=address).status_code for address in addresses][-1] == status


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
def test_administrator_can_unlock_by_command(command, capsys):
    make_user()
    attempt_often(5)

    call_command(*command)

    assert attempt(password=RIGHT).status_code == 302


def test_script_can_log_in_without_a_request():
    make_user()
    attempt_often(5)

    assert Client().login(username="editor", password=RIGHT)


def test_login_form_is_shown_while_the_address_is_locked():
    attempt_often(5)

    assert Client().get(LOGIN, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_readers_are_not_counted_and_get_no_cookie(client):
    make_published()
    attempt_often(5)
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/articles/sleep/", REMOTE_ADDR="192.0.2.1")

    assert response.status_code == 200
    assert not [query for query in queries if re.search("axes|django_session", query["sql"])]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_lock_lasts_until_the_last_limit_ends():
    attempt_often(5)
    now = timezone.now()
    AccessAttempt.objects.create(
        username="other", ip_address="192.0.2.1", failures_since_start=20, attempt_time=now, user_agent=""
    )
    age(minutes=5)
    AccessAttempt.objects.filter(username="editor").update(attempt_time=now)

    response = attempt()

    assert 590 < int(response.headers["Retry-After"]) <= 900


# One account, many addresses ----------------------------------------------------------------------


def attack(count, name="editor"):
    """Guess from a new address each time; return the statuses."""
    return [attempt(name, address=f"198.51.{number // 250}.{number % 250}").status_code for number in range(count)]


def test_an_account_attacked_from_many_addresses_is_slowed_down():
    make_user()
    make_user("other")

    statuses = attack(60)

    assert statuses == [200] * 49 + [429] * 11
    refused = attempt(password=RIGHT, address="203.0.113.1")
    assert refused.status_code == 429
    assert "from several network addresses" in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= 900
    assert attempt("other", RIGHT, address="203.0.113.1").status_code == 302
    age(minutes=15, seconds=1)
    assert attempt(password=RIGHT, address="203.0.113.1").status_code == 302


def test_its_owner_still_gets_in_from_a_browser_that_has_logged_in_before():
    user, browser = make_user(), Client()
    attempt(password=RIGHT, client=browser)
    cookie = browser.cookies["known_browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin/")
    browser.logout()
    browser.cookies["known_browser"] = cookie.value
    make_user("other")

    attack(60)

    assert attempt(password=RIGHT, client=browser, address="203.0.113.1").status_code == 302
    del browser.cookies["sessionid"]
    assert attempt("other", RIGHT, client=browser, address="203.0.113.1").status_code == 302
    user.set_password("another long test password")
    user.save()
    browser.cookies["known_browser"] = cookie.value
    assert attempt(password="another long test password", client=browser, address="203.0.113.1").status_code == 429


def test_a_known_browser_guesses_no_more_often_than_others():
    make_user()
    browser = Client()
    attempt(password=RIGHT, client=browser)
    browser.cookies.pop("sessionid")

    statuses = [attempt(client=browser).status_code for _ in range(6)]

    assert statuses == [200, 200, 200, 200, 429, 429]


def test_a_stolen_cookie_is_worth_five_guesses_at_many_addresses():
    make_user()
    browser = Client()
    attempt(password=RIGHT, client=browser)
    stolen = browser.cookies["known_browser"].value

    def guess(number, password="wrong"):  # noqa: S107  (wrong on purpose)
        thief = Client()
        thief.cookies["known_browser"] = stolen
        return attempt(password=password, client=thief, address=f"203.0.{number}.7").status_code

    attack(60)
    statuses = [guess(number) for number in range(8)]

    assert statuses == [200] * 5 + [429] * 3
    assert guess(9, RIGHT) == 429
    age(minutes=15, seconds=1)
    assert guess(9, RIGHT) == 302


def test_a_forged_cookie_makes_no_browser_known():
    make_user()
    browser = Client()

    attack(60)

    for value in ("", "x", "WzEsIngiXQ:1a:forged"):
        browser.cookies["known_browser"] = value
        assert attempt(password=RIGHT, client=browser, address="203.0.113.1").status_code == 429, value


def test_wrong_old_passwords_count_like_wrong_logins(client):
    client.force_login(make_user())
    new = {"new_password1": "another long test password", "new_password2": "another long test password"}

    def change(old):
        return client.post("/admin/password_change/", {"old_password": old, **new}, REMOTE_ADDR="192.0.2.1")

    statuses = [change("wrong").status_code for _ in range(5)]
    refused = change(RIGHT)

    assert statuses == [200, 200, 200, 200, 429]
    assert refused.status_code == 429
    assert attempt(password=RIGHT).status_code == 429  # the same count
    age(minutes=15, seconds=1)
    assert change(RIGHT).status_code == 302
    assert attempt(password=new["new_password1"]).status_code == 302


def test_a_new_password_that_is_refused_is_no_guess(client):
    client.force_login(make_user())

    for _ in range(6):
        data = {"old_password": RIGHT, "new_password1": "short", "new_password2": "short"}
        response = client.post("/admin/password_change/", data)

    assert response.status_code == 200
    assert not AccessAttempt.objects.exists()
