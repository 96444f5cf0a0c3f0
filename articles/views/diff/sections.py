"""The full text by section: the changes in each, folding of unchanged parts, and runs as displayed."""

from django.utils.translation import gettext

from articles.core.diff import Run

from .types import Fold, ShownSection

FOLDED_FROM = 3  # unchanged sentences in a row


def places(old, new):
    return gettext("Moved from position %(old)s to %(new)s.") % {"old": old + 1, "new": new + 1}


def runs_to_show(runs):
    """Return runs for display: whitespace moved outside insertions and deletions, a lone line break shown as “¶”."""
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
    """Return the sections in order: changed ones as `ShownSection`, adjacent unchanged ones combined in a `Fold`."""
    shown = []
    for section in compared:
        if not section.pieces and not section.heading:
            continue  # neither text has a lead
        shown_section = ShownSection(
            heading=runs_to_show(section.heading),
            status=section.status,
            is_moved=section.is_moved,
            parts=_parts(section.pieces),
            key=section.key,
            change_ids=section.change_ids,
            remark=places(section.old_position, section.new_position) if section.is_moved else "",
        )
        if section.status != "unchanged":
            shown.append(shown_section)
        elif shown and isinstance(shown[-1], Fold):
            shown[-1].sections.append(shown_section)
        else:
            shown.append(Fold([shown_section]))
    return shown


def _parts(pieces):
    """Combine adjacent pieces into parts, with each long unchanged piece in a folded part of its own."""
    parts, latest = [], None
    for piece in pieces:
        folded = piece.sentence_count if piece.change_id is None and piece.sentence_count >= FOLDED_FROM else 0
        if folded or latest is None:
            parts.append(([], folded))
        latest = None if folded else parts[-1][0]
        parts[-1][0].extend(piece.runs)
    return [(_trimmed(runs_to_show(runs)), folded) for runs, folded in parts]


def _trimmed(runs):
    """Strip leading whitespace from runs, since each part is displayed in its own block."""
    while runs and runs[0].op == "equal":
        text = runs[0].text.lstrip()
        runs = [Run("equal", text), *runs[1:]] if text else runs[1:]
        if text:
            break
    return runs
