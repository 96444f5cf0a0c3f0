"""Verify the digest chain of every article's history and report where it is broken."""

from itertools import chain as chain_of

from django.core.management.base import BaseCommand, CommandError

from articles.core.parsing.numbers import counted
from articles.management.options import existing
from articles.models import Article, with_name
from articles.workflow import integrity
from articles.workflow.history import audit_log, chain, verification

ONLY_STALE = 3  # the exit code if nothing is wrong but pages of an earlier version


def _page_of(article):
    """What readers get is a rendered page, so an intact record isn't enough; returns (stale finding, `Break`), either None."""
    found = list(chain_of(integrity.check_pages(article), integrity.check_page_responses(article)))
    wrong = next((finding for finding in found if finding.check != integrity.STALE), None)
    if wrong is None:
        return next(iter(found), None), None
    return None, audit_log.Break(article.slug, "the page", f"{wrong.problem}. {wrong.remedy}")


class Command(BaseCommand):
    help = (
        "Verify with the chained digests that every submitted revision and log entry is unchanged, and that the "
        "pages show what is published. Reports the first break in each article, and exits with 1 if there is any, with 3 if "
        "pages are only stale after an upgrade. The signed chain over all articles also shows articles and log "
        "entries that are missing altogether, and rows that the site didn’t write."
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
        if (slug := options["article"]) is not None:
            articles = existing(with_name(articles, slug=slug), f"There is no article with the slug “{slug}”.")
        chain.seal()
        if problem := verification.problem_of_key():
            self.stderr.write(f"Signatures are not verified, and nothing is signed. {problem}")
        count, stale, breaks = 0, 0, []
        for article in articles.iterator(chunk_size=500):
            count += 1
            is_stale, broken_page = _page_of(article)
            stale += is_stale is not None
            if broken := audit_log.verify(article) or broken_page:
                breaks.append(broken)
                self.stderr.write(str(broken))
        for found in [] if slug else verification.verify({broken.article for broken in breaks}):
            breaks.append(found)
            self.stderr.write(str(found))
        problems = []
        if noted and not chain.has(noted):
            problems.append(f"The site’s chain doesn’t contain {noted}: something was removed or replaced.")
        places = {found.article for found in breaks}
        broken = places - {verification.SITE, verification.RECORDINGS, verification.ROWS}
        if verification.RECORDINGS in places:
            problems.append("Recordings differ from what was recorded of them.")
        if verification.SITE in places:
            problems.append("The site’s chain is broken.")
        if broken:
            count += sum(found.place == verification.WHOLE for found in breaks)
            problems.append(f"The history of {len(broken)} of {counted(count, 'article')} is broken.")
        if verification.ROWS in places:
            problems.append("Rows differ from what the site last wrote into them.")
        if stale:
            pages = f"{stale} page{'s are' if stale != 1 else ' is'} of an earlier version"
            problems.append(f"Stale: {pages}. Run `manage.py rebuild --stale`, then verify again.")
        if len(problems) > bool(stale):
            problems.append("`manage.py check_integrity` says what to do about each.")
            raise CommandError(" ".join(problems))
        if stale:
            raise CommandError(" ".join(problems), returncode=ONLY_STALE)
        if options["verbosity"]:
            self.stdout.write(f"The history of {counted(count, 'article')} is intact.")
        if options["verbosity"] > 1:
            self.stdout.write(f"Head of the site’s chain: {chain.head()}")
