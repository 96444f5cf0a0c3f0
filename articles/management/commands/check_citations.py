"""Check citations against the transcripts again where that is due, and tell what was found."""

import csv
import json
import time

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from articles.core import evidence
from articles.derived.checks import statistics
from articles.derived.findings import Scope, counts, renew, rows
from articles.importing import Progress
from articles.importing.reports import safe_cell
from articles.models import Article, Show

STEP = 5000  # citations between two plain lines of progress
COLUMNS = (
    "article",
    "section",
    "episode",
    "moment",
    "claim",
    "verdict",
    "where",
    "score",
    "missing",
    "confirmed_by",
    "dismissed_by",
)


def verdict_named(written):
    """A verdict as `evidence` names it, written with spaces, hyphens or underscores."""
    name = " ".join(written.replace("-", " ").replace("_", " ").lower().split())
    if name not in evidence.VERDICTS:
        raise CommandError(f"“{written}” is no verdict: there are {', '.join(evidence.VERDICTS)}.")
    return name


class Command(BaseCommand):
    help = (
        "Check citations again whose transcript or whose checker has changed since, count the verdicts of the "
        "published ones, and write down today’s numbers. Exits with 1 if a verdict of --fail-on is among them that "
        "nobody has confirmed or dismissed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only the citations in this article.")
        parser.add_argument("--show", metavar="HANDLE", help="Only the citations of this show’s episodes.")
        parser.add_argument(
            "--format",
            choices=["table", "json", "csv"],
            default="table",
            help="table counts; json and csv list every published citation.",
        )
        parser.add_argument(
            "--fail-on", metavar="VERDICT", action="append", default=[], help="Such as not-found; may be repeated."
        )

    def handle(self, **options):
        failing = [verdict_named(written) for written in options["fail_on"]]
        scope = Scope(self._article(options["article"]), self._show(options["show"]))
        started = time.monotonic()
        done = self._renew(scope, verbosity=options["verbosity"])
        statistics.record(timezone.localdate())
        number, settled = counts(scope.published())
        told = (
            f"{done.citations} citations looked through in {time.monotonic() - started:.1f} s: "
            f"{done.checks} checks made, {done.pages} published pages stored anew."
        )
        if options["format"] == "table":
            self._table(number, settled)
            if options["verbosity"]:
                self.stdout.write(told)
        else:
            {"json": self._json, "csv": self._csv}[options["format"]](scope, number)
            if options["verbosity"]:
                self.stderr.write(told, style_func=str)
        self._fail(failing, number, settled)

    def _renew(self, scope, *, verbosity):
        progress = Progress(
            self.stderr,
            scope.citations().count(),
            is_terminal=bool(getattr(self.stderr, "isatty", bool)()),
            unit="citations",
            step=STEP,
        )
        shown = 0
        for done in renew(scope):
            if verbosity and done.citations > shown:
                shown = done.citations
                progress.show(shown)
        return done

    def _table(self, number, settled):
        total = number.total()
        self.stdout.write(f"{'verdict':<16}{'published citations':>20}{'share':>8}{'a person looked at':>20}")
        for verdict in evidence.VERDICTS:
            share = f"{100 * number[verdict] / total:.0f} %" if total else ""
            self.stdout.write(f"{verdict:<16}{number[verdict]:>20}{share:>8}{settled[verdict]:>20}")
        self.stdout.write(f"{'all':<16}{total:>20}{'':>8}{settled.total():>20}")

    def _json(self, scope, number):
        """One JSON object, a citation a line: it is never held as a whole."""
        verdicts = json.dumps({verdict: number[verdict] for verdict in evidence.VERDICTS})
        self.stdout.write(f'{{"verdicts": {verdicts},\n"citations": [', ending="")
        for index, row in enumerate(rows(scope)):
            self.stdout.write(f"{',' if index else ''}\n{json.dumps(row, ensure_ascii=False)}", ending="")
        self.stdout.write("\n]}")

    def _csv(self, scope, number):
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows(scope):
            row |= {"missing": "; ".join(row["missing"]), "score": "" if row["score"] is None else row["score"]}
            writer.writerow([safe_cell(row[column]) for column in COLUMNS])

    def _fail(self, failing, number, settled):
        found = [(verdict, number[verdict] - settled[verdict]) for verdict in dict.fromkeys(failing)]
        if named := ", ".join(f"{count} “{verdict}”" for verdict, count in found if count):
            raise CommandError(f"Published citations that nobody has confirmed or dismissed: {named}.", returncode=1)

    def _article(self, slug):
        if not slug:
            return None
        article = Article.objects.filter(Q(slug=slug) | Q(previousslug__slug=slug)).first()
        if article is None:
            raise CommandError(f"There is no article “{slug}”.")
        return article

    def _show(self, handle):
        if not handle:
            return None
        show = Show.objects.filter(handle=handle).first()
        if show is None:
            raise CommandError(f"There is no show “{handle}”.")
        return show
