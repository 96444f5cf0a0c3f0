"""Create the groups of editors, moderators and administrators, or update their permissions."""

from django.core.management.base import BaseCommand

from articles.workflow.governance.permissions import ROLES, ensure_groups


class Command(BaseCommand):
    help = (
        "Create the groups, or reset them to exactly the permissions in articles/workflow/governance/permissions.py. "
        "Idempotent."
    )

    def handle(self, **options):
        changed = ensure_groups()
        if options["verbosity"]:
            self.stdout.write(f"Groups: {', '.join(ROLES)}; {changed} changed.")
