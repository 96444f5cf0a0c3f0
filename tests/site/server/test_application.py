"""What the server makes of requests before Django sees them, and of its answers."""

import asyncio
import tempfile
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from ketamine_site.server import bodies, limits
from ketamine_site.server.application import Application
from ketamine_site.server.site import application as site_application
from ketamine_site.server.site import is_logged_in, is_slow

STAFF_BYTES = 10 * limits.MB

pytestmark = pytest.mark.django_db  # Django looks after its connections at the end of each answer


class Client:
    """Asks `application` as granian does; `parts` of a body follow each other, and None is a client that is gone."""

    def __init__(self, application):
        self.application = application
        self.received = 0

    def ask(self, method="GET", path=b"/", *headers, parts=(b"",), query=b""):
        """Return (status, {name: value} of the headers, the content as bytes or the path of a file)."""
        return asyncio.run(self._ask(method, path, headers, list(parts), query))

    async def _ask(self, method, path, headers, parts, query):
        sent = []

        async def receive():
            if not parts:
                await asyncio.Event().wait()
            part = parts.pop(0)
            if part is None:
                return {"type": "http.disconnect"}
            self.received += len(part)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "raw_path": path,
            "query_string": query,
            "http_version": "1.1",
            "server": ("127.0.0.1", "8000"),
            "client": ("192.0.2.1", "50000"),
            "headers": headers,
        }
        await self.application(scope, receive, send)
        start, body = sent
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
        return start["status"], names, body.get("body", body.get("path"))


def environment_of(*headers, behind_proxy=False, **request):
    """The WSGI environment of a request."""
    seen = []

    def wsgi(environ, start_response):
        seen.append(environ)
        start_response("200 OK", [])
        return [b""]

    Client(Application(wsgi, behind_proxy=behind_proxy)).ask("GET", request.pop("path", b"/"), *headers, **request)
    return seen[0]


def answering(response):
    """An application that answers with a Django response."""

    def wsgi(environ, start_response):
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        if getattr(response, "file_to_stream", None):
            response.file_to_stream.close = response.close
            return environ["wsgi.file_wrapper"](response.file_to_stream, response.block_size)
        return response

    return Application(wsgi)


def echo(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def test_environment_is_that_of_any_wsgi_server():
    environ = environment_of((b"host", b"example.org"), path=b"/a%2Fb%C3%A9%FF", query=b"q=%20x")

    assert environ["PATH_INFO"] == "/a/b\xc3\xa9\xff"  # bytes as Latin-1, as WSGI has it
    assert (environ["QUERY_STRING"], environ["HTTP_HOST"]) == ("q=%20x", "example.org")
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"], environ["SCRIPT_NAME"]) == ("192.0.2.1", "8000", "")


def test_repeated_headers_are_joined():
    environ = environment_of(
        (b"cookie", b"a=1"), (b"cookie", b"b=\xe9"), (b"accept", b"text/html"), (b"accept", b"text/plain")
    )

    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"]) == ("a=1; b=\xe9", "text/html,text/plain")


SPOOFED = [(b"x-forwarded-for", b"1"), (b"forwarded", b"for=1"), (b"x-real-ip", b"1"), (b"script-name", b"/x")]


def test_headers_of_a_proxy_count_only_if_it_is_declared():
    assert environment_of(*SPOOFED).keys() == environment_of().keys()
    assert environment_of(*SPOOFED, behind_proxy=True)["HTTP_X_FORWARDED_FOR"] == "1"


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_names_with_an_underscore_never_count(behind_proxy):
    headers = [
        (name.replace(b"-", b"_"), value) for name, value in [*SPOOFED, (b"content-length", b"9")] if b"-" in name
    ]

    assert environment_of(*headers, behind_proxy=behind_proxy).keys() == environment_of().keys()


def test_names_that_clients_invent_fill_no_memory():
    application = Application(echo)
    for number in range(2000):
        Client(application).ask("GET", b"/", (b"x-%d" % number, b"1"))

    assert len(application.keys) <= 1000


def test_body_arrives_completely_before_it_is_handled():
    parts = [b"one ", b"two ", b"three"]

    assert Client(Application(echo)).ask("POST", b"/", (b"content-length", b"13"), parts=parts)[2] == b"one two three"


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        (b"/articles/x/challenge/", limits.FORM_BYTES, 200),
        (b"/articles/x/challenge/", limits.FORM_BYTES + 1, 413),
        (b"/admin/x/", STAFF_BYTES, 200),
        (b"/admin/x/", STAFF_BYTES + 1, 413),
        (b"/%61dmin/x/", STAFF_BYTES, 200),
    ],
)
def test_how_long_a_body_may_be_depends_on_the_path(path, length, status):
    client = Client(Application(echo, staff_path="/admin/", staff_bytes=STAFF_BYTES))

    answer = client.ask("POST", path, (b"content-length", str(length).encode()), parts=[b"x" * length])

    assert answer[0] == status
    if status == 413:
        assert (answer[1]["connection"], answer[1]["cache-control"]) == ("close", "no-store")
        assert ("10 MB" if b"admin" in path else "64 KB") in answer[2].decode()


