"""Changes to a text that the editor's screen offers: a citation at another moment, a mark put in, a repair."""

from dataclasses import dataclass, replace

from articles.core.timestamps import Mark, Moment, find_marks, format_mark

BEFORE = 24  # characters by which the place of an insertion is recognised


class TextHasChanged(Exception):
    """The place is not as it was when the change was offered."""


@dataclass(frozen=True)
class Edit:
    """Puts `replacement` for what is `written` at `offset` of the field with the id `field`; `said` tells it after."""

    field: str
    offset: int
    written: str
    replacement: str
    said: str

    @property
    def name(self):
        """The field's name in the form."""
        return self.field.removeprefix("id_")

    def apply(self, text):
        end = self.offset + len(self.written)
        if text[self.offset : end] != self.written:
            raise TextHasChanged
        return text[: self.offset] + self.replacement + text[end:]


def mark_at(seconds, key=""):
    """A mark of one moment: `[00:19:10]`, with a source's key `[e2 00:19:10]`."""
    return format_mark(Mark(0, 0, "", key, (Moment(seconds, None, ""),)))


def index_in(mark_text, start_seconds, end_seconds, taken=()):
    """Which of a mark's moments this is, from 0, apart from those `taken` already."""
    for index, moment in enumerate(_mark(mark_text).moments):
        if (moment.start_seconds, moment.end_seconds) == (start_seconds, end_seconds) and index not in taken:
            return index
    return 0


def retimed(mark_text, index, seconds, duration_seconds=None):
    """The mark with that one of its moments at `seconds`; a range keeps its length as far as the recording goes."""
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


def insertion(field, text, offset, mark, said):
    """The `Edit` that puts `mark` at `offset` of `text`, behind a space."""
    start = max(0, offset - BEFORE)
    written = text[start:offset]
    space = "" if not written or written[-1].isspace() else " "
    return Edit(field, start, written, f"{written}{space}{mark}", said)


def _mark(text):
    return find_marks(text, in_code=True)[0]
