"""Publish and take down what is due, and count how the citations stand that day, for cron or a timer."""

import time

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import workflow
from articles.derived.checks import statistics


class Command(BaseCommand):
    help = (
        "Publish the approved revisions whose time has come, take down the articles whose time is over. "
        "Run twice at once, each happens once."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on, looking again every so many seconds.")

    def handle(self, **options):
        self.once(options["verbosity"])
        while options["every"]:
            time.sleep(max(options["every"], 1))
            self.once(options["verbosity"])

    def once(self, verbosity):
        published, taken_down, refused = workflow.publish_due()
        statistics.record_if_due(timezone.localdate(), has_changed=bool(published or taken_down))
        if verbosity:
            for revision in published:
                self.stdout.write(f"Published: {revision}")
            for article in taken_down:
                self.stdout.write(f"Taken down: {article}")
        for revision, reason in refused:
            self.stderr.write(f"Not published: {revision}: {reason}")
