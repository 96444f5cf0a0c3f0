"""How often the check's flags were right, as people on this site decided: by show, by author and by month."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from articles.models import Citation

from . import status
from .judged import CONFIRMED, DISMISSED, judged


@dataclass(frozen=True)
class Flags:
    """Flags on the citations of `name`, a show, an author or a month.

    `open` wait for somebody. Of those that were settled, `right` led to another timestamp; in spite of a flag, a
    citation was `confirmed` by somebody who heard it, or the flag was `dismissed`: both are false alarms.
    """

    name: object
    open: int
    right: int
    confirmed: int
    dismissed: int

    @property
    def raised(self):
        return self.open + self.right + self.confirmed + self.dismissed

    @property
    def settled(self):
        return self.right + self.confirmed + self.dismissed

    @property
    def percent(self):
        """The share of settled flags that were right, in percent; None if none was settled."""
        return round(100 * self.right / self.settled) if self.settled else None


def measure(since):
    """Return {"shows", "authors", "months", "all", "in_source_issues"} of the flags settled from the datetime `since` on (None: ever).

    The first two are lists of `Flags`, the most raised first, with the flags open today; “months” are the settled ones by
    the first day of the month, the latest first. “in_source_issues” is how many of the open ones an issue of all
    citations of a recording explains. Takes seven queries.
    """
    settled = [one for one in judged(since) if one.is_flag_right is not None]
    by_show, by_author = defaultdict(Counter), defaultdict(Counter)
    in_source_issues = 0
    for show, author, number, explained in _open():
        by_show[show]["open"] += number
        by_author[author]["open"] += number
        in_source_issues += explained
    months, everything = defaultdict(Counter), Counter(open=sum(counts["open"] for counts in by_show.values()))
    for one in settled:
        kind = {CONFIRMED: "confirmed", DISMISSED: "dismissed"}.get(one.kind, "right")
        month = timezone.localtime(one.at).date().replace(day=1)
        for counts in (by_show[one.show.title], by_author[one.author], months[month], everything):
            counts[kind] += 1
    return {
        "shows": _listed(by_show),
        "authors": _listed(by_author),
        "months": [_flags(month, months[month]) for month in sorted(months, reverse=True)],
        "all": _flags("", everything),
        "in_source_issues": in_source_issues,
    }


def _open():
    """Yield (title of the show, name of the author, number, explained) of public citations with a flag that is open.

    Nobody has settled these; `explained` of them are part of an issue of all citations of a recording. Numbers may be
    negative: add them up.
    """
    flagged = Citation.objects.filter(is_public=True, verdict__in=status.FLAGGED).order_by()
    settled = flagged.filter(status.confirmed() | status.dismissed())
    for sign, citations in ((1, flagged), (-1, settled)):
        numbers = citations.values_list("episode__show__title", "revision__author_name").annotate(
            number=Count("pk"), explained=Count("pk", filter=Q(source_issue__isnull=False))
        )
        yield from ((show, author, sign * number, sign * explained) for show, author, number, explained in numbers)


def _listed(counts):
    rows = (_flags(name, of_name) for name, of_name in counts.items())
    return sorted((row for row in rows if row.raised), key=lambda row: (-row.raised, row.name))


def _flags(name, counts):
    return Flags(name, counts["open"], counts["right"], counts["confirmed"], counts["dismissed"])
