"""Verify the digest chain of every article's history and report where it is broken."""

from itertools import chain as chain_of

from django.core.management.base import BaseCommand, CommandError

from articles.management.options import existing
from articles.models import Article, with_name
from articles.workflow import integrity
from articles.workflow.history import audit_log, chain, verification


def _page_of(article):
    """What readers get is a stored page, so an intact record isn't enough; returns a `Break` or None."""
    found = next(chain_of(integrity.check_pages(article), integrity.check_page_responses(article)), None)
    return found and audit_log.Break(article.slug, "the stored page", f"{found.problem}. {found.remedy}")


class Command(BaseCommand):
    help = (
        "Verify with the chained digests that every submitted revision and log entry is unchanged, and that the stored "
        "pages show what is published. Reports the first break in each article, and exits with 1 if there is any. The "
        "signed chain over all articles also shows articles and log entries that are missing altogether."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only this article.")
        parser.add_argument(
            "--head",
            metavar="NUMBER:DIGEST",
            help="Also check that this head of the site’s chain, noted earlier from a page or export, is still part of it.",
        )

    def handle(self, **options):
        noted = options["head"]
        if noted is not None and not chain.is_head(noted):
            raise CommandError(f"--head “{noted}” isn’t a head of the chain. Give it as on /record/: NUMBER:DIGEST.")
        articles = Article.objects.order_by("pk")
        if slug := options["article"]:
            articles = existing(with_name(articles, slug=slug), f"There is no article with the slug “{slug}”.")
        chain.seal()
        if problem := verification.problem_of_key():
            self.stderr.write(f"Signatures are not verified, and nothing is signed. {problem}")
        count, breaks = 0, []
        for article in articles.iterator(chunk_size=500):
            count += 1
            if broken := audit_log.verify(article) or _page_of(article):
                breaks.append(broken)
                self.stderr.write(str(broken))
        for found in [] if slug else verification.verify({broken.article for broken in breaks}):
            breaks.append(found)
            self.stderr.write(str(found))
        problems = []
        if noted and not chain.has(noted):
            problems.append(f"The site’s chain doesn’t contain {noted}: something was removed or replaced.")
        places = {found.article for found in breaks}
        broken = places - {verification.SITE, verification.RECORDINGS}
        if verification.RECORDINGS in places:
            problems.append("Recordings differ from what was recorded of them.")
        if verification.SITE in places:
            problems.append("The site’s chain is broken.")
        if broken:
            count += sum(found.place == verification.WHOLE for found in breaks)
            problems.append(f"The history of {len(broken)} of {count} articles is broken.")
        if problems:
            raise CommandError(" ".join(problems))
        if options["verbosity"]:
            self.stdout.write(f"The history of {count} article{'s' * (count != 1)} is intact.")
        if options["verbosity"] > 1:
            self.stdout.write(f"Head of the site’s chain: {chain.head()}")
