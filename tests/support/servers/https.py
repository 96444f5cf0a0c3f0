"""A proxy that speaks TLS in front of a plain server, as in production, and can change what passes through it."""

import http.client
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TLS_HANDSHAKE = b"\x16"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


def make_certificate(folder):
    """Write a key and a self-signed certificate for localhost into `folder`; returns the paths of both."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: S603
    return key, certificate


@contextmanager
def https_proxy(upstream_port, key, certificate, *, cookie="", change=None, is_secure=None):
    """Yield "localhost:port", which answers http and https at one port with what 127.0.0.1:`upstream_port` answers.

    `cookie` is sent with every request. `change` is a function (list of header pairs, body) -> the same, applied to
    each response. The server learns from X-Forwarded-Proto which scheme it was, or what `is_secure` says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            begin = self.request.recv(1, 2)  # MSG_PEEK
            self.is_secure = begin == TLS_HANDSHAKE
            if self.is_secure:
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self):
            super().finish()
            self.request.close()  # the server only knows the socket below TLS

        def pass_on(self):
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            secure = self.is_secure if is_secure is None else is_secure
            headers |= {"X-Forwarded-Proto": "https" if secure else "http", "X-Forwarded-For": "127.0.0.1"}
            headers["Accept-Encoding"] = "identity"
            if cookie:
                headers["Cookie"] = cookie
            upstream = http.client.HTTPConnection("127.0.0.1", upstream_port, timeout=30)
            upstream.request(self.command, self.path, headers=headers)
            answer = upstream.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP | {"content-length"}]  # fmt: skip
            body = answer.read()
            upstream.close()
            if change is not None:
                kept, body = change(kept, body)
            self.send_response_only(answer.status)
            for name, value in [*kept, ("Content-Length", str(len(body)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_OPTIONS = pass_on  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # a client that hangs up
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
