"""Derive citations, links, counts and stored HTML again from the texts."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from articles.core.markdown import RENDERER_VERSION
from articles.derived import refresh
from articles.derived.pages import related
from articles.models import Article, Revision


class Command(BaseCommand):
    help = (
        "Derive everything that follows from the texts again: citations with their claims, links, counts, HTML, and "
        "what stands around the articles. "
        "The same text gives the same rows, so this can be run at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only the revisions of this article.")
        parser.add_argument(
            "--stale", action="store_true", help="Only what an older renderer has made, or nothing has."
        )

    def handle(self, **options):
        revisions = Revision.objects.order_by("pk")
        if slug := options["article"]:
            revisions = revisions.filter(article__slug=slug)
            if not revisions.exists():
                raise CommandError(f"There is no article with the slug “{slug}”.")
        if options["stale"]:
            revisions = revisions.exclude(Q(rendering__renderer_version=RENDERER_VERSION))
        articles = Article.objects.filter(revision__in=revisions).distinct().order_by()
        articles = list(articles.values_list("pk", flat=True))
        count = refresh(revisions)
        related.refresh(articles)
        if options["verbosity"]:
            self.stdout.write(f"{count} revision{'s' if count != 1 else ''} derived again.")
