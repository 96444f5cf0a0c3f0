"""Say what is wrong with this installation."""

import json
import logging
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from ketamine_site.operations.doctor import diagnose


class Command(BaseCommand):
    requires_system_checks = ()  # it reports them itself
    help = (
        "Say what is wrong with this installation, where, and what to do: settings, database, files, scheduler, mail, "
        "backups. Changes nothing. Exits with 1 if there is a problem; advice alone is no problem."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Write each finding as a line of JSON.")

    def handle(self, **options):
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # why it can't connect is a finding
        problems = advice = 0
        for finding in diagnose():
            problems += not finding.is_advice
            advice += finding.is_advice
            self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False) if options["json"] else str(finding))
        if problems:
            raise CommandError(f"{problems} problem{'s' * (problems != 1)} found.")
        if options["verbosity"] and not options["json"]:
            self.stdout.write("Nothing is wrong." if not advice else "Nothing is wrong; consider the advice.")
