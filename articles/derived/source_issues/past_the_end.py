"""Marks past the end of a recording, which cite nothing and so are no citations otherwise, read as if it went on."""

import copy
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from articles.core import markdown
from articles.core.markdown import AFTER_TRANSCRIPT
from articles.derived.checks import run
from articles.derived.texts import derivation

PAST_END = "past-end"  # the code of the lint issue of a mark past the end


@dataclass(frozen=True)
class PastEnd:
    """A mark past the end, read as if the recording went on: a citation of a part of the text (its index, from 0)."""

    part: int
    is_in_heading: bool
    citation: markdown.Citation
    episode: Any
    query: run.ClaimQuery


def latest(episode):
    """Return the last second that can be cited, as marks past the end are found; None if no length is known."""
    if episode.duration_seconds is not None:
        return episode.duration_seconds
    return None if episode.transcript_seconds is None else episode.transcript_seconds + AFTER_TRANSCRIPT


def past_end(parts, lead, episodes):
    """Return a `PastEnd` for each moment past the end that the `Part`s cite; no queries."""
    unlimited = {key: _without_length(episode) for key, episode in episodes.items()}
    marks = []
    for index, part in enumerate(parts):
        body = lead if part.section is None else part.section.body
        heading = part.heading.plain_text if part.heading else ""
        raw = "" if part.section is None else part.section.heading
        for text, rendered, is_in_heading in ((raw, part.heading, True), (body, part.body, False)):
            if not rendered or not any(problem.code == PAST_END for problem in rendered.problems):
                continue
            render = markdown.render_inline if is_in_heading else markdown.render
            known = {(citation.offset, citation.start_seconds, citation.end_seconds) for citation in rendered.citations}
            for citation in render(text, derivation.context(unlimited, {})).citations:
                if (citation.offset, citation.start_seconds, citation.end_seconds) in known:
                    continue
                episode = episodes.get(citation.key) or next(iter(episodes.values()))
                query = run.ClaimQuery(
                    citation.start_seconds,
                    citation.end_seconds,
                    citation.claim,
                    derivation.context_of(heading, citation),
                    citation.is_quotation,
                )
                marks.append(PastEnd(index, is_in_heading, citation, episode, query))
    return marks


def checks_of(marks):
    """Return the unsaved or saved `Check`, or None, of each `PastEnd`; a query or two per episode."""
    by_episode = defaultdict(list)
    for index, mark in enumerate(marks):
        by_episode[mark.episode].append(index)
    checks = [None] * len(marks)
    for episode, indexes in by_episode.items():
        found = run.checks_for(episode, [marks[index].query for index in indexes])
        for index, check in zip(indexes, found, strict=True):
            checks[index] = check
    return checks


def _without_length(episode):
    unlimited = copy.copy(episode)
    unlimited.duration_seconds = unlimited.transcript_seconds = None
    return unlimited
