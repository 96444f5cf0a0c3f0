"""The front matter of a Markdown file: `key: value` lines between two lines of `---`."""

import json
import re
from dataclasses import dataclass

from articles.core.language.messages import lazy_message

from .types import FormatError
from .validation import checked

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*$")


@dataclass(frozen=True)
class FrontMatter:
    """Keys with their values and line numbers (from 1).

    `unread` are the lines that aren't `key: value`; `end` is the offset at which the text after the front matter
    starts.
    """

    values: dict[str, str]
    lines: dict[str, int]
    unread: tuple[tuple[int, str], ...]
    end: int


def starts_front_matter(text: str) -> bool:
    """Return whether `text` starts with `---` and a `key:` line; a lone `---` is just a horizontal rule."""
    match = _FENCE.match(text)
    if match is None:
        return False
    first = next((line for line in text[match.end() : match.end() + 2000].split("\n") if line.strip()), "")
    return bool(_LINE.match(first))


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a text that starts with one.

    Raises FormatError if it is never closed or a value contains an invalid character.
    """
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    unread: list[tuple[int, str]] = []
    offset = text.index("\n") + 1
    for number, line in enumerate(text[offset:].split("\n"), 2):
        offset += len(line) + 1
        if line.rstrip() in ("---", "..."):
            return FrontMatter(values, lines, tuple(unread), min(offset, len(text)))
        match = _LINE.match(line)
        if match and match["key"] not in values:
            values[match["key"]] = checked(unquote(match["value"] or ""), number)
            lines[match["key"]] = number
        elif line.strip() and not line.lstrip().startswith("#"):
            unread.append((number, line))
    raise FormatError(lazy_message("the front matter isn’t closed: add a line --- after its last key."), 1)


def unquote(value: str) -> str:
    """Read a one-line YAML scalar: plain, 'single' ('' is a quote) or "double" with backslash escapes."""
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) >= 2 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return re.sub(r'\\(["\\])', r"\1", value[1:-1])
    return value


def quote(value: str) -> str:
    """Return `value` as a double-quoted YAML scalar, always on one line."""
    quoted = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", quoted)
