"""What is wrong with a text's citations of one recording, in words."""

from django.utils.translation import gettext, ngettext

from articles.core.evidence import source_issues
from articles.core.timestamps import format_label


def in_words(kind, offset_seconds, explained, total, length_seconds):
    """Return what is wrong with so many of all citations of a recording."""
    values = {"count": explained, "total": total}
    if kind == source_issues.OTHER_RECORDING:
        return (
            gettext("%(count)s of %(total)s timestamps don’t match this recording. It may be the wrong one.") % values
        )
    if kind == source_issues.SHIFTED:
        values["by"] = _length_in_words(abs(offset_seconds))
        if offset_seconds < 0:
            return gettext("%(count)s of %(total)s timestamps are too late by %(by)s.") % values
        return gettext("%(count)s of %(total)s timestamps are too early by %(by)s.") % values
    if kind == source_issues.HOURS_TOO_LATE:
        return gettext("%(count)s of %(total)s timestamps fit without their hours.") % values
    if kind == source_issues.MINUTES_AS_HOURS:
        return gettext("%(count)s of %(total)s timestamps have their minutes in the place of the hours.") % values
    values["end"] = format_label(length_seconds)
    return gettext("%(count)s of %(total)s timestamps are past the end of the recording (%(end)s).") % values


def for_readers(issue, past_end, length_seconds):
    """Return what readers are told about all citations of a recording; empty if nothing is wrong.

    `issue` is a `SourceIssue` or None, `past_end` the number of timestamps past the end.
    """
    sentences = []
    if issue:
        facts = (issue.kind, issue.offset_seconds, issue.explained_count, issue.citation_count)
        sentences += [gettext("Automatic check:"), in_words(*facts, length_seconds)]
    if issue and issue.kind == source_issues.PAST_END:
        sentences.append(gettext("They can’t be listened to and aren’t listed here."))
    elif past_end:
        sentences.append(
            ngettext(
                "%(count)s timestamp is past the end of the recording (%(end)s) and isn’t listed here.",
                "%(count)s timestamps are past the end of the recording (%(end)s) and aren’t listed here.",
                past_end,
            )
            % {"count": past_end, "end": format_label(length_seconds)}
        )
    return " ".join(sentences)


def _length_in_words(seconds):
    hours, rest = divmod(seconds, source_issues.HOUR)
    if rest:  # an estimate: candidates start at a sentence
        return gettext("about %(label)s") % {"label": format_label(seconds)}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
