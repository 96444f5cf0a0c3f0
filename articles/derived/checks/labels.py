"""The status of citations in words, which never claim more than was done and by whom."""

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

# In the order in which an article lists them, each with the name that follows its count.
STATES = {
    "confirmed": gettext_lazy("confirmed by a person"),
    "found": gettext_lazy("matching the transcript (automatic)"),
    "looked-at": gettext_lazy("reviewed by a person"),
    "partly": gettext_lazy("matching the transcript but for a detail (automatic)"),
    "elsewhere": gettext_lazy("with a possible or better match elsewhere (automatic)"),
    "missing": gettext_lazy("not found in transcript (automatic)"),
    "unclear": gettext_lazy("unclear from the transcript (automatic)"),
    "unchecked": gettext_lazy("not checked"),
}

AUTOMATIC = frozenset(
    {"found", "partly", "elsewhere", "missing", "unclear"}
)  # the states that rest on a transcript alone
# Those of all in which it may not be said there, or nobody and nothing has compared claim and recording.
UNVERIFIED = (AUTOMATIC - {"found"}) | {"unchecked"}

_DISMISSED = {
    Dismissal.Reason.HEARD: gettext_lazy("Heard there by %(name)s"),
    Dismissal.Reason.PARAPHRASE: gettext_lazy("Paraphrase, according to %(name)s"),
    Dismissal.Reason.ON_SCREEN: gettext_lazy("Shown on screen, according to %(name)s"),
    Dismissal.Reason.OTHER: gettext_lazy("Reviewed by %(name)s"),
}
_VERDICTS = {
    evidence.SAID_HERE: gettext_lazy("Matches transcript"),
    evidence.PARTLY: gettext_lazy("Matches transcript but for a detail"),
    evidence.SAID_NEARBY: gettext_lazy("Possible match at %(where)s"),
    evidence.SAID_ELSEWHERE: gettext_lazy("Better match at %(where)s"),
    evidence.NOT_FOUND: gettext_lazy("Not found in transcript"),
    evidence.CANT_TELL: gettext_lazy("Unclear from transcript"),
}


# Of the verdicts whose code isn't their name; programs and exports know the codes.
_NAMES = {evidence.PARTLY: gettext_lazy("said but for a detail"), evidence.CANT_TELL: gettext_lazy("can’t tell")}


@dataclass(frozen=True)
class StatusLabel:
    """`state` is one of `STATES`; `text` is the label to show, with the person or “automatic” and the date."""

    state: str
    text: str


def label_of(citation_status):
    """Return the `StatusLabel` of a `CitationStatus`."""
    return StatusLabel(citation_status.state, _text(citation_status))


def labels_of(citations):
    """Return the `StatusLabel` of each of `citations`, which may be of many articles; two queries in all."""
    return [label_of(citation_status) for citation_status in status.of_citations(citations)]


def tally(labels):
    """Return [(state, count, name)] of `StatusLabel`s in the order of `STATES`, without states that don't occur."""
    return tally_of(Counter(label.state for label in labels))


def tally_of(counts):
    """Return the same of {state: number of citations}."""
    return [(state, counts[state], str(name)) for state, name in STATES.items() if counts.get(state)]


def confirmed_by(confirmation):
    """Return who confirmed a citation and when, for editors; "" for None."""
    return _by(confirmation, gettext("Confirmed by %(name)s, %(day)s"))


def dismissed_by(dismissal, *, with_note):
    """Return who dismissed an issue, when and why; "" for None. Only editors may see the note."""
    if dismissal is None:
        return ""
    note = f" “{dismissal.note}”" if with_note and dismissal.note else ""
    return f"{_by(dismissal, gettext('Dismissed by %(name)s, %(day)s'))}: {dismissal.get_reason_display()}{note}"


def lapsed_by(citation_status):
    """Return whose confirmation of a `CitationStatus` has lapsed and why; "" if none has."""
    if not citation_status.lapsed:
        return ""
    lapsed = citation_status.lapsed
    values = {"moment": format_label(lapsed.start_seconds), "name": lapsed.by_name, "lapse": citation_status.lapse}
    return gettext("Confirmed at %(moment)s by %(name)s; %(lapse)s since") % values


def transcript_origin(transcript):
    """Return where the transcript that citations were checked with is from, whether anyone reviewed it, and who
    corrected it since; "" for None.

    It is one of `Transcript.objects.with_corrections()`.
    """
    if transcript is None:
        return ""
    if transcript.reviewed_at is None:
        return gettext("Automatic checks use a transcript imported on %(day)s. Nobody has reviewed it.") % {
            "day": _day(transcript.imported_at)
        }
    values = {"name": transcript.reviewed_by_name, "day": _day(transcript.reviewed_at)}
    reviewed = gettext("Automatic checks use a transcript reviewed by %(name)s on %(day)s.") % values
    if transcript.corrected_at is None:
        return reviewed
    values = {"name": transcript.corrected_by_name, "day": _day(transcript.corrected_at)}
    corrected = gettext("It was corrected since, last by %(name)s on %(day)s.") % values
    return f"{reviewed} {corrected}"


def verdict_name(verdict):
    """Return the name of a verdict in a list or filter, in the reader's language."""
    return str(_NAMES.get(verdict) or gettext(verdict))


def verdict_text(check):
    """Return the verdict of a `Check` for people who can edit the text; None means that the episode has no transcript."""
    if check is None:
        return gettext("Not checked: %(reason)s") % {"reason": gettext("this episode has no transcript")}
    if check.verdict == evidence.NOT_CHECKED:
        reason = translate(check.reason).rstrip(".")
        return gettext("Not checked: %(reason)s") % {"reason": reason[:1].lower() + reason[1:]}
    if check.verdict == evidence.PARTLY and check.missing:
        return gettext("Matches transcript but for a detail; not said there: %(missing)s") % {
            "missing": ", ".join(check.missing)
        }
    if check.reason:
        return gettext("Unclear from transcript: %(reason)s") % {"reason": translate(check.reason)}
    return _verdict(check)


def _text(citation_status):
    if citation_status.confirmation is not None:
        return confirmed_by(citation_status.confirmation)
    if citation_status.dismissal is not None:
        dismissal = citation_status.dismissal
        return f"{str(_DISMISSED[dismissal.reason]) % {'name': dismissal.by_name}}, {_day(dismissal.at)}"
    if citation_status.verdict not in _VERDICTS:
        return gettext("Not checked")
    check = citation_status.check
    return gettext("%(verdict)s (automatic, %(day)s)") % {"verdict": _verdict(check), "day": _day(check.checked_at)}


def _verdict(check):
    where = format_label(check.where_seconds) if check.where_seconds is not None else gettext("another timestamp")
    return str(_VERDICTS[check.verdict]) % {"where": where}


def _by(judgement, sentence):
    return sentence % {"name": judgement.by_name, "day": _day(judgement.at)} if judgement else ""


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")
