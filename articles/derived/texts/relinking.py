"""Changes the links of a text to what they lead to now, which is all that depends on which articles exist."""

import re
from html import escape, unescape

from django.db import transaction

from articles.core import markdown
from articles.derived.bulk import insert
from articles.models import Link, Rendering

from . import derivation
from .rendering import rendering_of

# Links to articles as core.markdown writes them. One within another link isn't among them.
_LINK = re.compile(
    r'<a class="wiki-link" href="[^"<>]*">(?P<there>[^<]*)</a>'
    r'|<span class="wiki-link wiki-link--missing">(?P<missing>[^<]*)</span>'
)
_CLASS = 'class="wiki-link'


@transaction.atomic(savepoint=False)
def relink(revision):
    """Rebuild the stored links and HTML of `revision` after articles have appeared, gone or moved.

    Returns whether the HTML has changed. Nothing else that is derived depends on which articles exist.
    """
    derivation.lock(revision)
    links, rendering = _found(revision)
    if set(revision.link_set.values_list("slug", flat=True)) != set(links):
        revision.link_set.all().delete()
        insert(Link, [Link(revision=revision, slug=slug) for slug in links])
    return bool(rendering and Rendering.objects.filter(pk=revision.pk).exclude(**rendering).update(**rendering))


def _found(revision):
    """Return the slugs that the text of `revision` links to, and the fields of its `Rendering` that have changed."""
    sections = list(revision.section_set.all())
    texts = derivation.texts_of(revision, sections)
    links = derivation.context({}, derivation.slugs_in(texts))
    stored = Rendering.objects.filter(pk=revision.pk).values_list("lead_html", "text_html").get()
    html = _patched(stored, texts, links)
    if html is None:
        parts = derivation.read_revision(revision, sections, derivation.sources_of(revision))
        return derivation.links_of(parts), derivation.storable(revision, rendering_of(revision, parts))
    slugs = sorted({links.slug_of(name) for text in texts for name, _ in markdown.wiki_links(text)})
    changed = {"lead_html": html[0], "text_html": html[1]} if tuple(html) != tuple(stored) else {}
    return slugs, changed and derivation.storable(revision, changed)


def _patched(pages, texts, context):
    """Return the HTML of `pages` with the links that `texts`, of which they were made, have in a Markdown `context`.

    None if it can't be told which link is which: one is in code or within another link, or a label isn't its own.
    """
    links = [link for text in texts for link in markdown.wiki_links(text)]
    found = [match for html in pages for match in _LINK.finditer(html)]
    labels = [unescape(match["missing"] if match["there"] is None else match["there"]) for match in found]
    if labels != [label for _, label in links] or sum(html.count(_CLASS) for html in pages) != len(links):
        return None
    if any(match["missing"] is not None and _is_in_link(match) for match in found):
        return None
    names = iter(links)
    return [_LINK.sub(lambda match: _written(match, next(names)[0], context), html) for html in pages]


def _is_in_link(match):
    before = match.string
    return before.rfind("<a ", 0, match.start()) > before.rfind("</a>", 0, match.start())


def _written(match, name, context):
    label = match["missing"] if match["there"] is None else match["there"]
    address = context.link_url(context.slug_of(name))
    if address is None:
        return f'<span class="wiki-link wiki-link--missing">{label}</span>'
    return f'<a class="wiki-link" href="{escape(address)}">{label}</a>'
