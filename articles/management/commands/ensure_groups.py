"""Make the groups of editors, moderators and administrators, or bring their permissions up to date."""

from django.core.management.base import BaseCommand

from articles.workflow.governance.permissions import ROLES, ensure_groups


class Command(BaseCommand):
    help = "Make the groups, or give them exactly the permissions that articles/roles.py names. Idempotent."

    def handle(self, **options):
        changed = ensure_groups()
        if options["verbosity"]:
            self.stdout.write(f"Groups: {', '.join(ROLES)}; {changed} of them changed.")
