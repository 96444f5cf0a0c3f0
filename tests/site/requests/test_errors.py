"""Every error has a page that says what to do and the headers of other pages, and no cache keeps it."""

import io
import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

FORM = "/admin/login/"


@pytest.fixture
def log():
    """What is written to the log from here on."""
    (handler,) = (handler for handler in logging.getLogger().handlers if handler.name == "console")
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


def ask(method, path, *, checked=False, **headers):
    client = Client(enforce_csrf_checks=checked, raise_request_exception=False)
    return client.generic(method, path, headers=headers)


def too_many_fields():
    return Client().post(FORM, {str(number): "" for number in range(30_000)})


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (lambda: ask("GET", "/", host="elsewhere.example"), 400, "can’t be read"),
        (lambda: ask("POST", FORM, **{"content-type": "text/plain; charset=utf-16"}), 400, "go back"),
        (lambda: ask("POST", FORM, checked=True), 403, "security token"),
        (lambda: ask("GET", "/nowhere/"), 404, "All articles"),
        (lambda: ask("GET", "/media/../../etc/hostname"), 404, "All articles"),
        (lambda: ask("POST", "/articles/tides/"), 405, "It takes GET, HEAD, not POST"),
        (lambda: ask("PURGE", FORM), 405, "It takes GET, HEAD, POST, OPTIONS, not PURGE"),
        (lambda: ask("Q" * 3000, "/"), 405, f"not {'Q' * 20}."),
        (lambda: ask("POST", "/health/"), 405, "go back"),
        (too_many_fields, 413, "send fewer"),
    ],
)
def test_every_error_says_what_to_do_and_is_kept_by_nobody(make, status, words):
    response = make()

    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in response.text
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_the_page_has_the_number_of_its_error():
    assert '<p class="head__kicker">413</p>' in too_many_fields().text
    assert '<p class="head__kicker">405</p>' in ask("POST", "/").text


def test_an_error_of_ours_is_kept_by_nobody(monkeypatch):
    monkeypatch.setattr("articles.views.collections.topics.public_page", None)  # whatever fails
    response = ask("GET", "/topics/")

    assert response.status_code == 500
    assert "Try again in a moment" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_what_is_no_error_is_kept(client):
    assert "no-store" not in client.get("/topics/").headers["Cache-Control"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: ask("GET", "/", host="elsewhere.example"),
        lambda: ask("POST", FORM, **{"content-type": "text/plain; charset=utf-16"}),
        lambda: ask("GET", "/media/../../etc/hostname"),
        too_many_fields,
    ],
)
def test_what_clients_do_wrong_fills_no_log(make, log):
    make()

    assert 1 <= len(log.getvalue().splitlines()) <= 2


def test_what_we_do_wrong_is_logged_with_the_place(monkeypatch, log):
    monkeypatch.setattr("articles.views.collections.topics.public_page", None)
    ask("GET", "/topics/")

    assert log.getvalue().startswith("ERROR django.request: Internal Server Error: /topics/\nTraceback")
