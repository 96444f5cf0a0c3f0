"""What the review page shows of a revision: what it changes, what in it is no citation, what was done to it."""

from dataclasses import dataclass

from articles import compared, derivation
from articles.compared import moment
from articles.models import Citation, LogEntry, Revision


@dataclass(frozen=True)
class PlacedProblem:
    where: str
    line: int
    column: int
    text: str
    message: str


def compare(revision):
    """The revision beside the one that it follows, four queries whatever their length."""
    return compared.compare(revision.follows, revision)


def problems(revision):
    """The marks of the revision that are no citations as they stand, with their places; none are read if none are."""
    if not revision.problem_count:
        return []
    sections = list(revision.section_set.all())
    parts = derivation.read(revision.lead, sections, derivation.sources_of(revision), known_slugs=set())
    placed = []
    for part in parts:
        name = part.section.heading if part.section else "Lead"
        for text in part.rendered():
            where = f"{name} (heading)" if text is part.heading else name
            placed += [PlacedProblem(where, p.line, p.column, p.text, p.message) for p in text.problems]
    return placed


def citations(revision):
    """The revision's citations in text order, each with its `moment`, for a text that is new as a whole."""
    found = Citation.objects.filter(revision=revision).select_related("episode__show")
    rows = list(found.prefetch_related("episode__chapter_set").order_by("position"))
    is_named = len({row.episode_id for row in rows}) > 1
    for row in rows:
        row.moment = moment(row.episode, row.start_seconds, row.end_seconds, is_named=is_named)
    return rows


def log(revision):
    """What was done to the revision, oldest first."""
    return LogEntry.objects.filter(revision=revision)


def for_page(pk, user):
    """The revision with all that its page names, if `user` may know of it; None otherwise."""
    related = ["article__published_revision", "follows", "base", "rendering"]
    found = Revision.objects.visible_to(user).select_related(*related).prefetch_related("contributor_set")
    return found.filter(pk=pk).first()
