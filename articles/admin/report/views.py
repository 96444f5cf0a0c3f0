"""The citation report on all published texts, as a page and as CSV."""

import hashlib
import json

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles.admin.shared.helpers import admin_page, messages_of_rows
from articles.admin.shared.permissions import may_change
from articles.core.lint import RULES
from articles.derived.checks import discrepancies, risk, statistics
from articles.models import BackgroundTask
from articles.views.http import download
from articles.workflow import tasks

from . import choices as choosing
from . import export as exporting
from . import loading, queries, trend
from .actions import RefusedTime
from .forms import ReportForm
from .undo import citation_of, of_message

EXPORTED_AT_ONCE = 2000  # citations that are exported while the browser waits, within about a second


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def report(request):
    """The report. Editors only, because it quotes transcripts and editors' comments."""
    form = ReportForm(request.GET)
    wanted = form.wanted
    order = queries.order_of(wanted)
    matching = queries.matching(wanted)
    citations, last = queries.page(matching, order, queries.place_of(request.GET.get("after", ""), order))
    counts = queries.counts(wanted)
    flagged_number, flagged = queries.places(wanted)
    source_issue_number, source_issues = queries.source_issues(wanted)
    total = sum(number for _, number in counts)
    rows = loading.rows(citations)
    can_write = may_change(request.user)
    following = [*(row.citation.pk for row in rows[1:]), None][: len(rows)]
    choices = choosing.choices_of(rows, request.user) if can_write else [None] * len(rows)
    row_messages, page_messages = messages_of_rows(request)
    said = [*page_messages, *(message for of_row in row_messages.values() for message in of_row)]
    done = next(filter(None, map(of_message, said)), None)
    is_done_shown = any(of_message(message) for row in rows for message in row_messages.get(row.citation.pk, ()))
    entries = [
        {"row": row, "choices": choice, "next": next_pk} | _messages_in(row_messages.pop(row.citation.pk, ()))
        for row, choice, next_pk in zip(rows, choices, following, strict=True)
    ]
    context = {
        "title": gettext("Citation report"),
        "messages": [*page_messages, *(message for of_row in row_messages.values() for message in of_row)],
        "query": request.GET.urlencode(),
        "form": form,
        "wanted": wanted,
        "done": done,
        "done_with": citation_of(done),
        "is_done_in_row": is_done_shown,
        "is_filtered": bool(set(wanted) - {"sort"}),
        "rows": rows,
        "entries": entries,
        "counts": counts,
        "discrepancies": discrepancies.counts(matching),
        "total": total,
        "is_long": total > EXPORTED_AT_ONCE,
        "check": next((check for check in RULES if check.code == wanted.get("check")), None),
        "flagged_number": flagged_number,
        "flagged": flagged,
        "source_issue_number": source_issue_number,
        "source_issues": source_issues,
        "is_first_page": "after" not in request.GET,
        "after": queries.place_in_address(last),
        "trend": trend.of(statistics.trend()),
        "risk_words": {"safety": risk.SAFETY, "health": risk.HEALTH, "weights": list(risk.WEIGHTS.items())},
    }
    return admin_page(request, "admin/articles/report/report.html", context)


def _messages_in(of_row):
    refused_time, others = RefusedTime.among(of_row)
    return {"messages": others, "refused_time": refused_time}


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def export(request):
    """The filtered list as CSV."""
    name = f"citations-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = exporting.lines(ReportForm(request.GET).wanted)
    return download(lines, "text/csv; charset=utf-8", headers=headers)


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
def start_export(request):
    """Have a worker write the filtered list, which is too long to wait for; go to its page, which has the file then."""
    wanted = ReportForm(request.POST).wanted
    arguments = exporting.arguments(wanted)
    digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()[:32]
    key = f"export {request.user.pk} {digest}"  # whoever presses twice gets one file
    task = tasks.start(BackgroundTask.Kind.EXPORT, arguments, by=request.user, key=key)
    return HttpResponseRedirect(reverse("admin:articles_backgroundtask_change", args=[task.pk]))
