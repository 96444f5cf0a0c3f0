"""What is wrong with a text's citations of one recording, in words for editors."""

from django.utils.translation import gettext, ngettext

from articles.core.evidence import source_issues
from articles.core.timestamps import format_label, format_timestamp


def in_words(kind, offset_seconds, explained, total, length_seconds):
    """Return a sentence for editors: what is wrong with so many of all citations of a recording."""
    values = {"count": explained, "total": total}
    if kind == source_issues.OTHER_RECORDING:
        return gettext("Hardly anything that cites this recording is said in it. It may be the wrong recording.")
    if kind == source_issues.SHIFTED:
        values["by"] = _length_in_words(abs(offset_seconds))
        if offset_seconds < 0:
            return gettext("%(count)s of %(total)s timestamps are too late by %(by)s.") % values
        return gettext("%(count)s of %(total)s timestamps are too early by %(by)s.") % values
    if kind == source_issues.HOURS_TOO_LATE:
        return gettext("%(count)s of %(total)s timestamps fit without their hours.") % values
    if kind == source_issues.MINUTES_AS_HOURS:
        return gettext("%(count)s of %(total)s timestamps have their minutes in the place of the hours.") % values
    values["end"] = format_timestamp(length_seconds)
    return gettext("%(count)s of %(total)s timestamps are past the end of the recording (%(end)s).") % values


def _length_in_words(seconds):
    hours, rest = divmod(seconds, source_issues.HOUR)
    if rest:  # an estimate: candidates start at a sentence
        return gettext("about %(label)s") % {"label": format_label(seconds)}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
