"""The stored HTML and plain text of a revision, from its rendered parts."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from articles.core import markdown, outline
from articles.core.language import sentences

TITLE_LEVEL = 1  # the article's title is <h1>, the heading of a section of level 1 is <h2>


def heading_base(level):
    """Return the HTML level of headings in the text of a section of `level`, 0 for the lead."""
    return min(TITLE_LEVEL + level + 1, 6)


def nest(parts):
    """Return the parts' sections nested by level, as dictionaries, which templates read fastest."""
    sections = [part for part in parts if part.section is not None]
    nodes = outline.build([(p.section.level, p.heading.plain_text, p.section.anchor) for p in sections])

    def nested(node):
        part = sections[node.index]
        return {
            "anchor": node.anchor,
            "level": node.level,
            "heading_tag": f"h{min(TITLE_LEVEL + node.level, 6)}",
            "heading": node.heading,
            "heading_html": mark_safe(part.heading.html),  # noqa: S308  (sanitised by core.markdown)
            "suggest_label": _suggest_label(node.heading),
            "body_html": mark_safe(part.body.html),  # noqa: S308  (sanitised by core.markdown)
            "children": [nested(child) for child in node.children],
        }

    return [nested(node) for node in nodes]


def _suggest_label(heading):
    if not heading:
        return gettext("Suggest a correction to this section")
    return gettext("Suggest a correction to %(heading)s") % {"heading": heading}


def rendering_of(revision, parts):
    """Return the fields of a `Rendering` that follow from the text alone."""
    challenge_url = reverse("challenge", args=[revision.slug or revision.article.slug])
    values = {"challenge_url": challenge_url, "sections": nest(parts)}
    # A form feed before each section lets search tell the sections apart without rendering.
    plain = ["\n".join(filter(None, [revision.title, parts[0].body.plain_text.replace("\f", " ")]))]
    for part in parts[1:]:
        plain.append(f"{part.heading.plain_text}\n{part.body.plain_text}".replace("\f", " "))
    return {
        "renderer_version": markdown.RENDERER_VERSION,
        "lead_html": parts[0].body.html,
        "lead_text": parts[0].body.plain_text,
        "text_html": render_to_string("articles/stored/text.html", values),
        "word_count": sum(map(sentences.count_words, plain)),
        "plain_text": "\f".join(plain),
    }
