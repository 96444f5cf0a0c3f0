"""Changes to a text that the evidence panel suggests: another timestamp, an inserted mark, a repair."""

from dataclasses import dataclass, replace

from articles.core.timestamps import Mark, Moment, find_marks, format_mark, format_timestamp

SOME_SECOND = 359_999  # a placeholder for a time that isn't known yet
BEFORE = 24  # characters before an insertion that have to match when it is applied


class TextHasChanged(Exception):
    """The text at this place has changed since the edit was suggested."""


@dataclass(frozen=True)
class Edit:
    """Replaces the text `written` at `offset` (in characters) of the field with the id `field`.

    `message` is shown after the edit.
    """

    field: str
    offset: int
    written: str
    replacement: str
    message: str

    @property
    def name(self):
        """The name of the form field."""
        return self.field.removeprefix("id_")

    def apply(self, text):
        """Return `text` with the edit applied. Raises `TextHasChanged`."""
        end = self.offset + len(self.written)
        if text[self.offset : end] != self.written:
            raise TextHasChanged
        return text[: self.offset] + self.replacement + text[end:]


def mark_at(seconds, key=""):
    """Return a mark of one moment: `[00:19:10]`, or with a source's key `[e2 00:19:10]`."""
    return format_mark(Mark(0, 0, "", key, (Moment(seconds, None, ""),)))


def index_in(mark_text, start_seconds, end_seconds, taken=()):
    """Return the index of this moment in the mark, skipping the indexes in `taken`."""
    for index, moment in enumerate(_mark(mark_text).moments):
        if (moment.start_seconds, moment.end_seconds) == (start_seconds, end_seconds) and index not in taken:
            return index
    return 0


def retimed(mark_text, index, seconds, duration_seconds=None):
    """Return the mark with its moment `index` moved to `seconds`; a range keeps its length, up to the recording's end."""
    mark = _mark(mark_text)
    before = mark.moments[index]
    end = None
    if before.end_seconds is not None:
        end = seconds + before.end_seconds - before.start_seconds
        if duration_seconds:
            end = min(end, duration_seconds)
        end = end if end > seconds else None
    moments = [*mark.moments]
    moments[index] = Moment(seconds, end, "")
    return format_mark(replace(mark, moments=tuple(moments)))


def settable(mark_text, index):
    """Return (template, span): how `retimed` writes the mark, with `{start}` and `{end}` in place of the moment's times.

    `span` is the length of a range in seconds, None for a point, which has no `{end}`.
    """
    moment = _mark(mark_text).moments[index]
    span = None if moment.end_seconds is None else moment.end_seconds - moment.start_seconds
    template = retimed(mark_text, index, SOME_SECOND).replace(format_timestamp(SOME_SECOND), "{start}")
    return template.replace(format_timestamp(SOME_SECOND + (span or 0)), "{end}"), span


def insertion(field, text, offset, mark, message):
    """Return the `Edit` that inserts `mark` at `offset` of `text`, after a space."""
    start = max(0, offset - BEFORE)
    written = text[start:offset]
    space = "" if not written or written[-1].isspace() else " "
    return Edit(field, start, written, f"{written}{space}{mark}", message)


def _mark(text):
    return find_marks(text, in_code=True)[0]
