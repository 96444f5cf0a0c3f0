"""Citations of all published texts, filtered, ordered, counted and paged without a join over the whole site."""

from collections import Counter

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Value

from articles.core.parsing.numbers import KEY_MAX
from articles.derived.checks import risk, status
from articles.derived.responses import stored
from articles.derived.source_issues import in_words
from articles.models import Check, Citation, Contributor, Dismissal, Episode, LintIssue, SourceIssue
from articles.views.http.pagination import conditions_behind, cut

from . import forms
from .loading import rows, sharing_related, with_related

PER_PAGE = 50
PLACES_SHOWN = 50
BATCH = 900  # SQLite takes fewer than 1000 texts at once, since Django looks up related rows with an OR for each

# The columns of each order, descending with a minus. A unique column or set of columns at the end breaks ties. By
# default the citations that a person has judged come last.
ORDERS = {
    "": ["is_settled", "-risk", "pk"],
    "risk": ["-risk", "pk"],
    "moment": ["episode_id", "start_seconds", "pk"],
    "article": ["revision_id", "position"],
    "score": ["score", "pk"],
}


def matching(wanted, *, is_folded=True):
    """The public citations that match `wanted` (`ReportForm.wanted`), unordered.

    With `is_folded`, those that an issue of all citations of a recording explains are left out unless it is asked for.
    """
    citations = Citation.objects.filter(is_public=True)
    if issue := wanted.get("source_issue"):
        citations = citations.filter(source_issue=issue)
    elif is_folded:
        citations = citations.filter(source_issue=None)
    if verdict := wanted.get("verdict"):
        citations = citations.filter(verdict=verdict)
    if user := wanted.get("contributor"):
        own = Contributor.objects.filter(user=user).values("revision__article")
        citations = citations.filter(revision__published_for__in=own)
    if kind := wanted.get("discrepancy"):
        citations = citations.filter(finding__in=Check.objects.with_discrepancy(kind).values("pk"))
    if article := wanted.get("article"):
        citations = citations.filter(revision=article.published_revision_id)
    if episode := wanted.get("episode"):
        citations = citations.filter(episode=episode)
    if show := wanted.get("show"):
        # Keys instead of a join, so that each uses the index of an episode's public citations.
        citations = citations.filter(episode__in=Episode.objects.filter(show=show).values("pk"))
    if code := wanted.get("check"):
        citations = citations.filter(pk__in=_flagged(code).filter(citation__isnull=False).values("citation"))
    state, confirmed = wanted.get("state"), status.confirmed()
    if state == forms.HEARD:
        return citations.filter(confirmed)
    dismissed = _dismissed_flag(code) if code else status.dismissed()
    if state == forms.DISMISSED:
        return citations.filter(dismissed, ~confirmed)
    return citations.filter(~confirmed, ~dismissed) if state == forms.NOBODY else citations


def counts(wanted):
    """[(verdict, number of citations)] for `wanted`, the riskiest verdict first, including zeros.

    Unchecked citations are all minus the confirmed and dismissed ones, which are few. All are counted once after each
    change of what is public, in a tenth of a second for a million; the few that are folded are then subtracted.
    """
    if wanted.get("state") == forms.NOBODY:
        everything = dict(counts({**wanted, "state": ""}))
        for state in (forms.HEARD, forms.DISMISSED):
            for verdict, number in counts({**wanted, "state": state}):
                everything[verdict] -= number
        return list(everything.items())
    key = None if any(wanted.values()) else f"report-counts-{stored.site_version()}"
    numbers = key and cache.get(key)
    if numbers is None:
        numbers = _by_verdict(matching(wanted, is_folded=False))
        if not wanted.get("source_issue"):
            numbers -= _by_verdict(matching(wanted, is_folded=False).filter(source_issue__isnull=False))
        if key:
            cache.set(key, numbers)
    return [(verdict, numbers.get(verdict, 0)) for verdict in risk.WEIGHTS]


def _by_verdict(citations):
    return Counter(dict(citations.order_by().values_list("verdict").annotate(number=Count("pk"))))


def order_of(wanted):
    """The one of `ORDERS` for `wanted`: with a review status, there are no others to tell the settled ones from."""
    return wanted.get("sort") or ("risk" if wanted.get("state") else "")


