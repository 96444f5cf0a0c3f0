"""The citation report on all published texts, as a page and as CSV."""

from django.contrib.auth.decorators import permission_required
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.pages import admin_page
from articles.core.formats.spreadsheets import Writer
from articles.core.lint import RULES
from articles.core.markdown import plain_heading
from articles.derived.checks import risk, statistics
from articles.views.http import download

from . import queries, trend
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
    "checks",
)


class _Echo:
    """A file-like object that returns what is written to it."""

    def write(self, text):
        return text


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def report(request):
    """The report. Editors only, because it quotes transcripts and editors' comments."""
    form = ReportForm(request.GET)
    wanted = form.wanted
    sort = wanted.get("sort", "")
    matching = queries.matching(wanted)
    citations, last = queries.page(matching, sort, queries.place_of(request.GET.get("after", ""), sort))
    counts = queries.counts(wanted)
    flagged_number, flagged = queries.places(wanted)
    context = {
        "title": gettext("Citation report"),
        "form": form,
        "wanted": wanted,
        "is_filtered": bool(set(wanted) - {"sort"}),
        "rows": queries.rows(citations),
        "counts": counts,
        "total": sum(number for _, number in counts),
        "check": next((check for check in RULES if check.code == wanted.get("check")), None),
        "flagged_number": flagged_number,
        "flagged": flagged,
        "is_first_page": "after" not in request.GET,
        "after": queries.place_in_address(last),
        "trend": trend.of(statistics.trend()),
        "risk_words": {"safety": risk.SAFETY, "health": risk.HEALTH, "weights": list(risk.WEIGHTS.items())},
    }
    return admin_page(request, "admin/articles/report/report.html", context)


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def export(request):
    """The filtered list as CSV."""
    wanted = ReportForm(request.GET).wanted
    lines = _lines(queries.matching(wanted), wanted.get("sort", ""))
    name = f"citations-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return download(lines, "text/csv; charset=utf-8", headers=headers)


def _lines(citations, sort):
    writer = Writer(_Echo())
    yield "\ufeff" + writer.row(COLUMNS)
    for row in queries.everything(citations, sort):
        yield writer.row(_cells(row))


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
        "; ".join(str(flag.title) for flag in row.flags if not flag.is_dismissed),
    ]
