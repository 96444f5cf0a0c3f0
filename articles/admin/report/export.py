"""The citation report as CSV: in the answer, or as the file of a task."""

from django.utils.translation import gettext, gettext_lazy

from articles.core.formats.spreadsheets import Writer
from articles.core.markdown import plain_heading
from articles.workflow import tasks

from . import queries
from .forms import ReportForm

COLUMNS = (
    "risk",
    "verdict",
    "score",
    "article",
    "address",
    "section",
    "claim",
    "show",
    "episode",
    "moment",
    "end",
    "chapter",
    "link",
    gettext_lazy("said there"),
    gettext_lazy("said where"),
    gettext_lazy("said where, words"),
    "heard",
    "dismissed",
    gettext_lazy("not in the recording"),
    gettext_lazy("issue of all citations"),
    "checks",
)


class Echo:
    """A file-like object that returns what is written to it."""

    def write(self, text):
        return text


def lines(wanted):
    """Yield the list for `wanted` (`ReportForm.wanted`) as lines of CSV, the first with a byte order mark."""
    writer = Writer(Echo())
    yield "\ufeff" + writer.row(COLUMNS)
    for row in queries.everything(queries.matching(wanted, is_folded=False), queries.order_of(wanted)):
        yield writer.row(_cells(row))


def arguments(wanted):
    """Return `wanted` in plain values for a task: choices, and keys of rows."""
    return {"filters": {name: getattr(value, "pk", value) for name, value in wanted.items()}}


def write(progress, *, filters):
    """Write the list for `filters`, as `arguments` gave them, into the task's file. Returns how many citations."""
    form = ReportForm({name: str(value) for name, value in filters.items()})
    if set(form.wanted) != set(filters):
        raise tasks.Refusal(gettext("What the list was filtered by has been deleted."))
    total = sum(number for _, number in queries.counts(form.wanted))
    progress.step(0, total)
    number = -1  # without the heads of the columns
    for number, line in enumerate(lines(form.wanted)):
        progress.write(line)
        progress.step(number)
    return {"citations": number}


def _cells(row):
    citation, details = row.citation, row.details
    return [
        citation.risk,
        details.verdict,
        "" if citation.finding is None else round(citation.finding.score, 3),
        citation.revision.title,
        citation.revision.article.get_absolute_url(),
        plain_heading(citation.section.heading) if citation.section else "",
        citation.claim,
        citation.episode.show.title,
        citation.episode.title,
        citation.start_seconds,
        "" if citation.end_seconds is None else citation.end_seconds,
        row.moment.chapter,
        row.moment.href,
        details.excerpt,
        details.where,
        details.where_excerpt,
        details.confirmed,
        details.dismissed,
        "; ".join(f"{found.title}: {found.text}" for found in details.discrepancies),
        gettext(citation.source_issue.kind) if citation.source_issue else "",
        "; ".join(str(flag.title) for flag in row.flags if not flag.is_dismissed),
    ]
