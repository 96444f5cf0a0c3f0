"""Tells what an import did: progress while it runs, the problems as CSV and as a table, and the counts."""

import csv
import time

from articles.core.language.shorten import printable_line, shorten

from .files import shown_path
from .outcomes import Outcome

SHOWN_PROBLEMS = 40  # in the table at the end; the CSV file has all of them
SHOWN_PER_FILE = 3
GRAVE = frozenset({"unreadable", "refused", "fault", "not-published", "no-recording"})  # shown before all others
STEP = 100  # files between two plain lines of progress

FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("file", "line", "column", "kind", "text", "reason", "outcome")


class ProblemReport:
    """Writes every problem to a CSV file as it comes, and keeps a few for the table."""

    columns = COLUMNS

    def __init__(self, file=None):
        self._writer = csv.writer(file) if file else None
        if self._writer:
            self._writer.writerow(self.columns)
        self.count = 0
        self._grave, self._other = [], []

    def row(self, result, problem):
        """The cells of one problem, and whether it is a grave one."""
        place = [problem.line or "", problem.column or ""]
        cells = [shown_path(result.path), *place, problem.code, problem.text, problem.reason, result.outcome]
        return cells, problem.code in GRAVE

    def shown(self, row):
        """What the table shows of the cells of a row: place, kind, text, and the rest of the line."""
        path, line, column, code, text, reason, outcome = row
        return f"{path}:{line}:{column}".rstrip(":"), code, text, _with_outcome(reason, outcome)

    def add(self, result):
        for number, problem in enumerate(result.problems):
            row, is_grave = self.row(result, problem)
            self.count += 1
            if self._writer:
                self._writer.writerow([safe_cell(cell) for cell in row])
            kept = self._grave if is_grave else self._other
            if (kept is self._grave or number < SHOWN_PER_FILE) and len(kept) < SHOWN_PROBLEMS:
                kept.append(row)

    def table(self):
        """The first problems as lines of equal columns, the gravest before the others, and how many more there are."""
        first = [*self._grave, *self._other][:SHOWN_PROBLEMS]
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
            lines.append(f"… and {self.count - len(rows)} more: --report FILE.csv lists all of them.")
        return lines


def _with_outcome(reason, outcome):
    return f"{reason} (unchanged)" if outcome == Outcome.UNCHANGED else reason


def safe_cell(cell):
    """A cell on one line that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = " ".join(str(cell).split("\n")).replace("\r", " ")
    return f"'{text}" if text.startswith(FORMULA) else text


def _short(text, limit, *, end=False):
    """`text` on one line, cut to `limit` characters: its end for paths, its beginning otherwise."""
    text = printable_line(text)
    return f"…{text[1 - limit :]}" if end and len(text) > limit else shorten(text, limit)


class Progress:
    """A bar with rate and time left on a terminal, a plain line now and then elsewhere: after every `step` of them."""

    def __init__(self, stream, total, *, is_terminal, unit="files", step=STEP):
        self._stream = stream
        self._total = total
        self._unit = unit
        self._step = step
        self._told = 0
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
        elif not self._is_terminal and done // self._step > self._told:
            self._told = done // self._step
            text = f"{done} of {self._total} {self._unit}, {rate:.0f}/s, {clock(left)} left"
            self._stream.write(text, style_func=str)


def clock(seconds):
    """Minutes and seconds, `3:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def summary(totals, seconds, refreshed):
    """The counts as lines."""
    outcomes = ", ".join(f"{totals.outcomes[outcome]} {outcome}" for outcome in Outcome if totals.outcomes[outcome])
    rate = f" in {seconds:.1f} s ({totals.files / seconds:.0f}/s)" if seconds else ""
    lines = [f"{totals.files} files{rate}: {outcomes or 'none'}."]
    lines.append(f"{totals.citations} citations; {totals.published} published; {refreshed} texts linked to new ones.")
    problems = ", ".join(f"{count} {code}" for code, count in totals.problems.most_common())
    unchanged = f" {totals.unchanged_problems} of them in unchanged files." if totals.unchanged_problems else ""
    lines.append(f"{totals.problems.total()} problems: {problems}.{unchanged}" if problems else "No problems.")
    return lines
