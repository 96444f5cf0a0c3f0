"""Derives citations with their checks, links, images, counts and HTML from a revision's text.

All of it can be deleted and rebuilt from the text (``manage.py rebuild``) with the same result.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from articles.core import markdown, outline
from articles.derived.bulk import insert
from articles.derived.checks import run
from articles.models import Citation, ImageUse, Link, Rendering, Revision, Section
from articles.models.packed import Packed

from . import images
from .rendering import heading_base, rendering_of
from .slugs import existing_slugs
from .stored_pages import has_stored_page

COUNTS = ["citation_count", "problem_count", "sentence_count", "cited_sentence_count"]


@dataclass(frozen=True)
class Part:
    """The rendered heading and body of one section, or of the lead (whose `section` and `heading` are None)."""

    section: Section | None
    heading: markdown.Rendered | None
    body: markdown.Rendered

    def rendered(self):
        """Return heading and body in the order of the text, without the heading of the lead."""
        return [self.body] if self.heading is None else [self.heading, self.body]


@dataclass(frozen=True)
class Derived:
    """Everything that follows from a text: unsaved citations without their checks, slugs that it links to, names of
    the uploads that it shows, `COUNTS`, and the fields of its `Rendering` that follow from the text alone."""

    parts: list[Part]
    citations: list[Citation]
    links: list[str]
    images: list[str]
    counts: dict[str, int]
    rendering: dict[str, object]


def slugs_in(texts):
    """Return the slugs of existing articles by the names that links in `texts` give; one query however many there are."""
    targets = {markdown.wiki_name(target) for text in texts for target in markdown.link_targets(text)}
    return existing_slugs(targets) if targets else {}


def context(episodes, known_slugs, **options):
    """Return a Markdown context for sources ``{key: Episode}``, the first of which is the default.

    `known_slugs` are the slugs of existing articles by name, as `slugs_in` returns them.
    """
    sources = dict(episodes)
    if sources:
        sources[""] = next(iter(sources.values()))

    existing = set(known_slugs.values())

    def slug_of(name):
        return known_slugs.get(name, name.lower())

    def link_url(slug):
        return reverse("article", args=[slug]) if slug in existing else None

    return markdown.Context(sources=sources, link_url=link_url, slug_of=slug_of, **options)


def read(lead, sections, episodes, known_slugs, *, has_anchors=False):
    """Render the lead and each of `sections` (with heading, level, body) and number the citations; return `Part`s.

    With `has_anchors`, the sections' paragraphs link to themselves, as on public pages.
    """
    used_ids = {}
    lead_options = {"used_ids": used_ids, "id_prefix": "lead-", "heading_base": heading_base(0)}
    label = gettext("Link to this paragraph") if has_anchors else ""
    parts = [Part(None, None, markdown.render(lead, context(episodes, known_slugs, **lead_options)))]
    sections = list(sections)
    levels = outline.normalise_levels([section.level for section in sections])
    for position, (section, level) in enumerate(zip(sections, levels, strict=True), 1):
        of_section = context(
            episodes,
            known_slugs,
            used_ids=used_ids,
            id_prefix=f"s{position}-",
            heading_base=heading_base(level),
            paragraph_label=label,
        )
        heading = markdown.render_inline(section.heading, of_section)
        parts.append(Part(section, heading, markdown.render(section.body, of_section)))
    return parts


def sources_of(revision):
    """Return ``{key: Episode}`` in the order of the revision's sources, with shows and chapters prefetched."""
    sources = revision.source_set.select_related("episode__show").prefetch_related("episode__chapter_set")
    return {source.key: source.episode for source in sources}


def read_stored(revision):
    """Return the `Part`s and ``{key: Episode}`` of a saved revision, without looking up the articles it links to."""
    episodes = sources_of(revision)
    return read(revision.lead, revision.section_set.all(), episodes, known_slugs={}), episodes


def set_anchors(sections):
    """Set the anchor of every section from its heading."""
    headings = [markdown.plain_heading(section.heading) for section in sections]
    for section, anchor in zip(sections, outline.make_anchors(headings), strict=True):
        section.anchor = anchor


