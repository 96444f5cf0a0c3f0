"""Metrics for Prometheus, of all workers together.

The workers count in files that they share: the folder PROMETHEUS_MULTIPROC_DIR, which the server makes before this
module is imported. What only the database knows is read when the metrics are asked for.
"""

import os
import time

from django.db import DatabaseError
from django.urls import get_resolver
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from .state import background

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("site_requests", "Answered requests.", ["kind", "method", "status"])
seconds = Histogram(
    "site_request_seconds", "Time from a request's arrival until its answer began.", ["kind"], buckets=SECONDS
)


class Measured:
    """Counts the requests of an ASGI application, whoever answers them in it.

    A request's kind is the first part of its path, if a URL pattern begins with it, so the number of kinds is limited.
    """

    def __init__(self, application):
        self.application = application
        self.kinds = {str(pattern.pattern).partition("/")[0] for pattern in _patterns(get_resolver())}
        self.kinds |= {"livez", "metrics", "readyz", "static"}

    async def __call__(self, scope, receive, send):
        started, kind = time.perf_counter(), self.kind(scope["path"])

        async def counted(message):
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST"} else "other"
                requests.labels(kind, method, message["status"]).inc()
                seconds.labels(kind).observe(time.perf_counter() - started)
            await send(message)

        await self.application(scope, receive, counted)

    def __getattr__(self, name):
        return getattr(self.application, name)  # what else the server asks of it

    def kind(self, path):
        first = path.split("/", 2)[1] if "/" in path else ""
        return (first if first in self.kinds else "other") if first else "home"


class _Background:
    """Collects what the database knows of the work in the background; nothing if it can't be read."""

    def collect(self):
        try:
            state = background()
        except DatabaseError:
            yield GaugeMetricFamily("site_database_up", "Whether the database can be read.", 0)
            return
        yield GaugeMetricFamily("site_database_up", "Whether the database can be read.", 1)
        scheduler, queues = state["scheduler"], state["queues"]
        yield GaugeMetricFamily("site_scheduler_running", "Whether publishing ran lately.", scheduler["running"])
        yield GaugeMetricFamily("site_scheduler_failed_jobs", "Jobs whose last run failed.", scheduler["failed_jobs"])
        if scheduler["last_run_age"] is not None:
            age = scheduler["last_run_age"]
            yield GaugeMetricFamily("site_scheduler_last_run_age_seconds", "Time since publishing last ran.", age)
        waiting = GaugeMetricFamily("site_queue_waiting", "Work that is due.", labels=["queue"])
        waiting.add_metric(["publishing"], queues["publishing"]["late"])
        waiting.add_metric(["mail"], queues["mail"]["waiting"])
        waiting.add_metric(["tasks"], queues["tasks"]["waiting"])
        yield waiting
        oldest = GaugeMetricFamily(
            "site_queue_oldest_age_seconds", "Age of the oldest work that is due.", labels=["queue"]
        )
        for name, queue in queues.items():
            oldest.add_metric([name], queue["oldest_age"] or 0)
        yield oldest
        yield GaugeMetricFamily("site_tasks_running", "Background tasks being done.", queues["tasks"]["running"])
        yield GaugeMetricFamily("site_tasks_failed", "Tasks that failed within a day.", queues["tasks"]["failed"])
        yield GaugeMetricFamily("site_mail_failed", "Mails that were given up.", queues["mail"]["failed"])


def exposition():
    """Return the metrics as Prometheus reads them, in bytes."""
    registry = CollectorRegistry()
    registry.register(_Background())
    if SHARED in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _patterns(resolver):
    """Yield the URL patterns, those included at the root instead of the inclusion."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns") and not str(pattern.pattern):
            yield from _patterns(pattern)
        else:
            yield pattern
