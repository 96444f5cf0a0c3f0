"""A converted text put together from pieces, each of which knows where in the file it came from."""

from dataclasses import dataclass, field

from articles.core.formats.types import Place
from articles.core.language.messages import LazyMessage
from articles.core.timestamps import Lines

from .callouts import Piece, Report


@dataclass
class Converted:
    """A converted text and the places its parts came from."""

    text: str
    places: tuple[Place, ...]


@dataclass
class Writer:
    """Writes the converted parts of one imported text; `lines` are those of the whole file."""

    source: str
    lines: Lines
    report: Report
    _text: str = field(init=False)  # the part that is being converted
    _start: int = field(init=False)  # its offset in the file
    _copied: int = field(init=False)  # how much of the part has been written
    _pieces: list[Piece] = field(init=False)

    def _write(self, offset: int, text: str) -> None:
        if text:
            self._pieces.append((offset, text))

    def _copy_until(self, end: int) -> None:
        self._write(self._start + self._copied, self._text[self._copied : end])
        self._copied = end

    def _report(self, start: int, end: int, reason: LazyMessage, code: str = "html") -> None:
        self.report(self._start + start, self._text[start:end], reason, code)

    def _assemble(self) -> Converted:
        places: list[Place] = []
        length = 0
        for offset, text in self._pieces:
            places.append((length, *self.lines.place(offset)))
            length += len(text)
        return Converted("".join(text for _, text in self._pieces), tuple(places))
