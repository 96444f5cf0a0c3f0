"""Publish and unpublish what is due, and record the day's citation statistics. Meant for cron or a timer."""

import time

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import workflow
from articles.derived.checks import statistics


class Command(BaseCommand):
    help = (
        "Publish approved revisions and unpublish articles whose scheduled time has come. "
        "It is safe to run several of these at once."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Keep running, and repeat every SECONDS.")

    def handle(self, **options):
        self.once(options["verbosity"])
        while options["every"]:
            time.sleep(max(options["every"], 1))
            self.once(options["verbosity"])

    def once(self, verbosity):
        published, unpublished, refused = workflow.publish_due()
        statistics.record_if_due(timezone.localdate(), has_changed=bool(published or unpublished))
        if verbosity:
            for revision in published:
                self.stdout.write(f"Published: {revision}")
            for article in unpublished:
                self.stdout.write(f"Unpublished: {article}")
        for revision, reason in refused:
            self.stderr.write(f"Not published: {revision}: {reason}")
