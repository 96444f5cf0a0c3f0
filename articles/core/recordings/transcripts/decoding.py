"""Decodes a transcript file and says so if it isn't UTF-8."""

from articles.core.language import decoding
from articles.core.language.messages import message_of

from .types import TranscriptError, TranscriptProblem, problem, replace_surrogates


def decode(data: bytes) -> tuple[str, list[TranscriptProblem]]:
    """Return the text, and a problem if it isn't in Unicode. Raises TranscriptError if no encoding fits."""
    try:
        text, guess = decoding.decode(data)
    except decoding.EncodingError as error:
        raise TranscriptError(message_of(error)) from error
    return replace_surrogates(text), [problem(guess.line, 0, guess.text, guess.reason)] if guess else []
