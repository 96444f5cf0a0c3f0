"""The status of citations in words: never more than was done, and by whom."""

from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from articles.core import evidence
from articles.core.timestamps import format_label
from articles.derived.i18n import translate
from articles.models import Dismissal

from . import status

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
    evidence.SAID_HERE: gettext_lazy("found in the transcript"),
    evidence.PARTLY: gettext_lazy("partly found in the transcript"),
    evidence.SAID_NEARBY: gettext_lazy("found near by, at %(where)s"),
    evidence.SAID_ELSEWHERE: gettext_lazy("found elsewhere, at %(where)s"),
    evidence.NOT_FOUND: gettext_lazy("not found in the transcript"),
}


@dataclass(frozen=True)
class StatusLabel:
    """`state` is one of `STATES`, `text` the sentence part that says it, with person or machine and date."""

    state: str
    text: str


def label_of(found):
    """The `StatusLabel` of a `CitationStatus`."""
    return StatusLabel(found.state, _text(found))


def labels_of(citations):
    """The `StatusLabel` of each of `citations`, which may be of many articles; two queries, whatever their number."""
    return [label_of(found) for found in status.of_citations(citations)]


def tally(labels):
    """[(state, count, how it is said)] of many `StatusLabel`s, without those that none has, in the order of `STATES`."""
    counts = Counter(label.state for label in labels)
    return [(state, counts[state], str(said)) for state, said in STATES.items() if counts[state]]


def confirmed_by(confirmation):
    """Who heard a citation and when, as editors read it; "" where nobody did."""
    return _by(confirmation, gettext("heard by %(name)s, %(day)s"))


def dismissed_by(dismissal, *, with_note):
    """Who dismissed a flag, when and why, as editors read it; "" where nobody did. The note is for editors alone."""
    if dismissal is None:
        return ""
    note = f" “{dismissal.note}”" if with_note and dismissal.note else ""
    return f"{_by(dismissal, gettext('dismissed by %(name)s, %(day)s'))}: {dismissal.get_reason_display()}{note}"


def lapsed_by(found):
    """Who heard a citation before what changed, of its `CitationStatus`; "" where nothing lapsed."""
    if not found.lapsed:
        return ""
    values = {"name": found.lapsed.by_name, "lapse": found.lapse}
    return gettext("%(name)s heard it before, and %(lapse)s since") % values


def verdict_text(check):
    """What the machine found, as somebody reads it who can change the text; `check` is None without a transcript."""
    if check is None:
        return gettext("not checked: %(reason)s") % {"reason": gettext("this episode has no transcript")}
    where = format_label(check.where_seconds) if check.where_seconds is not None else ""
    if check.verdict == evidence.SAID_NEARBY:
        return gettext("said nearby at %(where)s") % {"where": where}
    if check.verdict == evidence.SAID_ELSEWHERE:
        return gettext("said elsewhere: %(where)s") % {"where": where}
    if check.verdict == evidence.PARTLY:
        return gettext("partly: not said there: %(missing)s") % {"missing": ", ".join(check.missing)}
    if check.verdict == evidence.NOT_CHECKED:
        reason = translate(check.reason).rstrip(".")
        return gettext("not checked: %(reason)s") % {"reason": reason[:1].lower() + reason[1:]}
    return gettext(check.verdict)


def _text(found):
    if found.confirmation is not None:
        return _by(found.confirmation, gettext("confirmed by %(name)s, %(day)s"))
    if found.dismissal is not None:
        said = str(_DISMISSED[found.dismissal.reason]) % {"name": found.dismissal.by_name}
        return f"{said}, {_day(found.dismissal.at)}"
    if found.verdict not in _FOUND:
        return gettext("not checked")
    check = found.check
    where = format_label(check.where_seconds) if check.where_seconds is not None else gettext("another moment")
    by_machine = gettext("by machine, %(day)s") % {"day": _day(check.checked_at)}
    return f"{str(_FOUND[check.verdict]) % {'where': where}} ({by_machine})"


def _by(statement, sentence):
    return sentence % {"name": statement.by_name, "day": _day(statement.at)} if statement else ""


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")
