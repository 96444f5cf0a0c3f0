"""What a check found that the recording doesn't say like the claim, in words."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext_lazy

from articles.core import evidence
from articles.core.timestamps import format_label
from articles.models import Check

# In the order in which lists count them.
KINDS = {
    evidence.QUOTATION: gettext_lazy("Quotation not said like this"),
    evidence.NUMBER: gettext_lazy("Number not in the recording"),
    evidence.NAME: gettext_lazy("Name not in the recording"),
}


@dataclass(frozen=True)
class ShownDiscrepancy:
    """A discrepancy: its kind in words, what the claim writes, and for a quotation the closest wording and where it is.

    `closest` is a transcript's text, "" if there is none or it may not be shown.
    """

    kind: str
    title: str
    text: str
    closest: str = ""
    where: str = ""
    where_href: str = ""


def shown(check, episode, *, may_quote):
    """Return the `ShownDiscrepancy`s of a `Check` of a claim about `episode`; none for None."""
    return tuple(
        ShownDiscrepancy(
            kind=kind,
            title=str(KINDS[kind]),
            text=text,
            closest=closest if may_quote else "",
            where="" if seconds is None else format_label(seconds),
            where_href="" if seconds is None else episode.link_at(seconds),
        )
        for kind, text, closest, seconds in (check.discrepancies if check else ())
    )


def as_values(check):
    """Return the discrepancies of a `Check` as dictionaries without the transcript's words, for exports."""
    return [
        {"kind": kind, "text": text, "start": seconds}
        for kind, text, _, seconds in (check.discrepancies if check else ())
    ]


def counts(citations):
    """Return [(kind, its name, number of `citations` with it)] of `citations`, a query set, without zeros; one query.

    The few checks with discrepancies are selected first.
    """
    some = Check.objects.exclude(discrepancy_kinds="").values("pk")
    rows = citations.filter(finding__in=some).order_by().values_list("finding__discrepancy_kinds")
    numbers = Counter()
    for kinds, number in rows.annotate(number=Count("pk")):
        numbers.update(dict.fromkeys(kinds.split(), number))
    return in_words(numbers)


def in_words(numbers):
    """Return [(kind, its name, number)] of {kind: number}, without zeros."""
    return [(kind, str(name), numbers[kind]) for kind, name in KINDS.items() if numbers.get(kind)]
