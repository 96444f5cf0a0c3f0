"""The citations of all published texts: filtered, ordered, counted and paged without a join over the whole site."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from articles.core.lint import RULES
from articles.derived.checks import risk, status
from articles.models import Citation, Dismissal, Episode, LintIssue
from articles.views import diff
from articles.views.pagination import conditions_behind, cut

from . import forms

PER_PAGE = 50
PLACES_SHOWN = 50
BATCH = 1000
TITLES = {check.code: gettext_lazy(check.title) for check in RULES}

# The columns of each order, ascending but where a minus stands; the key of the row comes last, to tell equals apart.
ORDERS = {
    "": ["-risk", "pk"],
    "moment": ["episode_id", "start_seconds", "pk"],
    "article": ["revision_id", "position"],
    "score": ["score", "pk"],
}


@dataclass(frozen=True)
class Row:
    """A citation in a list over several articles; `flags` are what checks found of it, each with `is_dismissed`."""

    citation: Citation
    stands: diff.StatusDetails
    moment: diff.Moment
    flags: list

    @property
    def risk(self):
        return risk.in_words(self.citation.risk)

    @property
    def is_risky(self):
        return self.citation.risk >= risk.FROM_HIGH


def found(wanted):
    """The public citations that `wanted` (a form's) asks for, in no order."""
    return _narrowed(Citation.objects.filter(is_public=True), wanted)


def _narrowed(citations, wanted):
    if verdict := wanted.get("verdict"):
        citations = citations.filter(verdict=verdict)
    if article := wanted.get("article"):
        citations = citations.filter(revision=article.published_revision_id)
    if episode := wanted.get("episode"):
        citations = citations.filter(episode=episode)
    if show := wanted.get("show"):
        # Keys, not a join: the index of an episode's public citations serves each.
        citations = citations.filter(episode__in=Episode.objects.filter(show=show).values("pk"))
    if code := wanted.get("check"):
        citations = citations.filter(pk__in=_flagged(code).filter(citation__isnull=False).values("citation"))
    state = wanted.get("state")
    confirmed = status.confirmed()
    if state == forms.HEARD:
        return citations.filter(confirmed)
    dismissed = _dismissed_flag(code) if code else status.dismissed()
    if state == forms.DISMISSED:
        return citations.filter(dismissed, ~confirmed)
    return citations.filter(~confirmed, ~dismissed) if state == forms.NOBODY else citations


def counts(wanted):
    """[(verdict, citations)] of what `wanted` asks for, the riskiest verdict first, zeros included; two queries.

    Those that nobody looked at are the rest: the few that somebody did are quicker to count.
    """
    if wanted.get("state") == forms.NOBODY:
        everything = dict(counts({**wanted, "state": ""}))
        for state in (forms.HEARD, forms.DISMISSED):
            for verdict, number in counts({**wanted, "state": state}):
                everything[verdict] -= number
        return list(everything.items())
    numbers = dict(found(wanted).order_by().values_list("verdict").annotate(number=Count("pk")))
    by_weight = sorted(risk.WEIGHTS, key=risk.WEIGHTS.get, reverse=True)
    return [(verdict, numbers.get(verdict, 0)) for verdict in by_weight]


def page(citations, sort, after=None, size=PER_PAGE):
    """At most `size` of the `citations` in the order `sort` behind the place `after`, and the place of the last one.

    A place is the list of a row's values in the columns of the order; None where nothing follows. One query for each
    column at most: each walks an index from where the last page ended, however far that is. The wide rows are read
    for the page alone. In the order of scores those without one, which were not checked, do not stand.
    """
    columns = ORDERS[sort]
    names = [column.lstrip("-") for column in columns]
    if sort == "score":
        citations = citations.filter(score__isnull=False)
    found = []
    for condition in conditions_behind(columns, after) if after else [Q()]:
        there = citations.filter(condition).order_by(*columns).values_list("pk", *names)
        found += there[: size + 1 - len(found)]
        if len(found) > size:
            break
    shown = cut(found, size)
    keys = [pk for pk, *_ in shown.rows]
    wide = {citation.pk: citation for citation in _with_all(Citation.objects.filter(pk__in=keys))}
    return [wide[pk] for pk in keys if pk in wide], shown.last and list(shown.last[1:])


def place_of(text, sort):
    """The place that an address names, or None where it is none."""
    parts = text.split("_") if text else []
    if len(parts) != len(ORDERS[sort]):
        return None
    try:
        return [
            float(part) if column == "score" else int(part) for part, column in zip(parts, ORDERS[sort], strict=True)
        ]
    except ValueError:
        return None


def place_in_address(place):
    return "_".join(repr(value) for value in place) if place else ""


def everything(citations, sort):
    """All `citations` in their order, read in batches: `Row`s in constant memory."""
    place = None
    while True:
        batch, place = page(citations, sort, place, BATCH)
        yield from rows(batch)
        if place is None:
            return


def rows(citations):
    """A `Row` for each citation (with episode, chapters and finding): three queries, whatever their number and articles."""
    citations = list(citations)
    if not citations:
        return []
    flags = {}
    for flag in LintIssue.objects.filter(citation__in=[citation.pk for citation in citations]):
        flags.setdefault(flag.citation_id, []).append(flag)
    subjects = [flag.subject for of_citation in flags.values() for flag in of_citation]
    statements = status.statements_on(citations, subjects)
    return [_row(citation, statements, flags.get(citation.pk, [])) for citation in citations]


def _row(citation, statements, flags):
    article = citation.revision.article_id
    for flag in flags:
        flag.title = TITLES.get(flag.code, flag.code)
        flag.is_dismissed = statements.dismissal(article, flag.code, flag.subject) is not None
    found = statements.status(article, citation.claim_key, citation.finding)
    moment = diff.moment(citation.episode, citation.start_seconds, citation.end_seconds, is_named=True)
    return Row(citation, diff.details_of(citation, found, excerpts=True), moment, flags)


def places(wanted):
    """(number, the first of them) of the places without a citation that a check flags in published texts."""
    if "check" not in wanted or set(wanted) & {"episode", "show", "verdict", "state"}:
        return 0, []
    flagged = _flagged(wanted["check"]).filter(citation=None, revision__published_for__isnull=False)
    if article := wanted.get("article"):
        flagged = flagged.filter(revision=article.published_revision_id)
    shown = flagged.select_related("revision__published_for").defer("revision__lead").order_by("pk")
    return flagged.count(), list(shown[:PLACES_SHOWN])


def _with_all(citations):
    related = ["finding", "episode__show", "revision__article", "section"]
    wide = ["revision__lead", "section__body", "finding__candidates", "finding__context", "context"]
    return citations.select_related(*related).prefetch_related("episode__chapter_set").defer(*wide)


def _flagged(code):
    return LintIssue.objects.filter(code=code)


def _dismissed_flag(code):
    """The citations whose flag by this check somebody dismissed in their article."""
    same = Dismissal.objects.active().filter(
        subject=OuterRef("subject"), code=code, article=OuterRef("revision__article")
    )
    return Q(pk__in=_flagged(code).filter(Exists(same), citation__isnull=False).values("citation"))
