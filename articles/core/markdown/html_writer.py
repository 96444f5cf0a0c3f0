"""Writes tokens as HTML and sanitises it with an allow-list."""

import re
from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from articles.core.timestamps import Malformed, Mark, format_iso, format_label

from .images import is_foreign_image, is_own_image
from .plain_text import alt_text
from .scanner import WikiLink
from .types import Citation, Context

_EXTERNAL = re.compile(r"https?:|//", re.IGNORECASE)  # browsers treat https:host as https://host
_ADDRESS = re.compile(r' (?:href|src)="[^"]*"')
_ALIGN = re.compile(r"text-align:(left|center|right)")
_TAGS = """
a aside blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre s section span strong sup
table tbody td th thead time tr ul
"""
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "a": {"aria-label", "class", "data-end", "data-episode", "data-start", "href", "id", "rel", "title"},
        "aside": {"class", "role"},
        "code": {"class"},
        "img": {"alt", "loading", "src", "title"},
        "li": {"id"},
        "ol": {"start"},
        "p": {"class", "id"},
        "pre": {"class"},
        "section": {"class"},
        "span": {"class"},
        "sup": {"class"},
        "td": {"class"},
        "th": {"class"},
        "time": {"datetime"},
    },
    clean_content_tags=set(),
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


class Renderer(RendererHTML):
    """Markdown-it's renderer with our tokens; the environment holds the context, citations and link addresses."""

    def render_tokens(self, tokens: list[Token], md: MarkdownIt, env: EnvType) -> str:
        """Return block tokens as sanitised HTML, with the original text of candidates in code, titles and addresses."""
        candidates = env["candidates"]
        html = candidates.restore(self.render(tokens, md.options, env), escape)
        if candidates.originals and "%EF%B7%90" in html:
            html = _ADDRESS.sub(
                lambda match: candidates.restore_address(match.group(), lambda text: escape(md.normalizeLink(text))),
                html,
            )
        return _CLEANER.clean(html)

    def candidate(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        number = tokens[idx].meta["number"]
        original = env["candidates"].originals[number]
        if isinstance(original, WikiLink):
            return _wiki_link(original.label, env["addresses"][number], bool(tokens[idx].meta.get("in_link")))
        if isinstance(original, Malformed):
            return escape(original.text)
        return _mark(original, env["citations"].get(number, {}), env["context"])

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        if _EXTERNAL.match(str(token.attrGet("href") or "")):
            token.attrSet("rel", "noopener")
        env["in_link"] = True
        return str(self.renderToken(tokens, idx, options, env))

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["in_link"] = False
        return str(self.renderToken(tokens, idx, options, env))

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return an upload as an image; one of another site, which could be swapped or watch readers, as a link to it."""
        token = tokens[idx]
        source, title = str(token.attrGet("src") or ""), token.attrGet("title")
        if source.startswith("data:"):
            return escape(token.content)
        alt = alt_text(token, env["candidates"])
        if is_foreign_image(source):
            words = escape(alt.strip() or source)
            if env.get("in_link"):
                return words
            return f'<a class="image-link" href="{escape(source)}" rel="noopener">{words}</a>'
        if not is_own_image(source, env["context"].media_url):
            title_text = f' "{title}"' if title else ""
            return escape(f"![{token.content}]({source}{title_text})")
        attributes = f' title="{escape(str(title))}"' if title else ""
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{attributes} loading="lazy">'

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<code class="math">{escape(tokens[idx].content)}</code>'

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<pre class="math"><code class="math">{escape(tokens[idx].content)}</code></pre>\n'

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        if anchor := token.meta.get("anchor"):
            return (
                f'<a class="anchor" href="#{anchor}" aria-label="{escape(env["context"].paragraph_label)}">¶</a></p>\n'
            )
        return str(self.renderToken(tokens, idx, options, env))

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        aligned = _ALIGN.search(str(token.attrGet("style") or ""))
        return f'<{token.tag} class="align-{aligned.group(1)}">' if aligned else f"<{token.tag}>"

    td_open = th_open

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta, prefix = tokens[idx].meta, escape(env["context"].id_prefix)
        number = meta["id"] + 1
        place = f"{prefix}{number}" + (f"-{meta['subId'] + 1}" if meta["subId"] else "")
        return f'<sup class="footnote-ref"><a id="fnref-{place}" href="#fn-{prefix}{number}">{number}</a></sup>'

    def footnotes_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<section class="footnotes"><ol>\n'

    def footnotes_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<li id="fn-{escape(env["context"].id_prefix)}{tokens[idx].meta["number"]}">'

    def footnote_back(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta, prefix = tokens[idx].meta, escape(env["context"].id_prefix)
        places = [f"{prefix}{meta['number']}" + (f"-{n + 1}" if n else "") for n in range(meta["count"])]
        back = ' <a class="footnote-back" href="#fnref-{}" aria-label="Back to the text">↩\ufe0e</a>'
        return "".join(back.format(place) for place in places)


def citation_link(citation: Citation, context: Context) -> str:
    """Return the link of one citation, followed by its margin note if the context has notes."""
    episode = context.sources[citation.key]
    start, end = citation.start_seconds, citation.end_seconds
    address = episode.link_at(start) if end is None else episode.link_at(start, end)
    ending = "" if end is None else f' data-end="{end}"'
    label = _time(start) if end is None else f"{_time(start)}–{_time(end)}"
    link = (
        f'<a class="citation" id="{citation.anchor}" href="{escape(address)}"'
        f' data-episode="{escape(episode.reference)}" data-start="{start}"{ending}>{label}</a>'
    )
    if not context.has_notes:
        return link
    title = episode.chapter_title_at(start)
    chapter = f'<span class="cite-note__chapter">{escape(title)}</span> ' if title else ""
    verdict = '<span class="cite-note__verdict">not checked</span>'
    return f'<span class="cite">{link}<span class="cite-note">{chapter}{verdict}</span></span>'


def _time(seconds: int) -> str:
    return f'<time datetime="{format_iso(seconds)}">{format_label(seconds)}</time>'


def _mark(mark: Mark, citations: dict[int, Citation], context: Context) -> str:
    """Return a mark's citations; moments that cite nothing remain as written."""
    if not citations:
        return escape(mark.text)
    key = f"{mark.key} " if mark.key else ""
    return " ".join(
        citation_link(citations[index], context) if index in citations else escape(f"[{key}{moment.text}]")
        for index, moment in enumerate(mark.moments)
    )


def _wiki_link(label: str, address: str | None, is_in_link: bool) -> str:
    label = escape(label)
    if address is None:
        return f'<span class="wiki-link wiki-link--missing">{label}</span>'
    if is_in_link:
        return f'<span class="wiki-link">{label}</span>'
    return f'<a class="wiki-link" href="{escape(address)}">{label}</a>'
