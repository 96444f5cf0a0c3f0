"""Real servers on 127.0.0.1 for fetching: one that responds by path, one that sends given bytes."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from articles.core.http import fetch
from articles.core.http.ssrf_guard import Network

LOOPBACK = "127.0.0.1"


class Site:
    """A server whose `pages` are {path: function of the request handler}; `asked` lists the requests."""

    def __init__(self, tls=None):
        self.pages = {}
        self.asked = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.path, dict(self.headers)))
                try:
                    site.pages[self.path](self)
                except OSError:
                    self.close_connection = True  # the client has hung up, as it should

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.address = f"{'https' if tls else 'http'}://{LOOPBACK}:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args):
        self._server.shutdown()
        self._server.server_close()

    def page(self, path, body=b"", status=200, **headers):
        """Serve `body` at `path`; other keywords, such as `content_type="text/vtt"`, are headers."""

        def respond(handler):
            handler.send_response(status)
            for name, value in ({"content_length": str(len(body))} | headers).items():
                handler.send_header(name.replace("_", "-").title(), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = respond


@contextmanager
def sending(*pieces, pause=None):
    """Yield a URL that sends `pieces` of bytes; with a `pause` (seconds), the last is repeated until the end."""
    listening = socket.create_server((LOOPBACK, 0))
    listening.settimeout(10)
    ended = threading.Event()

    def serve():
        try:
            with listening.accept()[0] as connection:
                connection.recv(65_536)
                for piece in pieces:
                    connection.sendall(piece)
                while pause is not None and not ended.wait(pause):
                    connection.sendall(pieces[-1])
        except OSError:  # the client has had enough, or never came
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
    ended.set()
    listening.close()
    thread.join(5)


def here(**changes):
    """Return a network in which only the test servers may be reached."""
    return Network(**({"is_allowed": lambda address: str(address) == LOOPBACK, "ports": None} | changes))


def fetch_here(url, *, max_bytes=1_000_000, timeout_seconds=10, network=None, **options):
    """Call `fetch` with the test servers as its network."""
    return fetch(url, max_bytes=max_bytes, timeout_seconds=timeout_seconds, network=network or here(), **options)
