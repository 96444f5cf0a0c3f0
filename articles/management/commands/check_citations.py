"""Recheck outdated citation checks against the transcripts and report the verdicts."""

import json
import time
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.core import evidence
from articles.core.formats.spreadsheets import Writer
from articles.core.parsing.numbers import counted
from articles.derived.checks import discrepancies, labels, statistics
from articles.derived.rebuilding.citation_checks import (
    Scope,
    counts,
    past_end_counts,
    recheck_outdated,
    rows,
    source_issue_rows,
    source_issues_in,
)
from articles.derived.source_issues import in_words
from articles.management import background
from articles.management.options import existing, progress
from articles.models import Article, Show, with_name
from articles.workflow.recordings import rechecking

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
    "discrepancies",
    "confirmed_by",
    "dismissed_by",
    "source_issue",
)


def verdict_named(written):
    """Return the verdict for a name written with spaces, hyphens or underscores, and either apostrophe.

    Raises CommandError.
    """
    name = " ".join(written.replace("-", " ").replace("_", " ").replace("’", "'").lower().split())
    if name not in evidence.VERDICTS:
        raise CommandError(f"“{written}” isn’t a verdict. Choose from {', '.join(evidence.VERDICTS)}.")
    return name


def measured_in_words(measured):
    """Return how often the check is right, on which claims, and when that was measured, as lines of text."""
    made = f"version {measured.checker_version}, measured on {measured.measured_on}"
    lines = [f"How often the check is right ({made}; in brackets the range at a confidence of 95 %):"]
    for of_set in measured.sets:
        name = "claims of real articles" if of_set.name == "recordings" else "claims of the public test set"
        shares = {
            "correct citations flagged by mistake": of_set.false_alarms,
            "wrong citations flagged": of_set.wrong_flagged,
            "citations off by up to 150 s flagged": of_set.nearby_flagged,
        }
        lines.append(f"{of_set.claims} {name}: " + ", ".join(f"{key} {_share(share)}" for key, share in shares.items()))
    if not measured.is_current:
        lines.append(f"These are figures of an earlier version: this is version {evidence.CHECKER_VERSION}.")
    return "\n".join(lines)


def _share(share):
    low, high = share.interval
    return f"{share.part} of {share.whole} ({low} to {high} %)"


