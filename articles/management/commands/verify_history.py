"""Verify the digest chain of every article's history and report where it is broken."""

from django.core.management.base import BaseCommand, CommandError

from articles.management.options import existing
from articles.models import Article
from articles.workflow import audit_log


class Command(BaseCommand):
    help = (
        "Verify with the chained digests that every submitted revision and log entry is unchanged. Reports the first "
        "break in each article, and exits with 1 if there is any."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only this article.")

    def handle(self, **options):
        articles = Article.objects.order_by("pk")
        if slug := options["article"]:
            articles = existing(articles.filter(slug=slug), f"There is no article with the slug “{slug}”.")
        count, breaks = 0, []
        for article in articles.iterator(chunk_size=500):
            count += 1
            if broken := audit_log.verify(article):
                breaks.append(broken)
                self.stderr.write(str(broken))
        if breaks:
            raise CommandError(f"The history of {len(breaks)} of {count} articles is broken.")
        if options["verbosity"]:
            self.stdout.write(f"The history of {count} article{'s' * (count != 1)} is intact.")
