"""The Markdown dialect of articles: CommonMark, tables, strikethrough, footnotes, math, callouts."""

import re
from functools import cache
from types import SimpleNamespace

from markdown_it import MarkdownIt, helpers
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, blockquote, list_block, reference, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from articles.core.timestamps import seen_address

from .emphasis import scan_emphasis, scan_strikethrough
from .scanner import SENTINEL, number_at
from .token_rules import gather_footnotes, shape_callouts

# markdown-it drops content nested deeper than maxNesting. The rules here stop a few levels earlier, so that excess
# markers are shown as text instead.
MAX_NESTING = 30
_DEEPEST_BLOCK = MAX_NESTING - 4

_LABEL_IN_USE = re.compile(r"\[([^\[\]]+)\](?!:)")
_ADDRESS = re.compile(r"[/#:.@]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MATH = re.compile(
    r"\$\$([^$\\]*(?:\\[\s\S][^$\\]*)*)\$\$"
    r"|\$(?![\s$])([^$\\]*(?:\\[\s\S][^$\\]*)*)(?<!\s)\$(?![\d$])"
)
_PRICE = re.compile(r"\d[\d.,]*(?:[kKmMbB]|bn|mn)?[+%]?(?:\s+|[-–—/])[^\W\d_]{2,}")


@cache
def parser() -> MarkdownIt:
    """Return the parser. Building it is slow; one can be shared between threads."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"]).disable(["html_block", "html_inline"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.validateLink = is_allowed_link  # type: ignore[method-assign, assignment]
    md.normalizeLink = lambda address: normalizeLink(seen_address(address))  # type: ignore[method-assign, assignment]
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkDestination=helpers.parseLinkDestination,
        parseLinkTitle=helpers.parseLinkTitle,
        parseLinkLabel=_parse_link_label,
    )
    block, inline = md.block.ruler, md.inline.ruler
    block.at("blockquote", _blockquote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("table", _table, {"alt": ["paragraph", "reference"]})
    block.at("footnote_def", _footnote_def, {"alt": ["paragraph", "reference"]})
    block.at("reference", _reference)
    block.before("fence", "math_block", _math_block)
    inline.before("link", "candidate", _candidate)
    inline.before("escape", "math", _math)
    inline.at("emphasis", scan_emphasis)
    inline.at("strikethrough", scan_strikethrough)
    inline.at("link", _link)
    inline.at("image", _image)
    md.core.ruler.after("block", "callouts", shape_callouts)
    md.core.ruler.after("inline", "footnotes", gather_footnotes)
    return md


def is_allowed_link(address: str) -> bool:
    """Return whether a link may have this address: `http:`, `https:`, `mailto:`, or no scheme.

    An image written into the text is read too, so that its alt text is shown instead of its bytes.
    """
    scheme = _SCHEME.match(address.strip())
    return scheme is None or scheme.group(1).lower() in ("http", "https", "mailto") or address.startswith("data:image/")


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < _DEEPEST_BLOCK and blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < _DEEPEST_BLOCK and list_block(state, start, end, silent)


def _footnote_def(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    if state.level >= _DEEPEST_BLOCK or not state.src.startswith("[^", first):
        return False
    label = state.src[first : state.src.find("]", first) + 1]
    return SENTINEL not in label and footnote_def(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, keeping surplus cells of rows that are longer than the head, which GFM drops."""
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    cells: list[Token] = []
    for token in state.tokens[first:]:
        if token.type == "tr_open":
            line = getLine(state, token.map[0]).strip() if token.map else ""
            cells = []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close" and line.count("|") >= len(cells):
            columns = escapedSplit(line)
            surplus = " | ".join(columns[len(cells) + (columns[0] == "") :]).strip(" |")
            if surplus:
                cells[-1].content = f"{cells[-1].content} | {surplus}"
    return True


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `[label]: address` if the text uses the label; otherwise keep it as prose, which Markdown would drop.

    A citation mark at the start of a line is never a label.
    """
    if state.src.startswith("[" + SENTINEL, state.bMarks[start] + state.tShift[start]):
        return False
    references = state.env.setdefault("references", {})
    count, line = len(references), state.line
    if not reference(state, start, end, silent):
        return False
    if silent:
        return True
    if "labels_in_use" not in state.env:
        labels = _LABEL_IN_USE.findall(state.src)
        state.env["labels_in_use"] = {normalizeReference(label) for label in labels}
    if len(references) > count:
        label = next(reversed(references))
        if label in state.env["labels_in_use"] and _ADDRESS.search(references[label]["href"]):
            return True
        del references[label]
    state.line = line
    return False


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `$$` at a line's start up to `$$` at a line's end, before a blank line."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith("$$", first):
        return False
    if state.src.find("$$", first + 2, state.eMarks[start]) >= 0:
        return False
    for line in range(start + 1, end):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        if state.src[state.bMarks[line] : state.eMarks[line]].rstrip().endswith("$$"):
            break
    else:
        return False
    if not silent:
        state.line = line + 1
        token = state.push("math_block", "code", 0)
        token.content = state.getLines(start, line + 1, state.blkIndent, False).strip()[2:-2].strip()
        token.map = [start, state.line]
    return True


def _math(state: StateInline, silent: bool) -> bool:
    """Read `$…$` and `$$…$$`; amounts of money such as `$4-$5 by 2030` remain text."""
    if state.src[state.pos] != "$":
        return False
    match = _MATH.match(state.src, state.pos, state.posMax)
    if match is None or _PRICE.match(match.group(2) or ""):
        return False
    content = (match.group(1) or match.group(2) or "").strip()
    if not content:
        return False
    if not silent:
        state.push("math_inline", "code", 0).content = content
    state.pos = match.end()
    return True


def _candidate(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    stand_in = number_at(state.src, state.pos)
    if stand_in is None or stand_in[1] > state.posMax:
        return False
    number, end = stand_in
    if not silent:
        state.push("candidate", "", 0).meta = {"number": number}
    state.pos = end
    return True


def _parse_link_label(state: StateInline, start: int, disable_nested: bool = False) -> int:
    """Return the offset of the bracket that closes a link's text, -1 if there is none.

    Unlike markdown-it's own helper, this allows marks and wiki links inside a link.
    """
    before, level = state.pos, 1
    state.pos = start + 1
    end = -1
    while state.pos < state.posMax:
        character, place = state.src[state.pos], state.pos
        if character == "]":
            level -= 1
            if level == 0:
                end = place
                break
        state.md.inline.skipToken(state)
        if character == "[" and number_at(state.src, place) is None:
            if place == state.pos - 1:
                level += 1
            elif disable_nested:
                break
    state.pos = before
    return end


def _image(state: StateInline, silent: bool) -> bool:
    """Read an image, unless the `!` is followed by a citation mark."""
    if state.src[state.pos] != "!" or state.src.startswith("![" + SENTINEL, state.pos):
        return False
    return _can_close(state) and image(state, silent)


def _link(state: StateInline, silent: bool) -> bool:
    return state.src[state.pos] == "[" and _can_close(state) and link(state, silent)


def _can_close(state: StateInline) -> bool:
    """Return whether anything that can close a link follows; without this, a megabyte of `[` takes half a minute."""
    last_end = state.env.get("last_end")
    if last_end is None or last_end[0] is not state.src:
        last = state.src.rfind("](")
        if state.env.get("references"):
            last = state.src.rfind("]")
        last_end = state.env["last_end"] = (state.src, last)
    return bool(state.pos < last_end[1])
