"""Checks the marks themselves: whether they cite anything, and their position in the sentence."""

import re
from collections.abc import Iterator
from functools import cache

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten_at_word
from articles.core.lint.letters import Letters
from articles.core.lint.locate import ENDINGS
from articles.core.lint.types import Field, Issue, Part, Repair, Text, fold
from articles.core.markdown import Citation, Problem, Rendered
from articles.core.timestamps import Mark, find_marks, format_label

QUOTED = 90  # characters of a sentence in a message
_COMPARED = 24  # letters before a mark that are compared with the end of its claim
_CLOSING = frozenset("\"'”’»)]}*_~」』）】")
_MARK_RUN = re.compile(r"[ \t]*\[[^\[\]\n]*\]")


def problems(text: Text, code: str) -> Iterator[Issue]:
    """Flag the problems with this code that the renderer found."""
    for part, rendered, in_heading in _renderings(text):
        for problem in rendered.problems:
            if problem.code == code:
                yield _issue_from_problem(part, problem, in_heading=in_heading)


def same_moment(text: Text) -> Iterator[Issue]:
    """Flag a moment that a section already cites for a different claim."""
    folded = cache(fold)
    for part in text.parts:
        first: dict[tuple[str, int], str] = {}
        flagged: set[tuple[str, int, str]] = set()
        for citation in part.rendered.citations:
            moment = (citation.key, citation.start_seconds)
            before = first.setdefault(moment, citation.claim)
            subject = (*moment, folded(citation.claim))
            if folded(before) == subject[-1] or subject in flagged:
                continue
            flagged.add(subject)
            message = lazy_message(
                "%(moment)s is also cited in this section for “%(before)s”. Two claims are seldom made in "
                "the same second: listen, and give each its own timestamp.",
                moment=format_label(citation.start_seconds),
                before=shorten_at_word(before, QUOTED),
            )
            yield flag_citation("same-moment", message, part, citation)


def after_full_stop(text: Text) -> Iterator[Issue]:
    """Flag marks after the full stop of their sentence; the repair moves them before it."""
    claim_ending = cache(_last_letters)
    for part in text.parts:
        end = 0
        for citation in part.rendered.citations:
            if citation.offset < end:
                continue
            end = _run_end(part, citation.offset)
            repair = _move_before_stop(part.body, citation.offset, end, claim_ending(citation.claim))
            if repair:
                message = lazy_message(
                    "The citation is after the full stop, so it isn’t clear which sentence it supports. "
                    "Move it before the full stop of its sentence."
                )
                marks = part.body[citation.offset : end]
                yield part.flag(
                    "after-full-stop",
                    message,
                    citation.offset,
                    end - citation.offset,
                    text=marks,
                    claim=citation.claim,
                    repair=repair,
                )


def flag_citation(code: str, message: str, part: Part, citation: Citation, *, in_heading: bool = False) -> Issue:
    """Return an issue at the mark of a citation; in a mark with several moments, at its own moment."""
    offset, length = _moment_in(citation)
    field: Field = "heading" if in_heading else "body"
    return part.flag(code, message, citation.offset + offset, length, field=field, claim=citation.claim)


def citations(text: Text) -> Iterator[tuple[Part, Citation, bool]]:
    """Yield every citation with its part, and whether it is in the heading."""
    for part, rendered, in_heading in _renderings(text):
        yield from ((part, citation, in_heading) for citation in rendered.citations)


def _renderings(text: Text) -> Iterator[tuple[Part, Rendered, bool]]:
    """Yield every rendered heading and body with its part, and whether it is the heading."""
    for part in text.parts:
        if part.heading_rendered:
            yield part, part.heading_rendered, True
        yield part, part.rendered, False


def _issue_from_problem(part: Part, problem: Problem, *, in_heading: bool) -> Issue:
    repair = None
    if problem.replacement is not None:
        label = lazy_message("Change to %(replacement)s", replacement=problem.replacement)
        repair = Repair(problem.offset, problem.text, problem.replacement, label)
    return part.flag(
        problem.code,
        problem.message,
        problem.offset,
        len(problem.text),
        field="heading" if in_heading else "body",
        claim=part.heading if in_heading else part.claim_at(problem.offset),
        repair=repair,
    )


def _moment_in(citation: Citation) -> tuple[int, int]:
    """Return the offset and length of the citation's moment in its mark, or of the whole mark if it is the only one."""
    marks = find_marks(citation.text) if "," in citation.text else []
    at = 0
    for moment in marks[0].moments if marks and isinstance(marks[0], Mark) else ():
        at = citation.text.find(moment.text, at)
        if at < 0:  # characters that nobody sees are inside the moment
            break
        if (moment.start_seconds, moment.end_seconds) == (citation.start_seconds, citation.end_seconds):
            return at, len(moment.text)
        at += len(moment.text)
    return 0, len(citation.text)


def _run_end(part: Part, offset: int) -> int:
    """Return the end of the consecutive marks from `offset` on."""
    starts = part.citation_offsets
    end = offset
    while match := _MARK_RUN.match(part.body, end):
        if match.start() + match.group().index("[") not in starts:
            break
        end = match.end()
    return end


def _move_before_stop(body: str, offset: int, end: int, claim_end: str) -> Repair | None:
    """Return the repair that moves `body[offset:end]` before a preceding full stop, None if there isn't one."""
    at = offset
    while at and body[at - 1] in " \t":
        at -= 1
    gap = body[at:offset]
    closing_end = at
    while at and body[at - 1] in _CLOSING:
        at -= 1
    ending_end = at
    while at and body[at - 1] in ENDINGS:
        at -= 1
    if at < ending_end and body[at - 1 : at] == " ":
        at -= 1
    ending, closing = body[at:ending_end].lstrip(), body[ending_end:closing_end]
    if not ending or not claim_end or (closing and ending not in (".", "。")):
        return None  # the question mark of a quoted question belongs inside the quotes
    if not Letters(body[max(0, at - 4 * _COMPARED) : at]).text.endswith(claim_end):
        return None
    space = gap or ("" if ending[-1] > "\u2e80" else " ")
    written = body[at:end]
    replacement = f"{closing}{space}{body[offset:end]}{ending}"
    return Repair(at, written, replacement, lazy_message("Move before the full stop"))


def _last_letters(claim: str) -> str:
    """Return the last letters of a claim that ends with a full stop, otherwise ""."""
    stripped = claim.rstrip("\"'”’»)]}」』）】 ")
    if stripped[-1:] not in ENDINGS:
        return ""
    return Letters(stripped[-4 * _COMPARED :]).text[-_COMPARED // 3 :]
