"""Parses XML into elements that know their line."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from articles.core.language.messages import lazy_message
from articles.core.parsing.markup_limits import excess_in_xml

from ..types import TranscriptError

_DECLARATION = re.compile(r"(\s*)<\?xml[^<>]*\?>")  # says nothing about decoded text


@dataclass
class Node:
    """An element: its name and attributes without namespaces, its line, and its children and texts in order."""

    name: str
    attributes: dict[str, str]
    line: int
    content: list["Node | str"] = field(default_factory=list)

    def children(self) -> list["Node"]:
        """Return the elements directly inside."""
        return [child for child in self.content if isinstance(child, Node)]

    def text(self) -> str:
        """Return all text inside, with a space for a line break and without metadata."""
        if self.name == "br":
            return " "
        if self.name == "metadata":
            return ""
        text = "".join(child if isinstance(child, str) else child.text() for child in self.content)
        return f" {text} " if self.attributes.get("unit") in ("word", "sentence") else text  # Apple's, without spaces

    def find_all(self, name: str) -> list["Node"]:
        """Return all elements with this name inside, in order."""
        found = [self] if self.name == name else []
        return found + [match for child in self.children() for match in child.find_all(name)]


class _Builder:
    def __init__(self) -> None:
        self.parser = DefusedXMLParser(target=self)
        self.root = Node("", {}, 0)
        self.open = [self.root]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = {name.rpartition("}")[2]: value for name, value in attributes.items()}
        node = Node(tag.rpartition("}")[2], local, self.parser.parser.CurrentLineNumber)
        self.open[-1].content.append(node)
        self.open.append(node)

    def end(self, tag: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        self.open[-1].content.append(text)

    def close(self) -> Node:
        return self.root.children()[0]


def parse_xml(text: str) -> Node:
    """Return the root element.

    Raises TranscriptError, with the line, if the text isn't well-formed or uses entities.
    """
    if excess := excess_in_xml(text):
        raise TranscriptError(excess)
    builder = _Builder()
    try:
        builder.parser.feed(_DECLARATION.sub(r"\1", text, count=1) if _DECLARATION.match(text) else text)
        root: Node = builder.parser.close()
    except ParseError as error:
        line, _ = error.position
        raise TranscriptError(
            lazy_message("line %(line)s: invalid XML (%(reason)s). Fix it there.", line=line, reason=str(error))
        ) from error
    except (DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, TranscriptError):
            raise
        raise TranscriptError(lazy_message("the XML declares entities or an unknown encoding; remove them.")) from error
    return root