@transaction.atomic(savepoint=False)  # an error rolls back the caller's transaction, too
def derive(revision, *, sections=None, episodes=None):
    """Rebuild everything derived from the text of `revision`; return its `Part`s and ``{key: Episode}``.

    This only changes rows of the revision. If it's published, readers see the changes once the caller republishes the
    article (`rederive` does both).

    `replace_content`, which has just written the text and deleted everything derived, passes `sections` and `episodes`,
    so that they aren't read again; in that case all fields of `revision` are saved here.
    """
    is_rebuild = sections is None
    if is_rebuild:
        lock(revision)
        sections = list(revision.section_set.all())
        episodes = sources_of(revision)
        _update_anchors(sections)

    found = derived_from(revision, sections, episodes)
    if is_rebuild:  # before the checks are saved: `run.recheck` takes both in this order, too
        revision.citation_set.all().delete()
        revision.link_set.all().delete()
        revision.imageuse_set.all().delete()
    run.assign_checks(found.citations)
    insert(Citation, found.citations)
    insert(Link, [Link(revision=revision, slug=slug) for slug in found.links])
    insert(ImageUse, [ImageUse(revision=revision, name=name) for name in found.images])
    for name, count in found.counts.items():
        setattr(revision, name, count)
    revision.save(update_fields=COUNTS if is_rebuild else None)
    Rendering.objects.bulk_create(
        [Rendering(revision=revision, **storable(revision, found.rendering))],
        update_conflicts=True,
        unique_fields=["revision"],
        update_fields=list(found.rendering),
    )
    return found.parts, episodes


def storable(revision, rendering):
    """Return the fields of a `Rendering` with its HTML packed, unless the previous release may have to read it."""
    html = str(rendering["text_html"])
    return rendering | {"text_html": html if has_stored_page(revision.article) else Packed(html)}


def lock(revision):
    """Lock `revision`, since someone else may be saving or rebuilding it at the same time, and read its text."""
    revision.refresh_from_db(fields=["title", "lead"], from_queryset=Revision.objects.select_for_update(no_key=True))


def derived_from(revision, sections, episodes):
    """Return what follows from the text of `revision` with these `sections` and ``{key: Episode}``; writes nothing."""
    parts = read_revision(revision, sections, episodes)
    citations = _citations(revision, parts, episodes)
    rendered = [text for part in parts for text in part.rendered()]
    counts = [
        len(citations),
        sum(len(text.problems) for text in rendered),
        sum(part.body.sentence_count for part in parts),
        sum(part.body.cited_sentence_count for part in parts),
    ]
    return Derived(
        parts=parts,
        citations=citations,
        links=links_of(parts),
        images=images.storable(images.shown_in(texts_of(revision, sections))),
        counts=dict(zip(COUNTS, counts, strict=True)),
        rendering=rendering_of(revision, parts),
    )


def read_revision(revision, sections, episodes):
    return read(revision.lead, sections, episodes, slugs_in(texts_of(revision, sections)), has_anchors=True)


def texts_of(revision, sections):
    return [revision.lead, *(text for section in sections for text in (section.heading, section.body))]


def links_of(parts):
    """Return the slugs of the articles that the parts link to, sorted."""
    return sorted({link.slug for part in parts for text in part.rendered() for link in text.links})


def _update_anchors(sections):
    before = {section.pk: section.anchor for section in sections}
    set_anchors(sections)
    if changed := [section for section in sections if section.anchor != before[section.pk]]:
        for section in changed:  # temporary anchors, since two sections may swap theirs
            Section.objects.filter(pk=section.pk).update(anchor=f"-{section.pk}")
        Section.objects.bulk_update(changed, ["anchor"])


def _citations(revision, parts, episodes):
    """Citation rows in the order of the text, numbered from 1."""
    default = next(iter(episodes.values()), None)
    rows = []
    for part in parts:
        heading = part.heading.plain_text if part.heading else ""
        for text in part.rendered():
            for citation in text.citations:
                rows.append(
                    Citation(
                        revision=revision,
                        section=part.section,
                        position=len(rows) + 1,
                        episode=episodes.get(citation.key, default),
                        start_seconds=citation.start_seconds,
                        end_seconds=citation.end_seconds,
                        anchor=citation.anchor,
                        text=citation.text,
                        is_in_heading=text is part.heading,
                        offset=citation.offset,
                        claim=citation.claim,
                        context=context_of(heading, citation),
                        is_quotation=citation.is_quotation,
                    )
                )
    return rows


def context_of(heading, citation):
    """Return what says what a claim is about: its section's plain `heading` ("" in the lead) and the sentence before."""
    return "\n".join(filter(None, [heading, citation.context]))
