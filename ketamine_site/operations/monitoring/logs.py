"""Numbers requests, and writes log lines as JSON that name request and actor, but no personal data."""

import json
import logging
import re
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

from .privacy import scrubbed

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current = ContextVar("request", default=None)


class RequestIDMiddleware:
    """Give each request an `id`, and send it back. A proxy's is kept, but only if the proxy is declared.

    What caches may keep for everybody goes out without one: caches and the store of responses would send it to others.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = id_for(request.headers.get(HEADER, ""))
        token = _current.set(request)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers[HEADER] = request.id
        return response


def id_for(received):
    """Return the id of a request that came with `received` as its header: that of a declared proxy, or a new one."""
    is_proxys = settings.SECURE_PROXY_SSL_HEADER and _ACCEPTED.fullmatch(received)
    return received if is_proxys else uuid.uuid4().hex


def current_request(record=None):
    """Return the request that a log record or this moment belongs to, or None."""
    request = getattr(record, "request", None)
    return request if isinstance(request, HttpRequest) else _current.get()


def actor_of(request):
    """Return the number of the account that makes a request; None if nobody is logged in or nobody has asked."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)  # without asking the database


class JSONFormatter(logging.Formatter):
    """One line of JSON for each record: time, level, logger, message, request_id, actor, exception."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if request := current_request(record):
            line |= {"request_id": getattr(request, "id", None), "actor": actor_of(request)}
        if record.exc_info:
            line["exception"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def without_traceback(record):
    """Log what clients do wrong, which is nobody's fault here, on one line: otherwise anybody could fill the log."""
    if 400 <= getattr(record, "status_code", 500) < 500:
        record.exc_info = None
    return True
