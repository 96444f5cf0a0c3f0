"""Check that everything on the site is as it should be, without changing anything."""

import itertools
import json
from dataclasses import asdict
from functools import partial

from django.core.management.base import BaseCommand, CommandError

from articles.core.parsing.numbers import counted
from articles.management.options import existing
from articles.models import Article, with_name
from articles.workflow import integrity
from articles.workflow.history import verification

ONLY_STALE = 3  # as in verify_history


class Command(BaseCommand):
    help = (
        "Check that what is published was approved or imported, that every save is there, that what is derived follows "
        "from the texts, that the record is complete and signed, and that reviewers had the right to review. Only reads. "
        "Reports what is wrong, where, and what to do, and exits with 1 if anything is."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--article", metavar="SLUG", help="Only this article, and not the site as a whole.")
        which.add_argument("--sample", metavar="NUMBER", type=int, help="Only so many articles, chosen at random.")
        parser.add_argument("--quick", action="store_true", help="Don’t derive texts again or read every signature.")
        parser.add_argument("--json", action="store_true", help="Write each finding as a line of JSON.")

    def handle(self, **options):
        articles = Article.objects.all()
        if (slug := options["article"]) is not None:
            articles = existing(with_name(articles, slug=slug), f"There is no article with the slug “{slug}”.")
        if (sample := options["sample"]) is not None:
            if sample < 1:
                raise CommandError("--sample must be at least 1.")
            chosen = articles.order_by("?").values_list("pk", flat=True)[:sample]
            articles = Article.objects.filter(pk__in=list(chosen))
        if problem := verification.problem_of_key():
            self.stderr.write(f"Signatures are not verified. {problem}")
        count, stale, articles_seen = 0, 0, itertools.count()
        seen = partial(next, articles_seen)
        for finding in integrity.check(articles, quick=options["quick"], is_whole_site=not slug, seen=seen):
            count += 1
            stale += finding.check == integrity.STALE
            self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False) if options["json"] else str(finding))
        checked = next(articles_seen)
        number = counted(checked, "article")
        if count and count == stale:
            raise CommandError(
                f"Only stale: {counted(count, 'row')} of an earlier version. Run `manage.py rebuild --stale`, then check again.",
                returncode=ONLY_STALE,
            )
        if count:
            raise CommandError(f"{counted(count, 'problem')} found in {number} and the site.")
        if options["verbosity"] and not options["json"]:
            self.stdout.write(f"Everything is as it should be: {number} checked.")
