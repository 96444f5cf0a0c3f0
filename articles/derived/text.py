"""What follows from a revision's text: citations, claims and what was found of them, links, counts, and HTML.

Everything here can be thrown away and made again from the text (``manage.py rebuild``), giving the same rows.
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from articles.core import markdown, outline
from articles.core.language import sentences
from articles.models import Article, Citation, Link, PreviousSlug, Rendering, Revision, Section

from .bulk import insert
from .checks import lint_results, run
from .pages import article

# What a first save sets besides (workflow.drafting, contents.replace_content).
WRITTEN = [
    "title",
    "slug",
    "lead",
    "notice",
    "language",
    "edit_summary",
    "received_digest",
    "status",
    "version",
    "saved_by",
    "saved_by_name",
    "saved_at",
]
COUNTS = ["citation_count", "problem_count", "sentence_count", "cited_sentence_count"]
TITLE_LEVEL = 1  # the article's title is <h1>, a section of level 1 is headed by <h2>


@dataclass(frozen=True)
class Part:
    """The lead (section None) or one section, read: its heading and its body."""

    section: Section | None
    heading: markdown.Rendered | None
    body: markdown.Rendered

    def rendered(self):
        """What was read, in the order of the text."""
        return [self.body] if self.heading is None else [self.heading, self.body]


def existing_slugs(slugs):
    """Those of `slugs` that lead to a published article, by its present or a former address."""
    slugs = set(slugs)
    present = Article.objects.published().filter(slug__in=slugs).values_list("slug", flat=True)
    former = PreviousSlug.objects.filter(slug__in=slugs, article__published_revision__isnull=False)
    return set(present.order_by().union(former.order_by().values_list("slug", flat=True)))


def context(episodes, known_slugs=None, **options):
    """A markup context for sources ``{key: Episode}``, the first of which is the default.

    `known_slugs` are the articles that exist; None asks the database for each link.
    """
    sources = dict(episodes)
    if sources:
        sources[""] = next(iter(sources.values()))

    def link_url(slug):
        exists = slug in known_slugs if known_slugs is not None else bool(existing_slugs([slug]))
        return reverse("article", args=[slug]) if exists else None

    return markdown.Context(sources=sources, link_url=link_url, **options)


def read(lead, sections, episodes, known_slugs=None, *, has_anchors=False):
    """Read a whole text: the lead and each of `sections` (heading, level, body), into parts, numbering its citations.

    `has_anchors` gives the paragraphs of the sections links to themselves, as readers see them.
    """
    used_ids = {}
    label = gettext("Link to this paragraph") if has_anchors else ""
    parts = [
        Part(None, None, markdown.render(lead, context(episodes, known_slugs, used_ids=used_ids, id_prefix="lead-")))
    ]
    for position, section in enumerate(sections, 1):
        of_section = context(
            episodes,
            known_slugs,
            used_ids=used_ids,
            id_prefix=f"s{position}-",
            heading_base=min(TITLE_LEVEL + section.level + 1, 6),
            paragraph_label=label,
        )
        heading = markdown.render_inline(section.heading, of_section)
        parts.append(Part(section, heading, markdown.render(section.body, of_section)))
    return parts


def sources_of(revision):
    """``{key: Episode}`` in the order of the revision's sources, with shows and chapters at hand."""
    sources = revision.source_set.select_related("episode__show").prefetch_related("episode__chapter_set")
    return {source.key: source.episode for source in sources}


def set_anchors(sections):
    """Give every section the address of its heading within the page."""
    headings = [markdown.plain_heading(section.heading) for section in sections]
    for section, anchor in zip(sections, outline.make_anchors(headings), strict=True):
        section.anchor = anchor


