"""Bibliography entries for an article: BibTeX and CSL-JSON."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

# BibTeX predefines these names.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# BibTeX counts braces even after a backslash, so braces are written as commands. LaTeX would interpret the others.
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
# LaTeX joins these pairs into one character: -- becomes a dash, '' a quotation mark, ?` becomes ¿.
_LIGATURES = re.compile(r"(?<=([-'`,<>]))(?=\1)|(?<=[!?])(?=`)")


@dataclass(frozen=True)
class Work:
    """An article as others cite it.

    `on` is the publication date and `address` the permanent link. `authors` are the people who agreed to be named,
    plus the site if it is responsible for the text. `site` may be empty.
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
    """Return a short name of ASCII letters, digits and hyphens, used as BibTeX key and file name."""
    plain = unicodedata.normalize("NFKD", work.slug).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'article'}-r{work.number}"


def bibtex(work: Work) -> str:
    """Return an entry for BibTeX and biblatex in UTF-8, with LaTeX's special characters escaped."""
    authors = " and ".join(f"{{{_latex(name)}}}" for name in work.authors)
    fields = {
        "author": authors,
        "title": f"{{{_latex(work.title)}}}",  # the second pair of braces preserves capitals
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
    """Return a CSL-JSON list with one item (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)."""
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
    """Return `text` on one line, escaped for LaTeX."""
    printable = "".join(character for character in " ".join(text.split()) if unicodedata.category(character) != "Cc")
    pieces = _LIGATURES.sub("\0", printable).split("\0")
    return "{}".join(piece.translate(_COMMANDS) for piece in pieces)
