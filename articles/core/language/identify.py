"""Identifies the language of a text with py3langid."""

from functools import lru_cache
from typing import Protocol

_SAMPLE = 20_000  # characters that are looked at
_CERTAIN = 0.9

# Languages that are confused with each other, or have several codes (ISO 639).
_RELATED = (
    frozenset(["no", "nb", "nn", "da"]),
    frozenset(["hr", "sr", "bs", "sh"]),
    frozenset(["id", "ms"]),
    frozenset(["zh", "yue", "wuu", "cmn"]),
    frozenset(["ar", "arz", "ary"]),
    frozenset(["he", "iw"]),
    frozenset(["tl", "fil"]),
    frozenset(["gl", "pt"]),
    frozenset(["cs", "sk"]),
)


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    # Imported when first needed: the model takes a second to load and 80 MB of memory.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


def likely_language(text: str) -> tuple[str, float]:
    """Return the ISO 639 code of the most likely language of `text`, and how certain that is, in [0, 1]."""
    return _identifier().classify(text[:_SAMPLE])


def language_of(text: str) -> str:
    """Return the ISO 639 code of the language of `text`, "" if that isn't certain."""
    code, certainty = likely_language(text)
    return code if certainty >= _CERTAIN else ""


def is_same_language(first: str, second: str) -> bool:
    """Tell whether two language tags, such as `pt-BR` and `pt`, mean the same language or close relatives."""
    one, other = (tag.replace("_", "-").split("-")[0].lower() for tag in (first, second))
    return one == other or any(one in group and other in group for group in _RELATED)