@transaction.atomic(savepoint=False)  # who calls it from a transaction loses all of it together
def derive(revision, *, sections=None, episodes=None, is_first=False):
    """Replace all that is derived of `revision` by what its text gives now.

    Who has just written the text hands over its `sections` and ``{key: Episode}``, so that they are not read again;
    `is_first` says that nothing was derived before.
    """
    if sections is None:
        # Somebody else may be saving it, or deriving it again, at this moment.
        revision.refresh_from_db(
            fields=["title", "lead"], from_queryset=Revision.objects.select_for_update(no_key=True)
        )
        sections = list(revision.section_set.all())
        episodes = sources_of(revision)
        _renew_anchors(sections)

    targets = {
        markdown.wiki_slug(target) for text in _texts(revision, sections) for target in markdown.link_targets(text)
    }
    known_slugs = existing_slugs(targets) if targets else set()
    parts = read(revision.lead, sections, episodes, known_slugs, has_anchors=True)

    citations = _citations(revision, parts, episodes)
    run.attach(citations)
    if not is_first:
        revision.citation_set.all().delete()
        revision.link_set.all().delete()
    insert(Citation, citations)
    slugs = {link.slug for part in parts for text in part.rendered() for link in text.links}
    if revision.article.published_revision_id == revision.pk:
        lint_results.store(revision, parts, episodes)
    insert(Link, [Link(revision=revision, slug=slug) for slug in sorted(slugs)])
    revision.citation_count = len(citations)
    revision.problem_count = sum(len(text.problems) for part in parts for text in part.rendered())
    revision.sentence_count = sum(part.body.sentence_count for part in parts)
    revision.cited_sentence_count = sum(part.body.cited_sentence_count for part in parts)
    # The first time the content itself is still to be written (contents.replace_content): one statement for both.
    revision.save(update_fields=[*COUNTS, *WRITTEN] if is_first else COUNTS)
    rendering = _rendering(revision, parts)
    if is_first:
        Rendering.objects.create(revision=revision, **rendering)
    else:
        Rendering.objects.update_or_create(revision=revision, defaults=rendering)
    if revision.article.published_revision_id == revision.pk:
        article.render(revision.article)


def refresh(revisions):
    """Derive each of `revisions` again, one transaction each; how many there were."""
    count = 0
    for revision in revisions.select_related("article").iterator(chunk_size=100):
        derive(revision)
        count += 1
    return count


def refresh_linking_to(slugs):
    """Derive the published texts that link to `slugs` again: their targets have come, gone or moved."""
    return refresh(Revision.objects.published().filter(link__slug__in=list(slugs)).distinct())


def refresh_citing(episode):
    """Derive the texts that draw on `episode` again: its length, chapters or addresses have changed."""
    return refresh(_citing([episode]).distinct())


def lock_dependents(episodes):
    """Let nothing happen to the articles that draw on `episodes` before the transaction ends.

    Who changes an episode, its show, chapters or editions begins with it. A save holds its article first and then asks
    for the episodes that it cites; the other way round the two would wait for each other. Who changes episodes takes
    turns with all others who do: an import learns only as it goes along which articles it has to hold.
    """
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="episode")
    articles = Article.objects.filter(pk__in=_citing(episodes).values("article")).order_by("pk")
    list(articles.select_for_update(no_key=True).values_list("pk"))


def _citing(episodes):
    """The published and the open texts that draw on `episodes`."""
    current = Q(published_for__isnull=False) | Q(status__in=["draft", "submitted", "approved"])
    return Revision.objects.filter(current, source__episode__in=episodes)


def _renew_anchors(sections):
    before = {section.pk: section.anchor for section in sections}
    set_anchors(sections)
    if changed := [section for section in sections if section.anchor != before[section.pk]]:
        for section in changed:  # out of the way first: two sections may swap their anchors
            Section.objects.filter(pk=section.pk).update(anchor=f"-{section.pk}")
        Section.objects.bulk_update(changed, ["anchor"])


def _texts(revision, sections):
    yield revision.lead
    for section in sections:
        yield section.heading
        yield section.body


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
                    )
                )
    return rows


def context_of(heading, citation):
    """What says what a claim is about: the plain `heading` of its section, "" in the lead, and the sentence before."""
    return "\n".join(filter(None, [heading, citation.context]))


def nest(parts):
    """The parts' sections as the page nests them: dictionaries, which templates read quickest."""
    sections = [part for part in parts if part.section is not None]
    nodes = outline.build([(p.section.level, p.heading.plain_text, p.section.anchor) for p in sections])

    def nested(node):
        part = sections[node.index]
        return {
            "anchor": node.anchor,
            "level": node.level,
            "heading_tag": f"h{min(TITLE_LEVEL + node.level, 6)}",
            "heading": node.heading,
            "heading_html": mark_safe(part.heading.html),  # noqa: S308  (sanitised by markup)
            "body_html": mark_safe(part.body.html),  # noqa: S308  (sanitised by markup)
            "children": [nested(child) for child in node.children],
        }

    return [nested(node) for node in nodes]


def _rendering(revision, parts):
    """The fields of a `Rendering`; the page itself is made when the revision is published."""
    challenge_url = reverse("challenge", args=[revision.slug or revision.article.slug])
    values = {"challenge_url": challenge_url, "sections": nest(parts)}
    # A form feed before each section, so that who searches finds the sections again without rendering.
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
