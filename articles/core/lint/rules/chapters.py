"""Checks the cited moments against the chapters of their episodes."""

import re
from collections.abc import Iterator
from functools import cache

from articles.core.language.messages import join_with_and, lazy_message
from articles.core.language.shorten import shorten_at_word
from articles.core.lint.chapter_titles import Titles, looks_english, stems_of
from articles.core.lint.types import Chapter, Issue, Part, Text
from articles.core.markdown import Citation
from articles.core.recordings.transcripts import typed_text
from articles.core.timestamps import format_label

from .marks import QUOTED, citations, flag_citation

_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|this|these|those|he|him|his|she|her)\b", re.IGNORECASE)


def sponsor(text: Text) -> Iterator[Issue]:
    """Flag moments inside a sponsor's chapter."""
    for part, citation, in_heading, chapter in _citations_with_chapters(text):
        if chapter.is_sponsor:
            message = lazy_message(
                "%(moment)s is in the sponsor’s chapter %(chapter)s, which isn’t part of the talk. "
                "Cite the timestamp where the claim is made.",
                moment=format_label(citation.start_seconds),
                chapter=_quoted_title(chapter),
            )
            yield flag_citation("sponsor", message, part, citation, in_heading=in_heading)


def chapter_start(text: Text) -> Iterator[Issue]:
    """Flag moments that are exactly the start of a chapter, where a claim is seldom made."""
    for part, citation, in_heading, chapter in _citations_with_chapters(text):
        if chapter.start_seconds == citation.start_seconds and not chapter.is_sponsor:
            message = lazy_message(
                "%(moment)s is exactly where the chapter %(chapter)s begins. Claims are seldom made in the "
                "first second: listen, and cite the timestamp where this one is made.",
                moment=format_label(citation.start_seconds),
                chapter=_quoted_title(chapter),
            )
            yield flag_citation("chapter-start", message, part, citation, in_heading=in_heading)


def chapter_topic(text: Text) -> Iterator[Issue]:
    """Flag moments in a chapter whose title shares no stem with the claim, although another chapter's title does.

    The section heading and the sentence before the claim count in favour of the cited chapter only. So does the
    article's title if the claim has a pronoun, which may refer to the article's topic. With a transcript, what is said
    there decides instead.
    """
    if not any(source.chapters for source in text.sources.values()):
        return
    is_english = looks_english(" ".join(part.body for part in text.parts))
    titles_by_source = {id(source): Titles(source, is_english=is_english) for source in text.sources.values()}
    title_stems = frozenset(stems_of(text.title, is_english=is_english))

    @cache
    def stems(written: str) -> frozenset[str]:
        return frozenset(stems_of(written, is_english=is_english))

    @cache
    def claim_stems(claim: str) -> frozenset[str]:
        return stems(claim) | title_stems if is_english and _PRONOUN.search(claim) else stems(claim)

    for part, citation, in_heading, chapter in _citations_with_chapters(text):
        source = text.source(citation.key)
        if source is None or source.has_transcript:
            continue
        titles = titles_by_source[id(source)]
        supporting = (claim_stems(citation.claim), stems(part.heading), stems(citation.context))
        own = titles.stems[chapter]
        if not own or any(not own.isdisjoint(others) for others in supporting):
            continue
        better = titles.like(citation.claim)
        if not better:
            continue
        other, shared = better[0]
        message = lazy_message(
            "%(moment)s is in the chapter %(chapter)s, whose title has nothing in common with this claim. "
            "The chapter %(other)s at %(start)s mentions %(words)s: check whether the claim is made there.",
            moment=format_label(citation.start_seconds),
            chapter=_quoted_title(chapter),
            other=_quoted_title(other),
            start=format_label(other.start_seconds),
            words=join_with_and([f"“{word}”" for word in shared]),
        )
        yield flag_citation("chapter-topic", message, part, citation, in_heading=in_heading)


def _citations_with_chapters(text: Text) -> Iterator[tuple[Part, Citation, bool, Chapter]]:
    for part, citation, in_heading in citations(text):
        source = text.source(citation.key)
        chapter = source.chapter_at(citation.start_seconds) if source else None
        if chapter is not None:
            yield part, citation, in_heading, chapter


def _quoted_title(chapter: Chapter) -> str:
    return f"“{shorten_at_word(typed_text(chapter.title), QUOTED)}”"
