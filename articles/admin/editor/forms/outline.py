"""What happens to subsections when a section is moved or shifted by its fields: without scripts, they follow it.

With scripts, the page moves and shifts whole branches itself (`static/js/editor/sections/branches.js`) and sends no `shown`
fields.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from articles.core.parsing.numbers import whole_number
from articles.models.revisions.sections import LEVELS
from articles.workflow.content import MAX_SECTIONS


@dataclass(frozen=True)
class Row:
    """A section's form: its place and level as the page showed them (None: a new section), and as they were sent.

    `order` None means last.
    """

    prefix: str
    shown: tuple[int, int] | None
    order: int | None
    level: int
    is_removed: bool = False

    @property
    def is_moved(self):
        return not self.is_removed and (self.shown is None or self.order != self.shown[0])

    @property
    def shift(self):
        """By how many levels the section itself was shifted."""
        return 0 if self.shown is None or self.is_removed else self.level - self.shown[1]


def shown(order, level):
    """The value of the field `shown`."""
    return f"{order} {level}"


def follow(data, prefix):
    """Move and shift subsections in the `data` of the section forms with their sections. Returns errors by form prefix.

    Changes the fields ORDER, level and `shown`, unless a number can't be read or a level would be too low.
    """
    rows = _rows(data, prefix)
    if not rows:
        return {}
    levels = _levels(rows)
    if too_low := [row for row in rows if levels[row.prefix] not in LEVELS]:
        message = gettext("This section would follow the one above it to level %(level)s; the lowest is %(lowest)s.")
        return {row.prefix: message % {"level": levels[row.prefix], "lowest": LEVELS[-1]} for row in too_low}
    for order, row in enumerate(_in_order(rows, levels), start=1):
        level = levels[row.prefix]
        values = {"ORDER": str(order), "level": str(level), "shown": shown(order, level)}
        for name, value in values.items():
            data[f"{row.prefix}-{name}"] = value
    return {}


def _rows(data, prefix):
    """The rows in the order in which the page showed them; none if the page had scripts or a number can't be read."""
    total = _number(data.get(f"{prefix}-TOTAL_FORMS")) or 0
    forms = [f"{prefix}-{index}" for index in range(min(total, MAX_SECTIONS + 1))]
    if not any(f"{form}-shown" in data for form in forms):
        return []
    rows = []
    for form in forms:
        sent = {
            name: data.get(f"{form}-{name}") or "" for name in ("key", "heading", "body", "ORDER", "level", "shown")
        }
        if not any(str(sent[name]).strip() for name in ("key", "heading", "body")):
            continue
        order, level = _number(sent["ORDER"]), _number(sent["level"])
        place = tuple(map(_number, str(sent["shown"]).split()))
        if level is None or (order is None and sent["ORDER"]) or len(place) not in (0, 2) or None in place:
            return []
        rows.append(Row(form, place or None, order, level, is_removed=bool(data.get(f"{form}-DELETE"))))
    return sorted(rows, key=lambda row: (row.shown is None, row.shown or 0))


def _number(text):
    """A whole number of at most nine digits; None if `text` is none."""
    return whole_number(str(text).strip(), 999_999_999)


def _levels(rows):
    """The level of each row by prefix: as sent, or shifted like the section above it in the outline that was shown."""
    levels, above = {}, []  # above: (shown level, shift) of the sections that the next one is part of
    for row in rows:
        if row.shown is None:
            levels[row.prefix] = row.level
            continue
        shown_level = row.shown[1]
        while above and above[-1][0] >= shown_level:
            above.pop()
        shift = row.shift or (above[-1][1] if above and not row.is_removed else 0)
        levels[row.prefix] = shown_level + shift
        above.append((shown_level, shift))
    return levels


def _in_order(rows, levels):
    """The rows with each moved branch at its number, but never between another section and its subsections."""
    staying, branches, above = [], [], []  # above: (shown level, branch) of the sections that the next one is part of
    for row in rows:
        while above and row.shown is not None and above[-1][0] >= row.shown[1]:
            above.pop()
        if row.is_moved:
            branch = []
            branches.append(branch)
        else:
            branch = above[-1][1] if above else staying
        branch.append(row)
        if row.shown is not None:
            above.append((row.shown[1], branch))
    result = list(staying)
    for branch in sorted(branches, key=lambda branch: (branch[0].order is None, branch[0].order or 0)):
        place = _place(result, branch[0], {row.prefix for row in staying})
        while place < len(result) and levels[result[place].prefix] > levels[branch[0].prefix]:
            place += 1
        result[place:place] = branch
    return result


def _place(result, moved, staying):
    """Where `moved` goes in `result`: at its number, which is that of the section it takes the place of."""
    if moved.order is None:
        return len(result)
    is_down = moved.shown is not None and moved.order > moved.shown[0]
    for place, row in enumerate(result):
        if row.prefix in staying and row.shown[0] + (not is_down) > moved.order:
            return place
    return len(result)
