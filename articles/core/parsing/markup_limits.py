"""Refuses XML and JSON that no program writes, before it is parsed: parsers take hours or all memory for some of it."""

import re

from articles.core.language.messages import LazyMessage, lazy_message

ATTRIBUTES_MAX = 200  # of one element
ELEMENTS_MAX = 500_000  # twenty years of a daily show with chapters have about 300,000
DEPTH_MAX = 200
NAMESPACES_MAX = 500
OBJECTS_MAX = 500_000  # of JSON, with its lists; ten hours of single words have about 100,000

_NAME = re.compile(r"<(?:!--|!\[CDATA\[|(/?)([A-Za-z_][\w:.-]*))")
_REST = re.compile(r"""(?:[^<>"']+|"[^"<]*"|'[^'<]*'|["'])*+""")
_QUOTED = re.compile(r""""[^"<]*"|'[^'<]*'""")
_NAMESPACE = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*("[^"<]*"|'[^'<]*')""")
_UNCLOSED = frozenset(
    ["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)  # in HTML


def excess_in_xml(text: str) -> LazyMessage | None:
    """Return what the text has too much of to be parsed, None if nothing; it needn't be well-formed.

    Takes time in proportion to the text.
    """
    elements = 0
    open_names: list[str] = []
    position = 0
    while match := _NAME.search(text, position):
        position = match.end()
        closing, name = match.groups()
        if name is None:
            ending = "-->" if match[0] == "<!--" else "]]>"
            end = text.find(ending, position)
            position = len(text) if end < 0 else end
            continue
        if closing:
            if name in open_names:
                while open_names.pop() != name:
                    pass
            continue
        rest = _REST.match(text, position)
        tag = rest[0] if rest else ""
        position += len(tag)
        elements += 1
        if len(tag) > ATTRIBUTES_MAX and _attributes(tag) > ATTRIBUTES_MAX:
            return lazy_message(
                "line %(line)s: <%(name)s> has more than %(most)s attributes, which no program writes.",
                line=text.count("\n", 0, position) + 1,
                name=name[:40],
                most=ATTRIBUTES_MAX,
            )
        if elements > ELEMENTS_MAX:
            return lazy_message("it has more than %(most)s elements, too many to be read.", most=f"{ELEMENTS_MAX:,}")
        if not tag.endswith("/") and name.lower() not in _UNCLOSED:
            open_names.append(name)
            if len(open_names) > DEPTH_MAX:
                return lazy_message(
                    "line %(line)s: its elements are nested more than %(most)s deep, which no program writes.",
                    line=text.count("\n", 0, position) + 1,
                    most=DEPTH_MAX,
                )
    if text.count("xmlns") > NAMESPACES_MAX and len(set(_NAMESPACE.findall(text))) > NAMESPACES_MAX:
        return lazy_message(
            "it uses more than %(most)s namespaces (xmlns), which no program writes.", most=NAMESPACES_MAX
        )
    return None


def excess_in_json(text: str) -> LazyMessage | None:
    """Return what the text has too much of to be parsed, None if nothing."""
    if text.count("{") + text.count("[") > OBJECTS_MAX:
        return lazy_message(
            "it has more than %(most)s objects and lists, too many to be read.", most=f"{OBJECTS_MAX:,}"
        )
    return None


def _attributes(tag: str) -> int:
    """Return the number of attributes in a tag, rather too many than too few if it is broken."""
    bare, values = _QUOTED.subn(" ", tag.removesuffix("/"))
    return max(bare.count("="), len(bare.replace("=", " ").split()), values)
