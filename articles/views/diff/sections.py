"""The full text by section: the changes in each, folding of unchanged parts, and runs as displayed."""

from dataclasses import replace
from itertools import pairwise

from django.utils.translation import gettext

from articles.core import markdown
from articles.core.revisions.diff import Kind, Run, new_text, old_text

from .types import Fold, MovedRun, ShownSection

FOLDED_FROM = 3  # unchanged sentences in a row


def move_remark(old, new):
    return gettext("Moved from position %(old)s to %(new)s.") % {"old": old + 1, "new": new + 1}


def runs_to_show(runs):
    """Return runs for display: whitespace moved outside insertions and deletions, a lone line break shown as “¶”.

    Wiki links are shown as readers see them, with their target only where nothing else of a link changes.
    """
    shown = []
    for run in with_visible_links(runs):
        text = run.text
        if run.op == "equal" or isinstance(run, MovedRun):
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


def with_visible_links(runs):
    """Return runs without what readers don't see of wiki links, even if a link is spread over several runs."""
    runs = list(runs)
    texts = [without(runs, left_out) for left_out in ("insert", "delete")]
    if not any("[[" in "".join(run.text for run in text) for text in texts):
        return runs
    hidden = {}
    for text in texts:
        spans = markdown.hidden_spans("".join(run.text for run in text))
        places = {place for span in spans for place in range(*span)}
        start = 0
        for run in text:
            hidden.setdefault(id(run), set()).update(at for at in range(len(run.text)) if start + at in places)
            start += len(run.text)
    shown = [
        replace(run, text="".join(letter for at, letter in enumerate(run.text) if at not in hidden[id(run)]))
        for run in runs
    ]
    for index, (old, new) in enumerate(pairwise(shown)):
        if {old.op, new.op} == {"delete", "insert"} and old.text == new.text:
            for at in (index, index + 1):
                shown[at] = replace(runs[at], text=markdown.links_with_targets(runs[at].text))
    return [run for run in shown if run.text]


def without(runs, op):
    """Return the runs of the old text (without "insert") or of the new one (without "delete")."""
    other = {"insert": "here", "delete": "away"}[op]
    return [run for run in runs if (run.place != other if isinstance(run, MovedRun) else run.op != op)]


def fold(compared):
    """Return the sections of a `Comparison` in order.

    Changed ones are a `ShownSection` each, adjacent unchanged ones are combined in a `Fold`.
    """
    shown = []
    moves = {change.id: change for change in compared.changes if _is_moved_sentence(change)}
    for section in [compared.lead, *compared.sections]:
        if not section.pieces and not section.heading:
            continue  # neither text has a lead
        shown_section = ShownSection(
            heading=runs_to_show(section.heading),
            status=section.status,
            is_moved=section.is_moved,
            parts=_parts(section.pieces, moves),
            key=section.key,
            change_ids=section.change_ids,
            remark=move_remark(section.old_position, section.new_position) if section.is_moved else "",
        )
        if section.status != "unchanged":
            shown.append(shown_section)
        elif shown and isinstance(shown[-1], Fold):
            shown[-1].sections.append(shown_section)
        else:
            shown.append(Fold([shown_section]))
    return shown


def _is_moved_sentence(change):
    return change.scope == "sentence" and Kind.MOVED in change.kinds


def _parts(pieces, moves):
    """Combine adjacent pieces into parts, with each long unchanged piece in a folded part of its own."""
    parts, latest = [], None
    for piece in pieces:
        folded = piece.sentence_count if piece.change_id is None and piece.sentence_count >= FOLDED_FROM else 0
        if folded or latest is None:
            parts.append(([], folded))
        latest = None if folded else parts[-1][0]
        before = parts[-1][0]
        before += _moved(piece.runs, moves[piece.change_id], before) if piece.change_id in moves else piece.runs
    return [(_trimmed(runs_to_show(runs)), folded) for runs, folded in parts]


def _moved(runs, change, before):
    """Return the runs of one of the two places of a moved sentence, both of which show what it lost.

    Neighbours that moved together are labelled once; `before` are the runs before it.
    """
    text, place = "".join(run.text for run in runs), "away" if runs[0].op == "delete" else "here"
    core, inside = new_text(change.runs), change.runs
    if place == "away":
        core, inside = old_text(change.runs), [run for run in change.runs if run.op != "insert"]
    gap_before, _, gap_after = text.partition(core)
    last = next((run for run in reversed(before) if run.text.strip()), None)
    is_labelled = isinstance(last, MovedRun) and last.place == place
    moved = [MovedRun(run.op, run.text, place, not (index or is_labelled)) for index, run in enumerate(inside)]
    return [*_spaces(gap_before), *moved, *_spaces(gap_after)]


def _spaces(text):
    return [Run("equal", text)] if text else []


def _trimmed(runs):
    """Strip leading whitespace from runs, since each part is displayed in its own block."""
    while runs and type(runs[0]) is Run and runs[0].op == "equal":
        text = runs[0].text.lstrip()
        runs = [Run("equal", text), *runs[1:]] if text else runs[1:]
        if text:
            break
    return runs
