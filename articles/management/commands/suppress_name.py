"""Withhold a person's name from all records."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from articles import workflow


class Command(BaseCommand):
    help = "Replace a person’s name with “name withheld” in all records. Their actions and the digests are kept."

    def add_arguments(self, parser):
        parser.add_argument("name", help="The account’s name, or for a deleted account the name in the records.")
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="The user who withholds it.")

    def handle(self, **options):
        try:
            user = get_user_model().objects.get_by_natural_key(options["by"])
            changed = workflow.suppress_name(options["name"], by=user)
        except get_user_model().DoesNotExist as error:
            raise CommandError(f"There is no account “{options['by']}”.") from error
        except workflow.WorkflowError as error:
            raise CommandError(str(error)) from error
        if not changed:
            raise CommandError(f"No record has the name “{options['name']}”.")
        self.stdout.write(f"“{options['name']}” was withheld in {changed} places.")
