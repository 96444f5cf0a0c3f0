"""Create accounts for trying the site locally: an admin, an editor and a moderator with random passwords."""

import secrets

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

ACCOUNTS = {"admin": "Administrators", "editor": "Editors", "moderator": "Moderators"}


class Command(BaseCommand):
    help = (
        "Create the accounts admin, editor and moderator if they don’t exist, and print their passwords once. "
        "With --reset, set new passwords for all three."
    )

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="Set new passwords for existing accounts, too.")

    @transaction.atomic
    def handle(self, **options):
        printed = []
        for name, group in ACCOUNTS.items():
            user, created = User.objects.get_or_create(
                username=name, defaults={"is_staff": True, "is_superuser": name == "admin"}
            )
            if created or options["reset"]:
                password = secrets.token_urlsafe(12)
                user.set_password(password)
                user.save()
                user.groups.add(Group.objects.get(name=group))
                printed.append((name, password))
        if printed:
            self.stdout.write("Log in with (shown only once; `make passwords` sets new ones):")
            for name, password in printed:
                self.stdout.write(f"  {name:<10} {password}")
        elif options["verbosity"] > 1:
            self.stdout.write("The accounts already exist.")
