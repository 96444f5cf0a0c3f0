"""How a citation stands, in the words that readers are told: never more than was done, and by whom."""

from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from articles.core import evidence
from articles.core.timestamps import format_label
from articles.models import Dismissal

# In the order in which an article tells them; each with how it is counted in a sentence.
STATES = {
    "confirmed": gettext_lazy("heard by a person"),
    "found": gettext_lazy("found in the transcript by machine"),
    "looked-at": gettext_lazy("looked at by a person"),
    "partly": gettext_lazy("only partly found in the transcript"),
    "elsewhere": gettext_lazy("found at another moment by machine"),
    "missing": gettext_lazy("not found in the transcript"),
    "unchecked": gettext_lazy("not checked"),
}

_DISMISSED = {
    Dismissal.Reason.HEARD: gettext_lazy("%(name)s says that it is said there"),
    Dismissal.Reason.PARAPHRASE: gettext_lazy("said in other words, says %(name)s"),
    Dismissal.Reason.ON_SCREEN: gettext_lazy("shown, not said, says %(name)s"),
    Dismissal.Reason.OTHER: gettext_lazy("looked at by %(name)s"),
}
_FOUND = {
    evidence.SAID_HERE: ("found", gettext_lazy("found in the transcript")),
    evidence.PARTLY: ("partly", gettext_lazy("partly found in the transcript")),
    evidence.SAID_NEARBY: ("elsewhere", gettext_lazy("found near by, at %(where)s")),
    evidence.SAID_ELSEWHERE: ("elsewhere", gettext_lazy("found elsewhere, at %(where)s")),
    evidence.NOT_FOUND: ("missing", gettext_lazy("not found in the transcript")),
}


@dataclass(frozen=True)
class Words:
    """`state` is one of `STATES`, `text` the sentence part that says it, with person or machine and date."""

    state: str
    text: str


def words(citation, standing):
    """The `Words` for a citation and its `standing.Standing`."""
    if heard := standing.confirmation:
        told = gettext("confirmed by %(name)s, %(day)s") % {"name": heard.by_name, "day": _day(heard.at)}
        return Words("confirmed", told)
    if dismissed := standing.dismissal:
        told = str(_DISMISSED[dismissed.reason]) % {"name": dismissed.by_name}
        return Words("looked-at", f"{told}, {_day(dismissed.at)}")
    check = standing.check
    if check is None or check.verdict not in _FOUND:
        return Words("unchecked", gettext("not checked"))
    state, told = _FOUND[check.verdict]
    where = format_label(check.where_seconds) if check.where_seconds is not None else gettext("another moment")
    by_machine = gettext("by machine, %(day)s") % {"day": _day(check.checked_at)}
    return Words(state, f"{str(told) % {'where': where}} ({by_machine})")


def found_as(state):
    """The machine’s verdicts that give `state` where no person has said anything; none for what only people say."""
    return [verdict for verdict, told in _FOUND.items() if told[0] == state]


def tally(found):
    """[(state, count, how it is said)] of many `Words`, without those that none has, in the order of `STATES`."""
    counts = Counter(one.state for one in found)
    return [(state, counts[state], str(said)) for state, said in STATES.items() if counts[state]]


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")
