"""The text that readers see of wiki links: `[[slug|label]]` shows its label, `[[slug]]` the slug.

For every place that shows Markdown as text instead of rendering it: comparisons, quotations, headings in lists.
"""

import re
from collections.abc import Iterator

from articles.core.timestamps import code_spans, is_escaped

# What a label may consist of: text, whole code spans, and line breaks within a paragraph or quotation.
BREAK = r"\r?\n[ \t>]*(?![ \t>\r\n#|=+*-]|\d+[.)]|```|~~~)"
LABEL = rf"[^\[\]\r\n`]|`[^`\r\n]+`|{BREAK}"
# A label can contain marks, which have brackets of their own.
_LINK = re.compile(rf"\[\[(?P<target>[^\[\]|\r\n`]+)(?:\|(?P<label>(?:{LABEL}|\[[^\[\]\r\n`]*\])*))?\]\]")


def _links(text: str) -> Iterator[re.Match[str]]:
    if "[[" not in text:
        return
    code = code_spans(text)
    for match in _LINK.finditer(text):
        start = match.start()
        if not (is_escaped(text, start) or any(first <= start < last for first, last in code)):
            yield match


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of `text`, in order, that only say where its wiki links lead.

    Code and escaped brackets count as text.
    """
    spans: list[tuple[int, int]] = []
    for match in _links(text):
        start, end = match.span()
        group = "label" if (match.group("label") or "").strip() else "target"
        written = match.group(group)
        first = match.start(group) + len(written) - len(written.lstrip())
        spans += [(start, first), (first + len(written.strip()), end)]
    return spans


def visible_links(text: str) -> str:
    """Return Markdown with each wiki link as readers see it; everything else stays as it is written."""
    pieces, position = [], 0
    for start, end in hidden_spans(text):
        pieces.append(text[position:start])
        position = end
    return "".join([*pieces, text[position:]])


def links_with_targets(text: str) -> str:
    """Return Markdown with each wiki link as its label and, in brackets, the slug: `label (slug)`, or `slug` alone.

    For links that look the same, and for what people write to each other about links.
    """
    pieces, position = [], 0
    for link in _links(text):
        label, target = (link.group("label") or "").strip(), link.group("target").strip()
        pieces += [text[position : link.start()], f"{label} ({target})" if label else target]
        position = link.end()
    return "".join([*pieces, text[position:]])
