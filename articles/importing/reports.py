"""Reports what an import does: progress while it runs, problems as CSV and as a table."""

import time

from articles.core.formats.spreadsheets import Writer
from articles.core.language.shorten import printable_line, shorten

from .files import shown_path
from .outcomes import Outcome

SHOWN_PROBLEMS = 40  # in the table at the end; the CSV file has all of them
SHOWN_PER_FILE = 3
# Listed first, all of a file: what isn't on the site as it was received.
SERIOUS = frozenset({"unreadable", "refused", "fault", "not-published", "discarded", "no-recording", "image-refused"})
STEP = 100  # files between two plain lines of progress


class ProblemReport:
    """Writes each problem to a CSV file as it is found, and keeps a few for the table."""

    columns = ("file", "line", "column", "kind", "text", "reason", "outcome")

    def __init__(self, file=None):
        self._writer = Writer(file) if file else None
        if self._writer:
            self._writer.row(self.columns)
        self.count = 0
        self._serious, self._other = [], []

    def row(self, result, problem):
        """Return the cells of one problem, and whether it is serious."""
        place = [problem.line or "", problem.column or ""]
        cells = [shown_path(result.path), *place, problem.code, problem.text, problem.reason, result.outcome]
        return cells, problem.code in SERIOUS

    def shown(self, row):
        """Return what the table shows of a row's cells: position, kind, text, and the rest of the line."""
        path, line, column, code, text, reason, outcome = row
        if outcome == Outcome.UNCHANGED:
            reason = f"{reason} (unchanged)"
        return f"{path}:{line}:{column}".rstrip(":"), code, text, reason

    def add(self, result):
        for number, problem in enumerate(result.problems):
            row, is_serious = self.row(result, problem)
            self.count += 1
            if self._writer:
                self._writer.row(row)
            kept = self._serious if is_serious else self._other
            if (kept is self._serious or number < SHOWN_PER_FILE) and len(kept) < SHOWN_PROBLEMS:
                kept.append(row)

    def reasons(self):
        """Return the first serious problems as lines of file and reason."""
        shown = map(self.shown, self._serious)
        return [f"{printable_line(place)}: {printable_line(reason)}" for place, _, _, reason in shown]

    def table(self):
        """Return the first problems as aligned lines, serious ones first, and the number of further ones."""
        first = [*self._serious, *self._other][:SHOWN_PROBLEMS]
        if not first:
            return []
        shown = [self.shown(row) for row in first]
        rows = [(_short(place, 48, end=True), kind, _short(text, 40), rest) for place, kind, text, rest in shown]
        widths = [max(len(row[index]) for row in rows) for index in range(3)]
        lines = [
            "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]])
            for row in rows
        ]
        if self.count > len(rows):
            where = "The report lists all of them" if self._writer else "Use --report FILE.csv to list all of them"
            lines.append(f"… and {self.count - len(rows)} more. {where}.")
        return lines


def _short(text, limit, *, end=False):
    """Return `text` on one line, cut to `limit` characters, keeping its start or with `end` its end."""
    text = printable_line(text)
    return f"…{text[1 - limit :]}" if end and len(text) > limit else shorten(text, limit)


class ImportProgress:
    """Shows a bar with rate and time left on a terminal, otherwise a plain line after every `step` units."""

    def __init__(self, stream, total, *, is_terminal, unit="files", step=STEP):
        self._stream = stream
        self._total = total
        self._unit = unit
        self._step = step
        self._printed_steps = 0
        self._is_terminal = is_terminal
        self._started = time.monotonic()
        self._drawn = 0.0

    def show(self, done):
        now = time.monotonic()
        rate = done / max(now - self._started, 1e-9)
        left = (self._total - done) / rate if rate else 0
        if self._is_terminal and (now - self._drawn > 0.1 or done == self._total):
            self._drawn = now
            bar = "#" * (24 * done // max(self._total, 1))
            text = f"\r[{bar:.<24}] {done}/{self._total}  {rate:.0f}/s  {clock(left)} left "
            self._stream.write(text, style_func=str, ending="\n" if done == self._total else "")
            self._stream.flush()
        elif not self._is_terminal and done // self._step > self._printed_steps:
            self._printed_steps = done // self._step
            text = f"{done} of {self._total} {self._unit}, {rate:.0f}/s, {clock(left)} left"
            self._stream.write(text, style_func=str)


def clock(seconds):
    """Return minutes and seconds, such as `3:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