def test_body_in_chunks_is_refused():
    assert Client(Application(echo)).ask("POST", b"/", (b"transfer-encoding", b"chunked"), parts=[b"x"])[0] == 411


def test_body_that_ends_early_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "REFUSAL_SECONDS", 0.1)

    assert Client(Application(echo)).ask("POST", b"/", (b"content-length", b"9"), parts=[b"x", None])[0] == 400


def test_body_that_arrives_too_slowly_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(limits, "REFUSAL_SECONDS", 0.1)

    assert Client(Application(echo)).ask("POST", b"/", (b"content-length", b"9"), parts=[b"x"])[0] == 408


def test_body_that_keeps_coming_has_more_time():
    """A slow connection isn't an attack: what has arrived extends the time for the rest."""

    async def receive_slowly():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def read():
        return await bodies.read(receive_slowly, 20_000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BODY_SECONDS", 0.2)
        patch.setattr(limits, "BODY_BYTES_PER_SECOND", 10_000)
        assert len(asyncio.run(read()).read()) == 20_000


@pytest.mark.parametrize(
    ("full", "length", "cookies", "status"),
    [
        ("open", 9, (), 503),
        ("long", 100_000, (), 503),
        ("long", 9, (), 200),  # such as a log-in
        ("open", 100_000, (), 200),
        ("open", 9, [(b"cookie", b"session")], 200),
        ("long", 100_000, [(b"cookie", b"session")], 200),
    ],
)
def test_bodies_of_strangers_take_no_memory_from_staff_and_long_ones_none_from_log_ins(full, length, cookies, status):
    application = Application(
        echo, staff_path="/admin/", staff_bytes=STAFF_BYTES, is_staff=lambda environ: "HTTP_COOKIE" in environ
    )
    getattr(application, full).left = 5  # the rest is taken

    announced = (b"content-length", str(length).encode())
    answer = Client(application).ask("POST", b"/admin/", announced, *cookies, parts=[b"x" * length])

    assert (answer[0], answer[1].get("retry-after")) == (status, "60" if status == 503 else None)


@pytest.mark.parametrize("parts", [[b"x" * 9], [b"x", None]])
def test_memory_of_a_body_is_given_back(parts, monkeypatch):
    monkeypatch.setattr(limits, "REFUSAL_SECONDS", 0.1)
    application = Application(echo)

    Client(application).ask("POST", b"/", (b"content-length", b"9"), parts=parts)

    assert application.open.left == limits.OPEN_BODIES_BYTES


def test_session_of_somebody_who_is_logged_in_is_known(transactional_db):
    session = SessionStore()
    session["other"] = 1
    session.save()
    environ = {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}={session.session_key}"}

    assert not is_logged_in(environ)
    session[SESSION_KEY] = "1"
    session.save()
    assert is_logged_in(environ)
    assert not is_logged_in({"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={'x' * 32}"})
    assert not is_logged_in({})


def test_the_longest_form_and_file_of_the_site_are_accepted():
    application = site_application()

    assert application.staff_path == "/admin/"
    assert application.staff_bytes > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + settings.TRANSCRIPT_MAX_BYTES
    assert application.staff_bytes < limits.LONG_BODIES_BYTES


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_file_is_sent_by_the_server(tmp_path, temporary):
    file = tmp_path / "picture.png"
    file.write_bytes(b"x" * 2 * limits.MEMORY_BYTES)
    response = FileResponse(file.open("rb"))

    assert Client(answering(response)).ask()[2] == str(file)
    assert response.closed
    assert list(temporary.iterdir()) == []


def test_file_in_memory_is_sent(tmp_path):
    with tempfile.SpooledTemporaryFile(limits.MB) as file:
        file.write(b"short")
        file.seek(0)

        assert Client(answering(FileResponse(file))).ask()[2] == b"short"


def unnamed():
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    file.write(b"x" * 2 * limits.MEMORY_BYTES)
    file.seek(0)
    return FileResponse(file)


@pytest.mark.parametrize(
    "response",
    [
        lambda: HttpResponse(b"x" * 2 * limits.MEMORY_BYTES),
        lambda: StreamingHttpResponse([b"x" * limits.MEMORY_BYTES] * 2),
        unnamed,
    ],
    ids=["whole", "in pieces", "from a file without a name"],
)
def test_long_answer_waits_in_a_file_that_is_deleted(response, temporary):
    application = answering(response())

    content = Path(Client(application).ask()[2])

    assert content.parent == temporary
    assert content.read_bytes() == b"x" * 2 * limits.MEMORY_BYTES
    application.close()
    assert list(temporary.iterdir()) == []


def test_file_of_a_long_answer_is_deleted_in_time(temporary, monkeypatch):
    monkeypatch.setattr(limits, "FILE_SECONDS", 0)
    application = answering(HttpResponse(b"x" * 2 * limits.MEMORY_BYTES))

    async def ask_and_wait():
        await Client(application)._ask("GET", b"/", (), [], b"")
        await asyncio.sleep(0.01)

    asyncio.run(ask_and_wait())

    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("request_of", "status", "words"),
    [
        ({"path": b"/" + b"a" * limits.ADDRESS_BYTES}, 414, "The address is too long. Shorten it"),
        ({"query": b"q=" + b"word+" * (limits.ADDRESS_BYTES // 5 + 1)}, 414, "a search needs only a few words"),
        ({"headers": [(b"cookie", b"a" * limits.HEADER_BYTES)]}, 431, "Delete this site’s cookies"),
        ({"headers": [(b"x-%d" % n, b"a" * 700) for n in range(99)]}, 431, "The headers are too long"),
        ({"headers": [(b"x_ignored", b"a" * limits.HEADER_BYTES)]}, 431, "The headers are too long"),
        ({"path": b"/" + b"a" * (limits.ADDRESS_BYTES - 1), "headers": [(b"x", b"a" * 65_000)]}, 200, ""),
    ],
)
def test_what_is_too_long_is_refused_with_words(request_of, status, words):
    headers = request_of.pop("headers", [])
    answer, names, content = Client(Application(echo)).ask("GET", request_of.pop("path", b"/"), *headers, **request_of)

    assert answer == status
    assert words in content.decode()
    if status != 200:
        assert (names["cache-control"], names["x-content-type-options"]) == ("no-store", "nosniff")
        assert names["content-security-policy"] == "default-src 'none'"


def test_application_that_fails_is_answered_and_logged(caplog):
    def wsgi(environ, start_response):
        raise ValueError("broken")

    assert Client(Application(wsgi)).ask(path=b"/%0aERROR")[0] == 500
    assert r"The request 'GET' '/\nERROR' failed" in caplog.text  # on one line


@pytest.mark.parametrize("path", ["/admin/", "/articles/tides/share.png", "/articles/tides/revisions/3/"])
def test_readers_do_not_wait_for_what_takes_long(path):
    """A page of the admin, or a public one that takes long, is answered in another thread."""

    async def both():
        released = asyncio.Event()
        loop = asyncio.get_running_loop()
        order = []

        def wsgi(environ, start_response):
            if environ["PATH_INFO"] == path:
                asyncio.run_coroutine_threadsafe(released.wait(), loop).result(10)
            order.append(environ["PATH_INFO"])
            start_response("200 OK", [])
            return [b""]

        client = Client(Application(wsgi, is_slow=is_slow))
        slow = asyncio.create_task(client._ask("GET", path.encode(), (), [], b""))
        await asyncio.sleep(0)
        await client._ask("GET", b"/articles/", (), [], b"")
        released.set()
        await slow
        return order

    assert asyncio.run(both()) == ["/articles/", path]


def test_uploads_are_handled_one_after_the_other_and_hold_up_no_other_staff():
    """More at once than there are threads for staff; an editor's request doesn't wait for them."""
    count = limits.STAFF_THREADS + 2
    released, running, most, length = threading.Event(), [], [], (b"content-length", b"1")

    async def all_of_them():
        def wsgi(environ, start_response):
            if environ["PATH_INFO"] == "/admin/upload/":
                running.append(environ)
                most.append(len(running))
                released.wait(10)
                running.pop()
            start_response("200 OK", [])
            return [b""]

        client = Client(Application(wsgi, staff_bytes=STAFF_BYTES, is_upload="/admin/upload/".__eq__))
        uploads = [
            asyncio.create_task(client._ask("POST", b"/admin/upload/", (length,), [b"x"], b"")) for _ in range(count)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await client._ask("POST", b"/admin/save/", (length,), [b"x"], b"")
        released.set()
        await asyncio.gather(*uploads)

    asyncio.run(all_of_them())

    assert most == [1] * count


def test_uploads_of_the_editor_and_the_library_are_some():
    assert site_application().is_upload(reverse("admin:articles_upload"))
    assert site_application().is_upload(reverse("admin:image_upload"))
    assert not site_application().is_upload(reverse("admin:articles_clean"))
