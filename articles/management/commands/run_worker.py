"""Do the tasks of the background, and host the scheduler. ketamine_site/server keeps it running beside its workers."""

import faulthandler
import logging
import os
import signal
import threading
import time
from queue import Empty, SimpleQueue

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker

from articles.workflow import tasks
from articles.workflow.scheduling import run_jobs

HANGING_SECONDS = 600
POLL_SECONDS = 1  # between two looks for a task
STOPPING_SECONDS = 4  # within which a task reaches its next step
PAUSE_SECONDS = 10  # after the database couldn't be used

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Do the tasks of the background; and publish and unpublish what is due, and send mail, every SCHEDULER_SECONDS; "
        "until stopped (SIGTERM or Ctrl+C). The supplied server starts it; with another server, run it as a service "
        "that is restarted. It is safe to run several of these at once. If CELERY_BROKER_URL is set, Celery’s workers "
        "do the tasks, and this only hosts the scheduler."
    )

    def add_arguments(self, parser):
        parser.add_argument("--stop-with", type=int, metavar="PID", help="Also stop when this parent process is gone.")

    def handle(self, **options):
        signals = SimpleQueue()  # unlike threading.Event, it may be used in a signal handler
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _: signals.put(received))
        worker = _Worker() if isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend) else None
        if worker:
            worker.start()
        while True:
            # A run that hangs prints where, and ends the process, for the server to start it again.
            faulthandler.dump_traceback_later(HANGING_SECONDS, exit=True)
            run_jobs()
            close_old_connections()
            faulthandler.cancel_dump_traceback_later()
            if is_stopped(signals, settings.SCHEDULER_SECONDS, parent=options["stop_with"]):
                break
        if worker:
            worker.stop()


class _Worker(threading.Thread):
    """The database worker of django-tasks in a thread of its own, so that a long task doesn't hold up publishing."""

    def __init__(self):
        super().__init__(name="tasks", daemon=True)
        self.worker = Worker(
            queue_names=["*"],
            interval=POLL_SECONDS,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=True,
            max_tasks=None,
            worker_id=f"{os.uname().nodename[:40]}-{os.getpid()}",
            excluded_queue_names=[],
        )

    def run(self):
        while self.worker.running:
            try:
                self.worker.run()
            except Exception:  # such as a database that is down for a while
                logger.exception("The queue of tasks can't be used; trying again in %s s", PAUSE_SECONDS)
                time.sleep(PAUSE_SECONDS)
        connections.close_all()

    def stop(self):
        """Stop before the next task; one that is being done is put back at its next step."""
        tasks.stopping.set()
        self.worker.running = False
        self.join(STOPPING_SECONDS)


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
