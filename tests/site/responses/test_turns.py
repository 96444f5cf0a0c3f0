"""After a change each response is rendered once, however many ask for it at the same time."""

import threading
import time

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from articles.derived.responses import fresh, keys, stored, turns
from articles.derived.responses.turns import turn
from articles.models import PublicVersion, StoredResponse, Topic
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4  # and the test itself: as many as a pool of connections has


def at_once(function, count=THREADS):
    """Call `function` in `count` threads that begin together; returns what they returned."""
    begin, found = threading.Barrier(count), []

    def run():
        try:
            connection.ensure_connection()
            begin.wait(timeout=20)
            found.append(function())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.fixture
def rendered(monkeypatch):
    """The paths that are rendered, slowly."""
    paths, original = [], fresh.render

    def slowly(get_response, address):
        paths.append(address.path)
        time.sleep(0.1)
        return original(get_response, address)

    monkeypatch.setattr(fresh, "render", slowly)
    return paths


def test_it_is_rendered_once_while_the_others_wait(rendered):
    make_published(episode=make_episode())
    for number in range(2):
        Topic.objects.create(slug=f"nights-{number}", title=f"Nights {number}")

        found = at_once(lambda: Client().get("/"))

        assert {response.status_code for response in found} == {200}
        assert len({response.content for response in found}) == 1
        assert len(found) == THREADS
        assert rendered == ["/"]
        rendered.clear()


def test_others_take_over_if_rendering_fails(monkeypatch):
    make_published(episode=make_episode())
    original, failed = fresh.render, []

    def first_fails(get_response, address):
        if not failed:
            failed.append(address)
            raise RuntimeError
        return original(get_response, address)

    monkeypatch.setattr(fresh, "render", first_fails)

    found = at_once(lambda: Client(raise_request_exception=False).get("/").status_code)

    assert sorted(found) == [200] * (THREADS - 1) + [500]


def test_what_changed_while_it_was_rendered_is_not_stored(monkeypatch):
    make_published(episode=make_episode())
    original = fresh.render

    def changing(get_response, address):
        response = original(get_response, address)
        at_once(lambda: Topic.objects.create(slug="late", title="Late"), 1)
        return response

    monkeypatch.setattr(fresh, "render", changing)

    Client().get("/")

    assert not StoredResponse.objects.exists()


def test_nothing_waits_for_another_writer(settings):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    make_published(episode=make_episode())
    is_writing, may_end = threading.Event(), threading.Event()

    def write():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            is_writing.set()
            may_end.wait(timeout=20)
            cursor.execute("ROLLBACK")

    writer = threading.Thread(target=lambda: (write(), connection.close()))
    writer.start()
    is_writing.wait(timeout=20)
    start = time.monotonic()

    response = Client().get("/")

    taken = time.monotonic() - start
    may_end.set()
    writer.join()
    assert (response.status_code, StoredResponse.objects.count()) == (200, 0)
    assert taken < 5
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


def test_a_machine_that_is_cut_off_keeps_nobody_waiting(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is on one machine")
    make_published(episode=make_episode())
    monkeypatch.setattr(turns, "PATIENCE", 1)
    key = keys.address_of(RequestFactory().get("/").META).key
    with turn(key):  # as the other machine
        (status,) = at_once(lambda: Client().get("/").status_code, 1)

    assert status == 200
    assert at_once(lambda: _timeout(key), 1) == ["0"]


def _timeout(key):
    with turn(key), connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_responses_with_other_numbers_do_not_wait():
    with turn("a"):
        assert at_once(lambda: _take("c"), 1)  # "b" would have the same number == [True]


def _take(key):
    with turn(key):
        return True


def test_erased_text_is_not_stored_by_somebody_who_has_rendered_it_before():
    version = stored.site_version()
    stored.forget_all()

    assert not stored.save("key", stored.Answer([], "", {"": b"erased"}), stored.SITE, version)
    assert PublicVersion.objects.get(scope=stored.SITE).number == version + 1
