"""Decides whether a claim can be checked against a transcript: both must be in the same language."""

from articles.core.language.messages import noop

from .indexing.index import Index
from .indexing.stems import language_by_words
from .indexing.tokens import english_share

_FEW = 4
_ENGLISH_LOOK = 0.15
_SHARED, _MOSTLY = 0.2, 0.5
_CLAIM_ENGLISH = 0.1
_NOT_THE_SAME = noop("the claim and the transcript are not in the same language")


def obstacle(index: Index, claim: str) -> str:
    """Return why the claim can't be checked against the transcript, or "" if it can.

    An English transcript accepts any claim in Latin letters unless it looks like another language: several words,
    of which hardly any are common in English or occur in the transcript, or several common ones of another language and
    none of English ones (“die” and “also” are words in German, too). In other languages, a fifth of the claim's
    words must occur in the transcript.
    """
    if not len(index.seconds):
        return noop("there is no transcript")
    words = index.words_of(claim)
    if not any(not word.is_stop for word in words):
        return noop("the claim has no words to look for")
    known = sum(word.is_stop or bool(len(index.places(word.term))) for word in words) / len(words)
    if index.is_english:
        if len(words) > _FEW and known < _MOSTLY and english_share(claim) < _CLAIM_ENGLISH and language_by_words(claim):
            return _NOT_THE_SAME
        letters = [character for character in claim if character.isalpha()]
        is_latin = sum(character < "\u0250" for character in letters) * 2 >= len(letters)
        looks_english = sum(word.is_stop for word in words) >= _ENGLISH_LOOK * len(words)
        if is_latin and (looks_english or len(words) <= _FEW or known >= _SHARED):
            return ""
    else:
        may_be_same = english_share(claim) < _CLAIM_ENGLISH or known >= _MOSTLY
        if may_be_same and (len(words) <= 1 or known >= _SHARED):
            return ""
    return _NOT_THE_SAME
