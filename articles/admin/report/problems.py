"""“Needs fixing”: one flagged citation of the published texts after the other, riskiest first, with all that settles it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.shared.helpers import admin_page, messages_of_rows
from articles.admin.shared.permissions import may_change
from articles.core.parsing.numbers import whole_number
from articles.derived.checks import status
from articles.models import Citation, Confirmation, Dismissal, Revision

from . import actions, decide, forms, loading, queries
from . import choices as choosing
from .undo import citation_of, done_by, parse, undo

FIRST = 3  # problems of each kind on the home page, where drafts come after them


@dataclass(frozen=True)
class ReportProgress:
    """How many problems the user settled today, and how many are left in the list."""

    looked_at: int
    left: int

    @property
    def total(self):
        return self.looked_at + self.left


def first_of(user, data):
    """Return the home page's part for `user`: {form, query, citations, source_issues, progress}.

    A constant number of queries: the list is cut by an index, and the count of all is kept until something changes.
    """
    form = forms.ProblemForm(data)
    wanted = _wanted(form, user)
    moved = _moved(user)
    citations, _ = queries.page(_problems(wanted, moved), "risk", size=FIRST)
    number, source_issues = queries.source_issues({name: wanted[name] for name in wanted if name == "show"})
    return {
        "form": form,
        "query": _filters(data).urlencode(),
        "citations": citations,
        "source_issues": source_issues[:FIRST] if "contributor" not in wanted else [],
        "source_issue_count": number,
        "progress": _progress(wanted, user, moved),
    }


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def problem(request):
    """One problem: the citation `at`, or the first one after the place `after`; without either, the riskiest."""
    form = forms.ProblemForm(request.GET)
    wanted = _wanted(form, request.user)
    moved = _moved(request.user)
    problems = _problems(wanted, moved)
    at, after = whole_number(request.GET.get("at")), queries.place_of(request.GET.get("after", ""), "risk")
    if at is not None:
        citations = list(loading.with_related(problems.filter(pk=at)))
    else:
        citations, _ = queries.page(problems, "risk", after, size=1)
    rows = loading.rows(citations)
    row_messages, page_messages = messages_of_rows(request)
    of_row = row_messages.pop(rows[0].citation.pk, ()) if rows else ()
    refused_time, of_row = actions.RefusedTime.among(of_row)
    done = parse(request.GET.get("did", ""))
    context = {
        "title": gettext("Needs fixing"),
        "messages": [*page_messages, *of_row, *(message for others in row_messages.values() for message in others)],
        "refused_time": refused_time,
        "form": form,
        "row": rows[0] if rows else None,
        "choices": choosing.choices_of(rows, request.user, has_flags=False)[0]
        if rows and may_change(request.user)
        else None,
        "progress": _progress(wanted, request.user, moved),
        "query": request.GET.urlencode(),
        "next": _address(request.GET, after=_place(citations[0])) if citations else "",
        "first": _address(request.GET),
        "is_first": at is None and after is None,
        "done": done,
        "done_with": citation_of(done),
    }
    return admin_page(request, "admin/articles/report/problem.html", context)


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
def settle(request):
    """Run the action on the problem and go on to the next, from where it can be undone."""
    query = QueryDict(request.POST.get("query", ""))
    level, text, citation, tag = decide.carry_out(request)
    fragment = ""
    if tag:
        pk = whole_number(request.POST.get("citation"))
        tag, fragment = f"row-{pk} {tag}", f"#time-{pk}"
    messages.add_message(request, level, text, extra_tags=tag)
    if citation is None:
        return HttpResponseRedirect(f"{reverse('admin:evidence_problem')}?{query.urlencode()}{fragment}")
    done = done_by(request.POST, citation, by=request.user)
    return HttpResponseRedirect(_address(query, after=_place(citation), did=done.text if done else ""))


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
def take_back(request):
    """Undo what was done last, and go back to that problem."""
    query = QueryDict(request.POST.get("query", ""))
    try:
        text, citation = undo(parse(request.POST.get("did", "")), by=request.user)
    except (actions.Refused, workflow.WorkflowError) as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_address(query, after=query.get("after", "")))
    messages.success(request, text)
    return HttpResponseRedirect(_address(query, at=citation.pk))


def _wanted(form, user):
    filters = form.wanted
    wanted = {"state": forms.NOBODY}
    if filters.get("mine"):
        wanted["contributor"] = user
    if show := filters.get("of_show"):
        wanted["show"] = show
    return wanted


def _problems(wanted, moved):
    """The flagged citations that nobody has judged, without those that the user has already `moved` in a draft."""
    flagged = queries.matching(wanted).filter(verdict__in=status.FLAGGED)
    return flagged.exclude(moved) if moved else flagged


def _moved(user):
    """The condition that a public citation is no longer the same in the user's draft of its article; None without drafts."""
    drafts = Revision.objects.visible_to(user).open().filter(author=user, article__published_revision__isnull=False)
    pairs = list(drafts.values_list("pk", "article__published_revision"))
    if not pairs:
        return None
    kept = Citation.objects.filter(revision__in=[draft for draft, _ in pairs]).values("claim_key")
    return Q(revision__in=[published for _, published in pairs]) & ~Q(claim_key__in=kept)


def _progress(wanted, user, moved):
    """Return the `ReportProgress`; what was moved in drafts counts as settled."""
    flagged = {verdict: number for verdict, number in queries.counts(wanted) if verdict in status.FLAGGED}
    moved_count = queries.matching(wanted).filter(moved, verdict__in=status.FLAGGED).count() if moved else 0
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    verdicts = Dismissal.objects.active().filter(code__in=status.FLAGGED, by=user, at__gte=today)
    judged = Confirmation.objects.active().filter(by=user, at__gte=today).count() + verdicts.count()
    return ReportProgress(judged + moved_count, max(0, sum(flagged.values()) - moved_count))


def _filters(data):
    """The part of a query that chooses the list, without the place in it."""
    kept = QueryDict(mutable=True)
    for name in forms.ProblemForm.base_fields:
        if data.get(name):
            kept[name] = data[name]
    return kept


def _address(data, **more):
    query = _filters(data)
    query.update({name: value for name, value in more.items() if value})
    return f"{reverse('admin:evidence_problem')}{f'?{query.urlencode()}' if query else ''}"


def _place(citation):
    return queries.place_in_address([citation.risk, citation.pk])
