"""The page on how often the check's flags were right on this site, and the judgements as a file."""

import json
from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.shared.helpers import admin_page
from articles.core.formats.spreadsheets import Writer
from articles.derived.checks import judged
from articles.derived.checks import precision as measuring
from articles.derived.responses import stored
from articles.views.http import download

from .export import Echo

PERIODS = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("A year"),
    "all": gettext_lazy("All time"),
}
DEFAULT = "365"
MOST_SHOWN = 100  # shows, and authors


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def precision(request):
    """Flags raised, right and false by show, author and month. Cached until anything public or a judgement changes."""
    period = request.GET.get("period", DEFAULT)
    period = period if period in PERIODS else DEFAULT
    since = None if period == "all" else timezone.now() - timedelta(days=int(period))
    key = f"report-precision-3-{period}-{timezone.localdate()}-{stored.site_version()}"
    measured = cache.get(key)
    if measured is None:
        measured = measuring.measure(since)
        cache.set(key, measured)
    context = {
        "title": gettext("How often flags are right"),
        "periods": PERIODS.items(),
        "period": period,
        "all": measured["all"],
        "in_source_issues": measured["in_source_issues"],
        "tables": [
            (gettext("By show"), gettext("show"), measured["shows"][:MOST_SHOWN]),
            (gettext("By author"), gettext("author"), measured["authors"][:MOST_SHOWN]),
        ],
        "months": measured["months"],
    }
    return admin_page(request, "admin/articles/report/precision.html", context)


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def export(request, form):
    """All judgements as labels: lines of JSON, which the benchmark reads, or CSV."""
    entries = (judged.entry(one) for one in judged.judged())
    if form == "jsonl":
        pieces, content_type = (f"{json.dumps(line, ensure_ascii=False)}\n" for line in entries), "application/jsonl"
    else:
        pieces, content_type = _as_csv(entries), "text/csv"
    name = f"judgements-{timezone.localdate():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return download(pieces, f"{content_type}; charset=utf-8", headers=headers)


def _as_csv(entries):
    writer = Writer(Echo())
    yield "\ufeff" + writer.row(judged.COLUMNS)
    for line in entries:
        yield writer.row(line.values())
