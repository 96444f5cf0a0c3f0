"""The whole text in sections: what changes in each, what is folded, and runs as they are shown."""

from django.utils.translation import gettext

from articles.core.diff import Run

from .types import Fold, ShownSection

FOLDED_FROM = 3  # unchanged sentences in a row


def places(old, new):
    return gettext("From place %(old)s to place %(new)s.") % {"old": old + 1, "new": new + 1}


def runs_to_show(runs):
    """Runs with the white space around what was added or removed set outside it, and a lone break shown as a sign."""
    shown = []
    for run in runs:
        text = run.text
        if run.op == "equal":
            shown.append(run)
            continue
        if not text.strip():
            shown.append(Run(run.op, text.replace("\n\n", "\n").replace("\n", "¶") if "\n" in text else text))
            if run.op == "insert" and "\n" in text:
                shown.append(Run("equal", text))
            continue
        core = text.strip()
        start = text.index(core)
        shown += [Run("equal", text[:start])] if start and (run.op == "insert" or not shown) else []
        shown.append(Run(run.op, core))
        tail = text[start + len(core) :]
        shown += [Run("equal", tail)] if tail else []
    return shown


def fold(compared):
    """Sections in their order: changed ones whole, neighbours that are unchanged in one `Fold`."""
    shown = []
    for section in compared:
        if not section.pieces and not section.heading:
            continue  # a lead that neither text has
        one = ShownSection(
            heading=runs_to_show(section.heading),
            status=section.status,
            is_moved=section.is_moved,
            parts=_parts(section.pieces),
            key=section.key,
            change_ids=section.change_ids,
            remark=places(section.old_position, section.new_position) if section.is_moved else "",
        )
        if section.status != "unchanged":
            shown.append(one)
        elif shown and isinstance(shown[-1], Fold):
            shown[-1].sections.append(one)
        else:
            shown.append(Fold([one]))
    return shown


def _parts(pieces):
    """Neighbouring pieces in one part, a long unchanged one in a part of its own; no empty lines at the edges."""
    parts, latest = [], None
    for piece in pieces:
        folded = piece.sentence_count if piece.change_id is None and piece.sentence_count >= FOLDED_FROM else 0
        if folded or latest is None:
            parts.append(([], folded))
        latest = None if folded else parts[-1][0]
        parts[-1][0].extend(piece.runs)
    return [(_trimmed(runs_to_show(runs)), folded) for runs, folded in parts]


def _trimmed(runs):
    """Runs without white space at the beginning: what they follow stands in another block."""
    while runs and runs[0].op == "equal":
        text = runs[0].text.lstrip()
        runs = [Run("equal", text), *runs[1:]] if text else runs[1:]
        if text:
            break
    return runs
