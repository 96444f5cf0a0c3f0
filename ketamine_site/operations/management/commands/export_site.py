"""Export the public site as files."""

import logging
import re
from pathlib import Path

from django.core.management.base import CommandError

from articles.management.background import BackgroundCommand
from articles.models import BackgroundTask
from ketamine_site.operations import static_export
from ketamine_site.operations.management.errors import explained


class Command(BackgroundCommand):
    kind = BackgroundTask.Kind.SITE
    help = (
        "Write the whole public site as files, also compressed, with an nginx configuration that serves them as the site "
        "itself does (docs/static-export.md). A folder that has an export is brought up to date."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, help="An empty folder, or one with an earlier export.")
        parser.add_argument(
            "--live",
            metavar="URL",
            default="",
            help="Have nginx pass search, forms, the admin and everything else that isn’t a file to this running site, "
            "such as http://127.0.0.1:8000.",
        )

    def handle(self, *, folder, live, verbosity, **options):
        if live and not re.fullmatch(r"http://[\w.-]+(:\d+)?|http://\[[\da-fA-F:]+\](:\d+)?", live):
            raise CommandError(f"--live {live} isn’t an address such as http://127.0.0.1:8000.")
        # What is gone or missing is part of the export; errors are still logged.
        logging.getLogger("django.request").setLevel(logging.ERROR)

        def report(count):
            if self.task:
                self.task.step(count)
            elif verbosity > 1 and count % 1000 == 0:
                self.stderr.write(f"{count} answered")

        with explained("The export can’t be written", folder, static_export.ExportError):
            result = static_export.export(folder, live, report)
        for address, why in result.failed:
            self.stderr.write(f"Not exported: {address}: {why}")
        answered, written = f"{result.answered} answered again", f"{result.written} files written"
        self.counts = [f"{result.addresses} addresses in {folder}: {answered}, {written}, {result.removed} removed."]
        if result.must_reload:
            self.counts.append("nginx’s configuration changed: nginx -t && systemctl reload nginx")
        if result.changed_meanwhile:
            self.counts.append("The site changed meanwhile: the next export brings that in line.")
        if verbosity:
            self.stdout.write("\n".join(self.counts))
        if result.failed:
            raise CommandError(f"{len(result.failed)} addresses weren’t exported; their earlier files, if any, stay.")
