"""What is reported to Sentry and OpenTelemetry names request and account, and nothing else about a person."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.paths import PROJECT

DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
# A request that fails, by somebody whose account has the number 7.
SCRIPT = """
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from articles.views.machine import health
from ketamine_site.operations.monitoring import logs

def fail():
    logs.current_request()._cached_user = User(pk=7, username="hidden", email="hidden@example.org")
    password = "hidden"
    raise ValueError("hidden@example.org asked from 192.0.2.7")

health.check_health = fail
client = Client(raise_request_exception=False)
response = client.get("/health/?q=hidden", HTTP_USER_AGENT="hidden browser", REMOTE_ADDR="192.0.2.7")
assert response.status_code == 500
print(response.headers["X-Request-ID"])
import sentry_sdk
from opentelemetry import trace
sentry_sdk.flush(10)
trace.get_tracer_provider().force_flush()
"""


@pytest.fixture
def collector():
    """Its URL, and what it received: [(path, body)]."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, DECODERS[self.headers["Content-Encoding"]](body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_error_and_a_trace_arrive_without_personal_data(collector, tmp_path):
    address, received = collector
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.support.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
        "SENTRY_DSN": f"http://key@{address}/1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
    }

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    number = done.stdout.strip()
    assert not [path for path, body in received if b"hidden" in body or b"192.0.2.7" in body]
    [envelope] = [body for path, body in received if path == "/api/1/envelope/"]
    event = next(one for one in map(json.loads, envelope.splitlines()) if "exception" in one)
    assert event["exception"]["values"][-1]["value"] == "[mail address] asked from [address]"
    assert event["user"] == {"id": "7"}
    assert event["tags"]["request_id"] == number
    assert event["request"] == {"method": "GET", "url": "/health/"}
    [traces] = [body for path, body in received if path == "/v1/traces"]
    [span] = ExportTraceServiceRequest.FromString(traces).resource_spans[0].scope_spans[0].spans
    attributes = {one.key: one.value.string_value for one in span.attributes}
    assert (attributes["request.id"], attributes["enduser.id"]) == (number, "7")
    [failure] = span.events
    assert "[mail address] asked from [address]" in str(failure)
    assert span.name == "GET health/"
