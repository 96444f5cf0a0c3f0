"""`/livez`, `/readyz` and `/metrics`, answered before anything else.

Whoever asks them does so directly, by an address of its own and without https, so they depend on neither host nor
scheme, and on no session. They are never cached.
"""

import secrets
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse

from .state import background


class ProbesMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.probes = {"/livez": live, "/readyz": ready, "/metrics": measured}

    def __call__(self, request):
        probe = self.probes.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method in {"GET", "HEAD"}:
            response = probe(request)
        else:
            response = HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def live(request):
    """200 if this process answers at all; if it doesn't, restart it."""
    return JsonResponse({"status": "alive"})


def ready(request):
    """200 if readers can be served, else 503: don't send any here.

    Late work in the background is reported, but a process that serves readers well isn't taken out for it.
    """
    try:
        missing = unapplied()
        state = {} if missing else background()
    except DatabaseError:
        return JsonResponse({"status": "not ready", "database": "unreachable"}, status=503)
    state = {"status": "not ready" if missing else "ready", "database": "ok", "unapplied_migrations": missing} | state
    return JsonResponse(state, status=503 if missing else 200)


def unapplied():
    """Return how many migrations of this release the database lacks; those of a later release do no harm."""
    recorder = MigrationRecorder(connection)
    return len(_needed() - set(recorder.applied_migrations()))


@cache
def _needed():
    """Return the migrations of this release; what a squash replaces counts as applied with it."""
    return frozenset(MigrationLoader(None).graph.nodes)


def measured(request):
    """The metrics, for those who have METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        return HttpResponse("Not found: METRICS_TOKEN isn't set.\n", status=404, content_type="text/plain")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(
        token.strip().encode(), settings.METRICS_TOKEN.encode()
    ):
        return HttpResponse(
            "Send METRICS_TOKEN as a bearer token.\n",
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": "Bearer"},
        )
    from . import metrics  # needs a package that is only there if METRICS_TOKEN is set

    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
