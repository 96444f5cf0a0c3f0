"""Repeat the scheduler's jobs until told to stop. ketamine_site/server keeps it running beside its workers."""

import faulthandler
import os
import signal
import time
from queue import Empty, SimpleQueue

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from articles.workflow.scheduling import run_jobs

HANGING_SECONDS = 600


class Command(BaseCommand):
    help = (
        "Publish and unpublish what is due, and send mail, every SCHEDULER_SECONDS until stopped (SIGTERM or Ctrl+C). "
        "The supplied server starts it; with another server, run it as a service that is restarted. "
        "It is safe to run several of these at once."
    )

    def add_arguments(self, parser):
        parser.add_argument("--stop-with", type=int, metavar="PID", help="Also stop when this parent process is gone.")

    def handle(self, **options):
        signals = SimpleQueue()  # unlike threading.Event, it may be used in a signal handler
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _: signals.put(received))
        while True:
            # A run that hangs prints where, and ends the process, for the server to start it again.
            faulthandler.dump_traceback_later(HANGING_SECONDS, exit=True)
            run_jobs()
            close_old_connections()
            faulthandler.cancel_dump_traceback_later()
            if is_stopped(signals, settings.SCHEDULER_SECONDS, parent=options["stop_with"]):
                return


def is_stopped(signals, seconds, *, parent):
    """Wait for `seconds`; return True as soon as a signal arrives or the parent process (None: any) is gone."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if parent is not None and os.getppid() != parent:
            return True
        try:
            signals.get(timeout=min(left, 1))
        except Empty:
            continue
        return True
    return False
