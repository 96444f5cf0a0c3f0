"""How a text is cited by others: as BibTeX and as CSL-JSON."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # BibTeX's own strings

# A brace counts for BibTeX even behind a backslash, so it is named; the others are what LaTeX reads as commands.
_COMMANDS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{character: f"\\{character}" for character in "$&%#_"},
    }
)
# Two of these would be set as one other character: -- as a dash, '' as a quotation mark, ?` as ¿.
_LIGATURES = re.compile(r"(?<=([-'`,<>]))(?=\1)|(?<=[!?])(?=`)")


@dataclass(frozen=True)
class Work:
    """A text as it is cited: `on` is the day on which it went out, `address` the one at which it stays.

    `authors` are people who want to be named, and the site where it answers for the text; `site` may be empty.
    """

    title: str
    slug: str
    number: int
    site: str
    authors: tuple[str, ...]
    on: date
    address: str
    language: str


def key(work: Work) -> str:
    """A short name of letters, digits and hyphens: the key in BibTeX, the name of a file."""
    plain = unicodedata.normalize("NFKD", work.slug).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'article'}-r{work.number}"


def bibtex(work: Work) -> str:
    """An entry for BibTeX and biblatex, in UTF-8 with what LaTeX would read as a command escaped."""
    authors = " and ".join(f"{{{_latex(name)}}}" for name in work.authors)
    fields = {
        "author": authors,
        "title": f"{{{_latex(work.title)}}}",  # braced twice: the capitals stay as they are
        "publisher": _latex(work.site),
        "version": str(work.number),
        "note": f"Revision {work.number}",
        "year": str(work.on.year),
        "day": str(work.on.day),
        "url": work.address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    lines.append(f"  month = {_MONTHS[work.on.month - 1]},")
    return "\n".join([f"@misc{{{key(work)},", *lines, "}", ""])


def csl(work: Work) -> list[dict[str, object]]:
    """A list of one item (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)."""
    item: dict[str, object] = {
        "id": key(work),
        "type": "webpage",
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "container-title": work.site,
        "issued": {"date-parts": [[work.on.year, work.on.month, work.on.day]]},
        "version": str(work.number),
        "URL": work.address,
        "language": work.language,
    }
    return [{name: value for name, value in item.items() if value}]


def _latex(text: str) -> str:
    """`text` on one line, as LaTeX writes it."""
    seen = "".join(character for character in " ".join(text.split()) if unicodedata.category(character) != "Cc")
    pieces = _LIGATURES.sub("\0", seen).split("\0")
    return "{}".join(piece.translate(_COMMANDS) for piece in pieces)
