"""Show, create or replace the key that signs the record, and sign what isn't signed yet."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from articles.core.parsing.numbers import counted
from articles.models import ChainLink
from articles.workflow.history import chain, keys, rows, signed_heads


class Command(BaseCommand):
    requires_system_checks = ()  # it corrects what they would warn about
    help = (
        "Show the public key that signs the record of changes, and sign what isn’t signed yet, such as everything from "
        "before there was a key: run verify_history first. The key is in SIGNING_KEY_FILE, outside the database."
    )

    def add_arguments(self, parser):
        actions = parser.add_mutually_exclusive_group()
        actions.add_argument(
            "--create", action="store_true", help="Create a key if there is none; an existing one stays."
        )
        actions.add_argument(
            "--rotate", action="store_true", help="Replace the key. The old one can still verify, but no longer sign."
        )
        actions.add_argument(
            "--restored",
            action="store_true",
            help="Accept that the database is an older copy, because you have restored a backup.",
        )
        actions.add_argument(
            "--vouch",
            action="store_true",
            help="Record rows as they are that aren’t what the site last wrote: look at each in check_integrity first.",
        )

    def handle(self, **options):
        try:
            self.act(options)
        except keys.KeyProblem as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. Correct this, then run this again.") from error

    def act(self, options):
        show = self.stdout.write if options["verbosity"] else lambda line: None
        if options["create"] and keys.create():
            show(f"Created {settings.SIGNING_KEY_FILE}. Keep a copy of it apart from the backups of the database.")
        has_chain = ChainLink._meta.db_table in connection.introspection.table_names()  # not before the first migration
        if options["rotate"] and has_chain:
            chain.seal()  # only the old key proves what isn't sealed yet
        signing = keys.rotate() if options["rotate"] else keys.load()
        if has_chain:
            self.sign(options, signing, show)
        for place, (key_id, public_key) in enumerate(reversed(signing.public.items())):
            show(f"{'Retired key' if place else 'Key'} {key_id}\n{keys.as_pem(public_key)}".rstrip())

    def sign(self, options, signing, show):
        if options["vouch"]:
            for model, pk in rows.vouch():
                show(f"Recorded {model._meta.verbose_name} {pk} as it is.")
        chain.seal()
        newest = chain.newest()
        if options["restored"]:
            signed_heads.note(signing, str(newest or "0:"), is_restore=True)
            show(f"Noted in {settings.SIGNED_HEADS_FILE} that the database was restored up to {newest or 'nothing'}.")
        if options["rotate"] and newest is not None:
            signed_heads.note(signing, str(newest))
        count = chain.sign_unsigned()
        if count:
            show(f"Signed {counted(count, 'link')} of the chain.")
