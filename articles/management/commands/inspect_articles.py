"""Lint the published articles and store the issues for the citation report."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.core.parsing.numbers import counted
from articles.derived import inspect
from articles.management.options import existing, progress
from articles.models import Revision, same_name, with_name


class Command(BaseCommand):
    help = (
        "Run the checks that need no transcript on the published articles, and store the issues for the citation "
        "report. Articles are checked when they are published; run this after changing the setting CHECKS_OFF."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only this article.")
        parser.add_argument("--show", metavar="HANDLE", help="Only articles based on this show’s episodes.")

    def handle(self, **options):
        revisions = Revision.objects.published().order_by("pk")
        if (slug := options["article"]) is not None:
            missing = f"There is no published article with the slug “{slug}”."
            revisions = existing(with_name(revisions, published_for__slug=slug), missing)
        if (handle := options["show"]) is not None:
            missing = f"No published article is based on a show “{handle}”."
            revisions = existing(
                revisions.filter(same_name("source__episode__show__handle", handle)), missing
            ).distinct()
        total = revisions.count()
        bar = progress(self.stderr, total, unit="articles", step=1000)
        issues = 0
        for number, revision in enumerate(revisions.iterator(chunk_size=100), 1):
            with transaction.atomic():
                issues += inspect(revision)
            if options["verbosity"]:
                bar.show(number)
        if options["verbosity"]:
            self.stdout.write(f"{counted(total, 'article')} checked: {counted(issues, 'issue')}.")
