"""Compares claims with the titles of chapters, by the stems of their words."""

from collections import Counter
from functools import cache

from articles.core.evidence.indexing.tokens import english_share, words_of

from .types import Chapter, Source

_ENGLISH = 0.1  # minimum share of the commonest English words in an English text
_SAMPLE = 20_000  # characters that are enough to recognise the language
_SHORT, _CUT = 4, 6  # in other languages: words with fewer letters are ignored, longer ones are cut
_WORDS_NAMED = 3
# A title made only of these words says nothing about the chapter's topic.
_GENERIC_TEXT = """
intro introduction introductory outro opening welcome preview teaser trailer highlight overview start begin part
chapter question questions answer q a qa recap summary conclusion closing thought final end wrap up takeaway
takeaways credit housekeeping announcement break episode podcast interview guest topic misc bonus
"""


class Titles:
    """The stems of an episode's chapter titles; none for sponsors and generic titles."""

    def __init__(self, source: Source, *, is_english: bool) -> None:
        self.stems: dict[Chapter, frozenset[str]] = {}
        self._chapters: dict[str, list[int]] = {}
        self.source = source
        self._is_english = is_english
        self.like = cache(self._like)
        generic = frozenset(stems_of(_GENERIC_TEXT, is_english=is_english))
        for index, chapter in enumerate(source.in_order):
            stems = frozenset(stems_of(chapter.title, is_english=is_english))
            self.stems[chapter] = frozenset() if chapter.is_sponsor or stems <= generic else stems
            for stem in self.stems[chapter]:
                self._chapters.setdefault(stem, []).append(index)

    def _like(self, claim: str) -> list[tuple[Chapter, list[str]]]:
        """Return the chapters whose titles share stems with the claim, those with most first, and up to three of the
        words.
        """
        words = stems_of(claim, is_english=self._is_english)
        known = [stem for stem in words if stem in self._chapters and (self._is_english or len(stem) >= _CUT)]
        counts = Counter(index for stem in known for index in self._chapters[stem])
        like = [self.source.in_order[index] for index in sorted(counts, key=lambda index: (-counts[index], index))]
        return [
            (chapter, [words[stem] for stem in known if stem in self.stems[chapter]][:_WORDS_NAMED]) for chapter in like
        ]


def looks_english(text: str) -> bool:
    """Return whether a text is in English, judging by its beginning."""
    return english_share(text[:_SAMPLE]) >= _ENGLISH


def stems_of(text: str, *, is_english: bool) -> dict[str, str]:
    """Return the stems of the meaningful words, each with the first word as written.

    In English, `-age` and a final e are removed in addition to the stemmer's suffixes, so that dosage and dose match.
    In other languages, the first letters of longer words are compared.
    """
    stems: dict[str, str] = {}
    for word in words_of(text, is_english=is_english):
        if word.is_stop or word.is_number or word.is_unit:
            continue
        stem = word.term
        if is_english and len(stem) == 1:
            continue  # a piece of a name, such as “R-ketamine”
        if is_english:
            stem = (stem[:-2] if len(stem) > _SHORT and stem.endswith("ag") else stem).removesuffix("e")
        elif stem[:1] < "\u0e00":
            if len(stem) < _SHORT:
                continue
            stem = stem[:_CUT]
        stems.setdefault(stem, text[word.start : word.end])
    return stems