class Command(BaseCommand):
    help = (
        "Recheck citations after a change of the transcript or the checker, count the verdicts of published citations, "
        "timestamps past the end of their recording and issues of all citations of one, and record today’s numbers. Exits with 1 if a published citation has a --fail-on verdict that nobody has "
        "confirmed or dismissed."
    )

    def add_arguments(self, parser):
        background.add_option(parser)
        parser.add_argument("--article", metavar="SLUG", help="Only the citations in this article.")
        parser.add_argument("--show", metavar="HANDLE", help="Only the citations of this show’s episodes.")
        parser.add_argument(
            "--format",
            choices=["table", "json", "csv"],
            default="table",
            help="table: counts, and articles with one issue of all citations of a recording; json and csv: every "
            "published citation.",
        )
        parser.add_argument(
            "--fail-on",
            metavar="VERDICT",
            action="append",
            default=[],
            help="Fail on this verdict, such as not-found. Can be repeated.",
        )

    def handle(self, **options):
        failing = [verdict_named(written) for written in options["fail_on"]]
        scope = self._scope(options["article"], options["show"])
        if options["background"]:
            if failing or options["format"] != "table":
                raise CommandError("--format and --fail-on can’t be used with --background.")
            rows = {"article": scope.article, "show": scope.show}
            task = rechecking.start(**{name: row.pk for name, row in rows.items() if row})
            self.stdout.write(background.started(task))
            return
        started = time.monotonic()
        done = self._recheck(scope, verbosity=options["verbosity"])
        statistics.record(timezone.localdate())
        by_verdict, reviewed = counts(scope.published())
        summary = (
            f"{counted(done.citations, 'citation')} examined in {time.monotonic() - started:.1f} s: "
            f"{counted(done.checks, 'citation')} checked, {counted(done.pages, 'published page')} rebuilt."
        )
        if options["format"] == "table":
            self._table(by_verdict, reviewed)
            for _, name, number in discrepancies.counts(scope.published()):
                self.stdout.write(f"{name}: {counted(number, 'citation')}")
            self._whole_articles(scope)
            if options["verbosity"]:
                self.stdout.write(summary)
        else:
            {"json": self._json, "csv": self._csv}[options["format"]](scope, by_verdict)
            if options["verbosity"]:
                self.stderr.write(summary, style_func=str)
        self._fail(failing, by_verdict, reviewed)

    def _recheck(self, scope, *, verbosity):
        bar = progress(self.stderr, scope.citations().count(), unit="citations", step=STEP)
        shown, noted = 0, rechecking.notes()
        for done in recheck_outdated(scope, is_repeated=bool(noted)):
            if verbosity and done.citations > shown:
                shown = done.citations
                bar.show(shown)
        if not (scope.article or scope.show):
            rechecking.remove_notes(noted)
        return done

    def _table(self, by_verdict, reviewed):
        total = by_verdict.total()
        names = {verdict: labels.verdict_name(verdict) for verdict in evidence.VERDICTS}
        width = max(map(len, names.values())) + 3
        self.stdout.write(f"{'verdict':<{width}}{'published citations':>20}{'share':>8}{'reviewed':>20}")
        for verdict in evidence.VERDICTS:
            share = f"{100 * by_verdict[verdict] / total:.0f} %" if total else ""
            self.stdout.write(f"{names[verdict]:<{width}}{by_verdict[verdict]:>20}{share:>8}{reviewed[verdict]:>20}")
        self.stdout.write(f"{'all':<{width}}{total:>20}{'':>8}{reviewed.total():>20}")
        self.stdout.write(f"\n{measured_in_words(evidence.measured.load())}")

    def _whole_articles(self, scope):
        """List and count the articles whose citations of a recording have one issue in common; count marks past the end."""
        issues, past_end = list(source_issues_in(scope)), past_end_counts(scope)
        if issues:
            self.stdout.write("\nOne issue of all citations of a recording, which explains flags above:")
        for issue in issues:
            facts = (issue.kind, issue.offset_seconds, issue.explained_count, issue.citation_count)
            words = in_words(*facts, issue.episode.length_seconds)
            self.stdout.write(f"{issue.revision.article.slug} ({issue.episode.reference}): {words}")
        if issues:
            explained = counted(sum(issue.explained_count for issue in issues), "timestamp")
            self.stdout.write(f"all: {counted(len(issues), 'issue')}, {explained}")
        if past_end:
            total, articles = counted(past_end.total(), "timestamp"), counted(len(past_end), "article")
            self.stdout.write(f"\nPast the end of the recording, not counted above: {total} in {articles}")

    def _json(self, scope, by_verdict):
        """Write one JSON object with one citation per line, streamed so that it is never in memory as a whole."""
        verdicts = json.dumps({verdict: by_verdict[verdict] for verdict in evidence.VERDICTS})
        figures = json.dumps(asdict(evidence.measured.load()), default=str)
        issues = json.dumps(source_issue_rows(scope), ensure_ascii=False)
        past_end = json.dumps(past_end_counts(scope))
        self.stdout.write(f'{{"verdicts": {verdicts},\n"measured": {figures},\n"source_issues": {issues},\n', ending="")
        self.stdout.write(f'"past_end": {past_end},\n"citations": [', ending="")
        for index, row in enumerate(rows(scope)):
            self.stdout.write(f"{',' if index else ''}\n{json.dumps(row, ensure_ascii=False)}", ending="")
        self.stdout.write("\n]}")

    def _csv(self, scope, by_verdict):
        writer = Writer(self.stdout, line_end="\n")
        writer.row(COLUMNS)
        for row in rows(scope):
            row |= {
                "missing": "; ".join(row["missing"]),
                "discrepancies": "; ".join(f"{found['kind']}: {found['text']}" for found in row["discrepancies"]),
                "score": "" if row["score"] is None else row["score"],
            }
            writer.row(row[column] for column in COLUMNS)

    def _fail(self, failing, by_verdict, reviewed):
        open_counts = [(verdict, by_verdict[verdict] - reviewed[verdict]) for verdict in dict.fromkeys(failing)]
        if named := ", ".join(f"{count} “{verdict}”" for verdict, count in open_counts if count):
            raise CommandError(f"Published citations that nobody has confirmed or dismissed: {named}.", returncode=1)

    def _scope(self, slug, handle):
        article = show = None
        if slug is not None:
            articles = with_name(Article.objects, slug=slug) or with_name(Article.objects, previousslug__slug=slug)
            article = existing(articles, f"There is no article “{slug}”.").first()
        if handle is not None:
            show = existing(with_name(Show.objects, handle=handle), f"There is no show “{handle}”.").get()
        return Scope(article, show)
