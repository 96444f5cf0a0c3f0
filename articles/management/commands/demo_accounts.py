"""Accounts for trying the site on one machine: an admin, an editor and a moderator with random passwords."""

import secrets

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

ACCOUNTS = {"admin": "Administrators", "editor": "Editors", "moderator": "Moderators"}


class Command(BaseCommand):
    help = (
        "Make the accounts admin, editor and moderator where they are missing, and print their passwords once. "
        "With --reset, give all three new passwords."
    )

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="Give existing accounts new passwords too.")

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
            self.stdout.write("Log in with (shown this once; `make passwords` gives new ones):")
            for name, password in printed:
                self.stdout.write(f"  {name:<10} {password}")
        elif options["verbosity"] > 1:
            self.stdout.write("The accounts are there.")
