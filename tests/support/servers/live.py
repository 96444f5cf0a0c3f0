"""pytest-django's live server, with static files from memory: a page of the editor asks for a hundred and twenty.

Django's own test server takes 4 ms for each: it looks in every folder that could have the file, and answers by WSGI.
"""

from functools import cache
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

END_OF_HEADERS = b"\r\n\r\n"


class Handler(QuietWSGIRequestHandler):
    """Answers requests for static files itself, and leaves all others to Django."""

    disable_nagle_algorithm = True  # Django writes headers and body one after the other

    def handle_one_request(self):
        request, end, _ = self.rfile.peek().partition(END_OF_HEADERS)
        method, address, *_ = request.split(b" ", 2) if end else (b"", b"")
        answer = static_response(address.decode()) if method == b"GET" else None
        if answer is None:
            super().handle_one_request()
        else:
            self.rfile.read(len(request + end))
            self.wfile.write(answer)
            self.close_connection = False


@cache
def static_response(address):
    """Return the response to a request for a static file, None if the file doesn’t exist; the browser may keep it."""
    path = address.startswith(settings.STATIC_URL) and finders.find(address.removeprefix(settings.STATIC_URL))
    if not path or not Path(path).is_file():
        return None
    body = Path(path).read_bytes()
    kind = guess_type(path)[0] or "application/octet-stream"
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: max-age=86400, immutable{END_OF_HEADERS.decode()}"
    ).encode() + body


def answer_static_files_quickly(monkeypatch):
    """Have the live servers that start from now on do so."""

    def create_server(self, connections_override=None):
        return self.server_class(
            (self.host, self.port), Handler, allow_reuse_address=False, connections_override=connections_override
        )

    monkeypatch.setattr(LiveServerThread, "_create_server", create_server)
