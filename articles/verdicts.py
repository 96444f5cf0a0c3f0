"""How a citation stands, in the words that readers are told: never more than was done, and by whom."""

from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from articles import evidence
from articles.models import Dismissal
from articles.timestamps import format_label

# In the order in which an article tells them; each with how it is counted in a sentence.
STATES = {
    "confirmed": "heard by a person",
    "found": "found in the transcript by machine",
    "looked-at": "looked at by a person",
    "partly": "only partly found in the transcript",
    "elsewhere": "found at another moment by machine",
    "missing": "not found in the transcript",
    "unchecked": "not checked",
}

_DISMISSED = {
    Dismissal.Reason.HEARD: "{name} says that it is said there",
    Dismissal.Reason.PARAPHRASE: "said in other words, says {name}",
    Dismissal.Reason.ON_SCREEN: "shown, not said, says {name}",
    Dismissal.Reason.OTHER: "looked at by {name}",
}
_FOUND = {
    evidence.SAID_HERE: ("found", "found in the transcript"),
    evidence.PARTLY: ("partly", "partly found in the transcript"),
    evidence.SAID_NEARBY: ("elsewhere", "found near by, at {where}"),
    evidence.SAID_ELSEWHERE: ("elsewhere", "found elsewhere, at {where}"),
    evidence.NOT_FOUND: ("missing", "not found in the transcript"),
}


@dataclass(frozen=True)
class Words:
    """`state` is one of `STATES`, `text` the sentence part that says it, with person or machine and date."""

    state: str
    text: str


def words(citation, standing):
    """The `Words` for a citation and its `standing.Standing`."""
    if heard := standing.confirmation:
        return Words("confirmed", f"confirmed by {heard.by_name}, {_day(heard.at)}")
    if dismissed := standing.dismissal:
        told = _DISMISSED[dismissed.reason].format(name=dismissed.by_name)
        return Words("looked-at", f"{told}, {_day(dismissed.at)}")
    check = standing.check
    if check is None or check.verdict not in _FOUND:
        return Words("unchecked", "not checked")
    state, told = _FOUND[check.verdict]
    where = format_label(check.where_seconds) if check.where_seconds is not None else "another moment"
    return Words(state, f"{told.format(where=where)} (by machine, {_day(check.checked_at)})")


def tally(found):
    """[(state, count, how it is said)] of many `Words`, without those that none has, in the order of `STATES`."""
    counts = Counter(one.state for one in found)
    return [(state, counts[state], said) for state, said in STATES.items() if counts[state]]


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")
