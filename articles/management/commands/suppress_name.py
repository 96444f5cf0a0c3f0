"""Withhold a person's name from all records."""

from django.core.management.base import BaseCommand, CommandError

from articles import workflow
from articles.management.options import account


class Command(BaseCommand):
    help = "Replace a person’s name with “name withheld” in all records. Their actions and the digests are kept."

    def add_arguments(self, parser):
        parser.add_argument("name", help="The account’s name, or for a deleted account the name in the records.")
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="The user who withholds it.")

    def handle(self, **options):
        try:
            changed = workflow.suppress_name(options["name"], by=account(options["by"]))
        except workflow.WorkflowError as error:
            raise CommandError(str(error)) from error
        if not changed:
            raise CommandError(f"No record has the name “{options['name']}”.")
        self.stdout.write(f"“{options['name']}” was withheld in {changed} places.")
