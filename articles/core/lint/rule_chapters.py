"""Checks the cited moments against the chapters of their episodes."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from articles.core.evidence.tokens import english_share, words_of
from articles.core.language.messages import join_with_and, lazy_message
from articles.core.language.shorten import shorten_at_word
from articles.core.markdown import Citation
from articles.core.timestamps import format_label

from .rule_marks import QUOTED, citations, flag_citation
from .types import Chapter, Issue, Part, Source, Text

_ENGLISH = 0.1  # minimum share of the commonest English words in an English text
_SAMPLE = 20_000  # characters that are enough to recognise the language
_SHORT, _CUT = 4, 6  # in other languages: words with fewer letters are ignored, longer ones are cut
_WORDS_NAMED = 3
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|this|these|those|he|him|his|she|her)\b", re.IGNORECASE)
# A title made only of these words says nothing about the chapter's topic.
_GENERIC_TEXT = """
intro introduction introductory outro opening welcome preview teaser trailer highlight overview start begin part
chapter question questions answer q a qa recap summary conclusion closing thought final end wrap up takeaway
takeaways credit housekeeping announcement break episode podcast interview guest topic misc bonus
"""


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
    article's title if the claim has a pronoun, which may refer to the article's topic.
    """
    is_english = english_share(" ".join(part.body for part in text.parts)[:_SAMPLE]) >= _ENGLISH
    titles_by_source = {id(source): _Titles(source, is_english=is_english) for source in text.sources.values()}
    title_stems = frozenset(_stems(text.title, is_english=is_english))

    @cache
    def stems(written: str) -> frozenset[str]:
        return frozenset(_stems(written, is_english=is_english))

    @cache
    def claim_stems(claim: str) -> frozenset[str]:
        return stems(claim) | title_stems if is_english and _PRONOUN.search(claim) else stems(claim)

    for part, citation, in_heading, chapter in _citations_with_chapters(text):
        titles = titles_by_source[id(text.source(citation.key))]
        supporting = (claim_stems(citation.claim), stems(part.heading), stems(citation.context))
        own = titles.stems[chapter]
        if not own or any(not own.isdisjoint(others) for others in supporting):
            continue
        better = titles.nearest(citation.claim)
        if better is None:
            continue
        other, shared = better
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


class _Titles:
    """The stems of an episode's chapter titles; none for sponsors and generic titles."""

    def __init__(self, source: Source, *, is_english: bool) -> None:
        self.stems: dict[Chapter, frozenset[str]] = {}
        self._chapters: dict[str, list[int]] = {}
        self._in_order = source.in_order
        self._is_english = is_english
        self.nearest = cache(self._find_nearest)
        generic = frozenset(_stems(_GENERIC_TEXT, is_english=is_english))
        for index, chapter in enumerate(source.in_order):
            stems = frozenset(_stems(chapter.title, is_english=is_english))
            self.stems[chapter] = frozenset() if chapter.is_sponsor or stems <= generic else stems
            for stem in self.stems[chapter]:
                self._chapters.setdefault(stem, []).append(index)

    def _find_nearest(self, claim: str) -> tuple[Chapter, list[str]] | None:
        """Return the first chapter whose title shares the most stems with the claim, and up to three of the words."""
        words = _stems(claim, is_english=self._is_english)
        known = [stem for stem in words if stem in self._chapters and (self._is_english or len(stem) >= _CUT)]
        counts = Counter(index for stem in known for index in self._chapters[stem])
        if not counts:
            return None
        index = min(counts, key=lambda index: (-counts[index], index))
        chapter = self._in_order[index]
        return chapter, [words[stem] for stem in known if stem in self.stems[chapter]][:_WORDS_NAMED]


def _stems(text: str, *, is_english: bool) -> dict[str, str]:
    """Return the stems of the meaningful words, each with the first word as written.

    In English, `-age` and a final e are removed in addition to the stemmer's suffixes, so that dosage and dose match.
    In other languages, the first letters of longer words are compared.
    """
    stems: dict[str, str] = {}
    for word in words_of(text, is_english=is_english):
        if word.is_stop or word.is_number or word.is_unit:
            continue
        stem = word.term
        if is_english:
            stem = (stem[:-2] if len(stem) > _SHORT and stem.endswith("ag") else stem).removesuffix("e")
        elif stem[:1] < "\u0e00":
            if len(stem) < _SHORT:
                continue
            stem = stem[:_CUT]
        stems.setdefault(stem, text[word.start : word.end])
    return stems


def _citations_with_chapters(text: Text) -> Iterator[tuple[Part, Citation, bool, Chapter]]:
    for part, citation, in_heading in citations(text):
        source = text.source(citation.key)
        chapter = source.chapter_at(citation.start_seconds) if source else None
        if chapter is not None:
            yield part, citation, in_heading, chapter


def _quoted_title(chapter: Chapter) -> str:
    return f"“{shorten_at_word(chapter.title, QUOTED)}”"
