"""Joins the single words that speech recognition returns as JSON into sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from articles.core.recordings.transcripts.captions.cue_text import plain_text
from articles.core.recordings.transcripts.captions.units import parts_per_second

from ...parsed import Parsed, number_seconds

SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_OPENING = ("“", "„", "«", "(", "[", "¿", "¡")
_PAUSE_SECONDS, _MOST_WORDS = 2.0, 40  # after which a sentence ends without punctuation

# (name, where the words are, parts per second or 0 where that depends on the program)
_PLACES = (
    ("deepgram-json", "results.channels.*.alternatives.0.words", 1),
    ("aws-json", "results.items", 1),
    ("google-json", "results.*.alternatives.0.words", 1),
    ("google-json", "response.results.*.alternatives.0.words", 1),
    ("speechmatics-json", "results", 1),
    ("words-json", "words", 0),
)
_STARTS = ("start", "start_time", "startTime", "startOffset", "time")
_ENDS = ("end", "end_time", "endTime", "endOffset")
_TEXTS = ("punctuated_word", "word", "text", "alternatives.0.content", "name")
_SPEAKERS = ("speaker", "speaker_label", "speakerLabel", "speaker_id", "speakerTag", "alternatives.0.speaker")


@dataclass(frozen=True)
class Word:
    """A word or sign as written, with its seconds (None if the file gives none) and its speaker (None if unknown)."""

    text: str
    start: float | None
    end: float | None
    speaker: Any = None
    is_sign: bool = False


@dataclass(frozen=True)
class Sentence:
    """Seconds from the start of the recording, the speaker as in the file, and the text."""

    start: float
    end: float | None
    speaker: Any
    text: str


def find_words(value: Any, parsed: Parsed) -> tuple[str, list[Word]]:
    """Return the format's name and the words of a file; "" and none if no list of timed words is known.

    `parsed` is told if their unit had to be guessed.
    """
    for name, path, unit in _PLACES:
        rows = [row for found in values_at(value, path) if isinstance(found, list) for row in found]
        words = [word for row in rows if isinstance(row, dict) and (word := _word(row))]
        if not any(word.start is not None for word in words):
            continue
        tagged = [word for word in words if word.speaker]
        if name == "google-json" and len(tagged) * 2 == len(words):
            words = tagged  # Google repeats all words at the end, with their speakers
        if not unit:
            times = [(word.start, word.end, word.text) for word in words if word.start is not None]
            unit = parts_per_second(parsed, times)
        return name, [_divided(word, unit) for word in words]
    return "", []


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Yield the values at a dotted path of keys, indices and `*` for every index."""
    key, _, rest = path.partition(".")
    if not key:
        yield value
    elif isinstance(value, dict) and key in value:
        yield from values_at(value[key], rest)
    elif isinstance(value, list) and (key == "*" or key.isdecimal()):
        for item in value if key == "*" else value[int(key) :][:1]:
            yield from values_at(item, rest)


def sentences(words: Sequence[Word]) -> Iterator[Sentence]:
    """Yield the sentences: up to a full stop, a pause, another speaker, or too many words."""
    has_spaces = any(word.text != word.text.strip() for word in words)
    current: list[Word] = []
    for word in words:
        if current and _begins(current, word):
            yield from _joined(current, has_spaces=has_spaces)
            current = []
        current.append(word)
    yield from _joined(current, has_spaces=has_spaces)


def _begins(current: list[Word], word: Word) -> bool:
    if word.is_sign or word.start is None:
        return False
    timed = [before for before in current if before.start is not None]
    if not timed:
        return False
    last = timed[-1].end if timed[-1].end is not None else timed[-1].start
    is_paused = last is not None and word.start - last >= _PAUSE_SECONDS
    is_said = current[-1].text.strip().endswith(SENTENCE_ENDS) or len(current) >= _MOST_WORDS
    return is_paused or is_said or word.speaker != timed[-1].speaker


def _joined(words: list[Word], *, has_spaces: bool) -> Iterator[Sentence]:
    pieces: list[str] = []
    for word in words:
        is_joined = has_spaces or word.is_sign or not pieces or pieces[-1].endswith(_OPENING)
        pieces += [word.text] if is_joined else [" ", word.text]
    timed = [word for word in words if word.start is not None]
    text = plain_text("".join(pieces))
    if text and timed:
        ends = [word.end for word in timed if word.end is not None]
        yield Sentence(timed[0].start or 0.0, ends[-1] if ends else None, timed[0].speaker, text)


def _word(row: dict[str, Any]) -> Word | None:
    text = _first(row, _TEXTS)
    if not isinstance(text, str) or row.get("type") == "spacing":
        return None
    start, end = (number_seconds(_first(row, keys)) for keys in (_STARTS, _ENDS))
    is_sign = row.get("type") == "punctuation" or not any(letter.isalnum() for letter in text)
    return Word(text, start, end, _first(row, _SPEAKERS), is_sign)


def _first(row: dict[str, Any], paths: Sequence[str]) -> Any:
    found = (value for path in paths for value in values_at(row, path))
    return next((value for value in found if value not in (None, "")), None)


def _divided(word: Word, unit: float) -> Word:
    start, end = (None if time is None else time / unit for time in (word.start, word.end))
    return Word(word.text, start, end, word.speaker, word.is_sign)
