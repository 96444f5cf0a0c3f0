"""Publish and unpublish what is due, and record the day's citation statistics. For cron, without the scheduler."""

import logging
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from articles.models import Article, ScheduledJob
from articles.workflow.scheduling import run_job

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Publish approved revisions and unpublish articles whose scheduled time has come. "
        "It is safe to run several of these at once. `run_worker` does this and sends mail."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Keep running, and repeat every SECONDS.")

    def handle(self, **options):
        every = options["every"]
        if every is not None and every < 1:
            raise CommandError("--every must be at least 1.")
        if every is None:
            self.once(options["verbosity"])
        while every:
            try:
                self.once(options["verbosity"])
            except Exception:  # such as a database that is down for a while
                logger.exception("Publishing failed; trying again in %s s", every)
            close_old_connections()
            time.sleep(every)

    def once(self, verbosity):
        published, unpublished, failed = run_job(ScheduledJob.Name.PUBLISHING)
        if verbosity:
            for revision in published:
                self.stdout.write(f"Published: {revision}")
            for article in unpublished:
                self.stdout.write(f"Unpublished: {article}")
        for row, reason in failed:
            what = "Not unpublished" if isinstance(row, Article) else "Not published"
            self.stderr.write(f"{what}: {row}: {reason}")
