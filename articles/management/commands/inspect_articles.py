"""Run the deterministic checks over the published texts, and keep what they find for the report."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.derived import text
from articles.derived.checks import lint_results
from articles.importing import Progress
from articles.models import Revision


class Command(BaseCommand):
    help = (
        "Run the checks that need no transcript over the published texts and keep what they find, for the report. "
        "What is published from the desk is inspected at once: run this after an import of received texts, and when "
        "the setting INSPECTION_OFF has changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only this article.")
        parser.add_argument("--show", metavar="HANDLE", help="Only articles that draw on this show’s episodes.")

    def handle(self, **options):
        revisions = Revision.objects.published().order_by("pk")
        if slug := options["article"]:
            revisions = revisions.filter(published_for__slug=slug)
            if not revisions.exists():
                raise CommandError(f"There is no published article with the slug “{slug}”.")
        if handle := options["show"]:
            revisions = revisions.filter(source__episode__show__handle=handle).distinct()
        total = revisions.count()
        progress = Progress(
            self.stderr, total, is_terminal=bool(getattr(self.stderr, "isatty", bool)()), unit="articles", step=1000
        )
        found = 0
        for number, revision in enumerate(revisions.iterator(chunk_size=100), 1):
            found += _inspect(revision)
            if options["verbosity"]:
                progress.show(number)
        if options["verbosity"]:
            self.stdout.write(
                f"{total} article{'s' if total != 1 else ''} inspected: {found} place{'s' if found != 1 else ''} to look at."
            )


@transaction.atomic
def _inspect(revision):
    sections = list(revision.section_set.all())
    episodes = text.sources_of(revision)
    parts = text.read(revision.lead, sections, episodes, known_slugs=set())
    return lint_results.store(revision, parts, episodes)
