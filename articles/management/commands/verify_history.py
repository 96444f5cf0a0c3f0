"""Walk the record of every article and say where it does not hold."""

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from articles.workflow import audit_log


class Command(BaseCommand):
    help = (
        "Check that every submitted revision and every log entry is as it was recorded, by their chained digests. "
        "Names the first break of each article; exit status 1 if there is one."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only this article.")

    def handle(self, **options):
        articles = Article.objects.order_by("pk")
        if slug := options["article"]:
            articles = articles.filter(slug=slug)
            if not articles.exists():
                raise CommandError(f"There is no article with the slug “{slug}”.")
        count, breaks = 0, []
        for article in articles.iterator(chunk_size=500):
            count += 1
            if found := audit_log.verify(article):
                breaks.append(found)
                self.stderr.write(str(found))
        if breaks:
            raise CommandError(f"The record of {len(breaks)} of {count} articles does not hold.")
        if options["verbosity"]:
            self.stdout.write(f"The record of {count} article{'s' * (count != 1)} holds.")
