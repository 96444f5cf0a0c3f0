"""Export the public site as files."""

import logging
import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ketamine_site.operations import static_export
from ketamine_site.operations.management.errors import explained


class Command(BaseCommand):
    help = (
        "Write the whole public site as files, also compressed, with an nginx configuration that serves them as the site "
        "itself does (docs/static-export.md). A folder that has an export is brought up to date."
    )

    def add_arguments(self, parser):
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
        report = (lambda count: self.stderr.write(f"{count} answered")) if verbosity > 1 else lambda count: None
        with explained("The export can’t be written", folder, static_export.ExportError):
            result = static_export.export(folder, live, report)
        for address, why in result.failed:
            self.stderr.write(f"Not exported: {address}: {why}")
        if verbosity:
            self.stdout.write(
                f"{result.addresses} addresses in {folder}: {result.answered} answered again, {result.written} files "
                f"written, {result.removed} removed."
            )
            if result.must_reload:
                self.stdout.write("nginx’s configuration changed: nginx -t && systemctl reload nginx")
            if result.changed_meanwhile:
                self.stdout.write("The site changed meanwhile: the next export brings that in line.")
        if result.failed:
            raise CommandError(f"{len(result.failed)} addresses weren’t exported; their earlier files, if any, stay.")
