"""Copy the site's database into another one, such as from SQLite to PostgreSQL."""

from django.core.management.base import BaseCommand

from articles.core.parsing.numbers import counted
from articles.management.options import progress
from articles.workflow.history import chain, signed_heads
from ketamine_site.operations import copying, database
from ketamine_site.operations.management.errors import explained

STEP = 50_000  # rows between two lines of progress
NEXT = """\
Now:
1. Set DATABASE_URL to the new database wherever the site’s settings are, and leave the other settings as they are: the
   uploads, SECRET_KEY and the signing key stay.
2. Set SIGNED_HEADS_FILE to the signed heads that the site had ({heads}), or to a copy of them.
3. Run manage.py check_integrity and manage.py doctor, then start the server.
4. Keep the old database, and don’t start a server with it again: what is written there is no longer part of the site."""


class Command(BaseCommand):
    requires_system_checks = ()  # the site is being moved
    help = (
        "Copy every row of another database of this site into that of DATABASE_URL, which must have all migrations and "
        "nothing else: from SQLite to PostgreSQL, or back. Stop the server first. All is copied in one transaction and "
        "compared before it is committed, so if anything goes wrong, nothing is changed."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--from",
            dest="source",
            metavar="URL",
            required=True,
            help="The database to copy, as in DATABASE_URL: sqlite:///path or postgres://user:password@host/name.",
        )

    def handle(self, *, source, verbosity, **options):
        with (
            explained("The database can’t be copied", "the database", copying.CopyError),
            copying.opened(source) as other,
        ):
            heads = "SIGNED_HEADS_FILE of its settings"
            if other.vendor == "sqlite":
                heads = f"by default {other.settings_dict['NAME']}-signed-heads.txt"
            show = self.progress if verbosity else lambda total: lambda count: None
            tables, rows = copying.copy(other, self.stderr.write, show)
        if verbosity:
            self.stdout.write(
                f"Copied {counted(rows, 'row')} of {counted(tables, 'table')} into {database.name()}, and compared them."
            )
            self.stdout.write(NEXT.format(heads=heads))
            if problem := signed_heads.contradicts(chain.newest()):
                self.stdout.write(f"Step 2 isn’t done yet: {problem}.")

    def progress(self, total):
        """Return a function that shows how much is done, given the number of rows of each batch; each counts twice."""
        bar = progress(self.stderr, total, unit="rows", step=STEP)
        done = 0

        def seen(count):
            nonlocal done
            done += count
            bar.show(done)

        return seen
