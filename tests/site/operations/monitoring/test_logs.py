"""Log lines name request and account, and nothing else about a person; requests are numbered."""

import io
import json
import logging
import re

import pytest

from ketamine_site.operations.monitoring.logs import JSONFormatter
from ketamine_site.operations.monitoring.privacy import scrubbed
from tests.support.factories import make_published


@pytest.fixture
def logged():
    """A function that returns the log lines since, as dictionaries."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_each_request_has_another_number(client, db):
    numbers = {
        client.get(path).headers["X-Request-ID"] for path in ("/nowhere/", "/nowhere/", "/admin/login/", "/livez")
    }

    assert len(numbers) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", number) for number in numbers)


def test_what_caches_may_keep_has_no_number(client, db):
    assert "X-Request-ID" not in client.get("/").headers


@pytest.mark.parametrize(
    ("received", "is_behind_proxy", "is_kept"),
    [
        ("0123456789abcdef", True, True),
        ("0123456789abcdef", False, False),
        ("short", True, False),
        ("x" * 65, True, False),
        ("two words and more", True, False),
        ('"quoted"12345', True, False),
    ],
)
def test_only_a_declared_proxy_numbers_requests(client, settings, received, is_behind_proxy, is_kept):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if is_behind_proxy else None

    response = client.get("/livez", headers={"X-Request-ID": received})

    assert (response.headers["X-Request-ID"] == received) is is_kept


def test_a_line_names_request_and_account(editor_client, editor, logged):
    response = editor_client.get("/admin/articles/article/999/change/")
    missing = editor_client.get("/nowhere/")

    first, *_, last = logged()
    assert (response.status_code, missing.status_code) == (404, 404)
    assert (first["request_id"], first["actor"]) == (response.headers["X-Request-ID"], editor.pk)
    assert (last["request_id"], last["message"]) == (missing.headers["X-Request-ID"], "Not Found: /nowhere/")
    assert editor.username not in json.dumps([first, last])


def test_a_line_about_nobody_has_no_actor(client, db, logged):
    client.get("/nowhere/")

    assert [line["actor"] for line in logged()] == [None]


def test_a_line_outside_a_request_has_no_number(logged):
    logging.getLogger("articles").error("Job %s failed", "mail")

    [line] = logged()
    assert line.keys() == {"time", "level", "logger", "message"}
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "articles", "Job mail failed")


def test_an_error_is_one_line_without_what_it_was_about(client, people, logged, monkeypatch):
    name = "in" + "es"  # the traceback quotes the code
    message = f"Key (email)=({name}@example.org) from 192.0.2.7\nDETAIL:  Key (username)=({name}) exists."

    def fail(*_):
        raise ValueError(message)

    make_published("sleep", **people)
    monkeypatch.setattr("articles.views.machine.health.check_health", fail)
    client.raise_request_exception = False

    response = client.get("/health/?q=secret")

    [line] = logged()
    assert response.status_code == 500
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert "ValueError: Key (email)=([mail address]) from [address]\nDETAIL: [left out]" in line["exception"]
    assert not re.search("ines|192|secret", json.dumps(line))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("from 192.0.2.7:443", "from [address]:443"),
        ("from 2001:db8::7.", "from [address]."),
        ("from ::1, port 8000", "from [address], port 8000"),
        ("to o'neil+x@mail.example.org!", "to o'[mail address]!"),
        ("Gone: /shared/DmAVtsJLYHkmAT43t3GRu9NsUDXnsMpLfxw430Jfpqc/", "Gone: /shared/[key]/"),
        ("/suggestions/fc78322df9624dcbb6860d27e4222627.ZYIEe4hF-yA6B/", "/suggestions/[key]/"),
        ("/static/js/shared/unsaved.js", "/static/js/shared/unsaved.js"),
        ("[00:06:31-00:07:10] of 1:30:00 in 5.2.8", "[00:06:31-00:07:10] of 1:30:00 in 5.2.8"),
        ("/articles/sleep/ [e2 00:10:00]", "/articles/sleep/ [e2 00:10:00]"),
    ],
)
def test_addresses_are_removed_and_timestamps_stay(text, left):
    assert scrubbed(text) == left