def page(citations, sort, after=None, size=PER_PAGE, *, are_many=False):
    """(citations, place): at most `size` of the `citations` in the order `sort`, starting after the place `after`.

    A place is the list of a row's values in the order's columns. The returned one is that of the last row, or None if
    nothing follows. Needs at most one query per column, each of which walks an index from the end of the previous
    page (by default also one that looks up the settled ones), so late pages are as fast as early ones. Wide columns are loaded for this page only; `are_many` means that
    its citations have texts and recordings in common. Sorting by score leaves out unchecked citations, which have none.
    """
    names = [column.lstrip("-") for column in ORDERS[sort]]
    if sort == "score":
        citations = citations.filter(score__isnull=False)
    places = []
    for following in _following(citations, sort, after):
        places += following.values_list("pk", *names)[: size + 1 - len(places)]
        if len(places) > size:
            break
    cut_page = cut(places, size)
    keys = [pk for pk, *_ in cut_page.rows]
    load = sharing_related if are_many else with_related
    wide = {citation.pk: citation for citation in load(Citation.objects.filter(pk__in=keys))}
    return [wide[pk] for pk in keys if pk in wide], cut_page.last and list(cut_page.last[1:])


def _following(citations, sort, after):
    """The query sets that, one after the other, make up the list from after the place `after` on."""
    if sort:
        conditions = conditions_behind(ORDERS[sort], after) if after else [Q()]
        return [citations.filter(condition).order_by(*ORDERS[sort]) for condition in conditions]
    confirmed, dismissed = status.confirmed(), status.dismissed()
    parts = [citations.filter(~confirmed, ~dismissed), citations.filter(confirmed | dismissed)]
    first, behind = (bool(after[0]), after[1:]) if after else (0, None)
    parts = [part.annotate(is_settled=Value(number)) for number, part in enumerate(parts)][first:]
    return [*_following(parts[0], "risk", behind), *(part.order_by(*ORDERS["risk"]) for part in parts[1:])]


def place_of(text, sort):
    """Parse a place from a query string; None if it isn't valid for this order."""
    parts = text.split("_") if text else []
    if len(parts) != len(ORDERS[sort]):
        return None
    try:
        place = [
            float(part) if column == "score" else int(part) for part, column in zip(parts, ORDERS[sort], strict=True)
        ]
    except ValueError:
        return None
    return place if all(abs(value) <= KEY_MAX for value in place) else None


def place_in_address(place):
    return "_".join(repr(value) for value in place) if place else ""


def everything(citations, sort):
    """Yield the `Row`s of all `citations` in order, in batches, so that memory stays constant."""
    place = None
    while True:
        batch, place = page(citations, sort, place, BATCH, are_many=True)
        yield from rows(batch)
        if place is None:
            return


def source_issues(wanted):
    """(number, the first `PLACES_SHOWN`) of the issues of all citations of a recording that match `wanted`.

    Each of those has its sentence as `in_words`, and `cited`, the number of citations folded under it.
    """
    if set(wanted) & {"verdict", "discrepancy", "check", "state"}:
        return 0, []
    issues = SourceIssue.objects.filter(revision__published_for__isnull=False)
    if issue := wanted.get("source_issue"):
        issues = issues.filter(pk=issue.pk)
    if article := wanted.get("article"):
        issues = issues.filter(revision=article.published_revision_id)
    if episode := wanted.get("episode"):
        issues = issues.filter(episode=episode)
    if show := wanted.get("show"):
        issues = issues.filter(episode__show=show)
    shown = issues.select_related("revision", "episode").defer("revision__lead").order_by("-explained_count", "pk")
    listed = list(shown.annotate(cited=Count("citation"))[:PLACES_SHOWN])
    for issue in listed:
        facts = (issue.kind, issue.offset_seconds, issue.explained_count, issue.citation_count)
        issue.in_words = in_words(*facts, issue.episode.length_seconds)
    return issues.count(), listed


def places(wanted):
    """(number, the first `PLACES_SHOWN`) of the issues in published texts that aren't about a citation."""
    if "check" not in wanted or set(wanted) & {"episode", "show", "verdict", "discrepancy", "state"}:
        return 0, []
    flagged = _flagged(wanted["check"]).filter(citation=None, revision__published_for__isnull=False)
    if article := wanted.get("article"):
        flagged = flagged.filter(revision=article.published_revision_id)
    related = flagged.select_related("revision__published_for").defer("revision__lead")
    return flagged.count(), list(related.order_by("pk")[:PLACES_SHOWN])


def _flagged(code):
    return LintIssue.objects.filter(code=code)


def _dismissed_flag(code):
    """The condition that a citation's issue with this code was dismissed in its article."""
    same = Dismissal.objects.active().filter(
        subject=OuterRef("subject"), code=code, article=OuterRef("revision__article")
    )
    return Q(pk__in=_flagged(code).filter(Exists(same), citation__isnull=False).values("citation"))
