"""Moves one article between a received value and rows: imports it as a draft, or as published, and gives it back."""

import re
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath

from django.db import transaction

from articles import derivation, workflow
from articles.contents import Content, SectionContent, content_of, slug_taken
from articles.formats import (
    ReceivedArticle,
    ReceivedProblem,
    ReceivedSection,
    ReceivedSource,
    clean_block,
    clean_line,
    place_of,
)
from articles.markup import wiki_slug
from articles.models import Article, Revision

from .episodes import show_handle
from .sources import sources_of

SLUG_LIMIT = 200


class Outcome(StrEnum):
    """What importing one file did."""

    CREATED = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    INDEX = "index"
    FAILED = "not imported"


@dataclass(frozen=True)
class Imported:
    """One article as imported: the revision that holds it, what looked wrong, and what was done."""

    outcome: Outcome
    revision: Revision
    problems: tuple[ReceivedProblem, ...] = ()
    is_published: bool = False
    moved_slugs: tuple[str, ...] = ()


@transaction.atomic
def import_article(article, *, by, known, publish=False):
    """Write a received article into rows, as a draft of `by`, and publish it as received if asked to.

    What was received before changes nothing. Raises `WorkflowError` if the rules do not permit it.
    """
    found = _find(article)
    digest = article.digest()
    if found is not None and (found.received_digest == digest or _is_same(found, article)):
        return _publish_again(found, digest, by) if publish else Imported(Outcome.UNCHANGED, _newest(found))
    sources, problems = sources_of(article, known)
    if found is None:
        content = _content(article, _slug(article), sources, base=None)
        draft, slug_problems = _create(article, content, by=by, digest=digest)
        outcome = Outcome.CREATED
        problems += slug_problems
    else:
        draft = _changed(found, article, sources, by=by, digest=digest)
        outcome = Outcome.CHANGED
    problems += _text_problems(draft, article)
    imported = Imported(outcome, draft, (*article.problems, *problems))
    return _published(imported, by) if publish else imported


def export_value(revision):
    """A revision as the value that formats write; importing it again changes nothing."""
    sources = list(revision.source_set.select_related("episode__show"))
    default = sources[0].episode if sources else None
    return ReceivedArticle(
        name=revision.slug,
        show_handle=default.show.handle if default else "",
        title=clean_line(revision.title),
        video_id=default.youtube_id if default else "",
        lead=clean_block(revision.lead),
        sections=tuple(
            ReceivedSection(section.level, clean_line(section.heading), clean_block(section.body))
            for section in revision.section_set.all()
        ),
        notice="" if revision.notice == Revision.Notice.NONE else revision.notice,
        sources=tuple(
            ReceivedSource(source.key, source.episode.reference, source.episode.title, source.episode.youtube_id)
            for source in sources
        ),
        is_export=True,
    )


def _identity(article):
    """By what a later delivery finds the article; an export is found by its slug."""
    return None if article.is_export else f"{show_handle(article.show_handle)}/{article.name}"[:400]


def _slug(article):
    """The slug that an article asks for: an export's own, else made of the file's name."""
    if article.is_export and re.fullmatch(r"[-\w]+", article.name):
        return article.name[:SLUG_LIMIT]
    return (wiki_slug(article.name) or wiki_slug(article.title) or "article")[:SLUG_LIMIT].strip("-")


def _find(article):
    """The article that a received one is a delivery of, None if it is new."""
    articles = Article.objects.all()
    if article.is_export:
        slug = _slug(article)
        return articles.filter(slug=slug).first() or articles.filter(previousslug__slug=slug).first()
    found = articles.filter(received_as=_identity(article)).first()
    if found is None and article.kind == "text":  # our own export as text names no slug but that of its file
        found = articles.filter(slug=_slug(article)).first()
        return found if found is not None and _is_same(found, article) else None
    return found


def _newest(article):
    return article.revision_set.order_by("-number").first()


def _is_same(found, article):
    """Whether the article already holds what an export says, in its newest revision or the published one."""
    if not (article.is_export or article.kind == "text"):
        return False
    for revision in filter(None, (found.published_revision, _newest(found))):
        value = export_value(revision)
        if article.kind == "text":
            value = replace(value, notice="", sources=())
        if value.digest() == article.digest():
            return True
    return False


def _create(article, content, *, by, digest):
    """A new article under a free slug, and what is to be said of the slug."""
    stem = content.slug
    try:
        with transaction.atomic():
            draft = workflow.create_article(content, by=by, received_as=_identity(article), received_digest=digest)
        return draft, []
    except workflow.InvalidTransition:
        if not slug_taken(stem):
            raise
    longer = f"{stem}-{show_handle(article.show_handle).lower()}".strip("-")[: SLUG_LIMIT - 5]
    free, number = longer, 2
    while slug_taken(free):
        free = f"{longer}-{number}"
        number += 1
    content = replace(content, slug=free)
    draft = workflow.create_article(content, by=by, received_as=_identity(article), received_digest=digest)
    reason = f"The slug “{stem}” belongs to another article: this one got “{free}”."
    return draft, [ReceivedProblem(1, 1, stem, reason, "slug")]


def _content(article, slug, sources, *, base):
    """The received article as an editor would have written it; sections keep the keys of those in `base`."""
    keys = _keys([section.heading for section in article.sections], base)
    notice = article.notice if article.notice in Revision.Notice.values else Revision.Notice.NONE
    return Content(
        title=article.title,
        slug=slug,
        lead=article.lead,
        notice=notice if article.is_export or base is None else base.notice,
        edit_summary=f"As received in {PurePath(article.name).name}." if base is None else "A newer text was received.",
        sources=sources,
        sections=tuple(
            SectionContent(section.heading, section.body, section.level, key)
            for section, key in zip(article.sections, keys, strict=True)
        ),
    )


def _keys(headings, base):
    """For each heading the key of the section of `base` it goes on from: by its words, else by its place."""
    before = list(base.section_set.order_by("position")) if base is not None else []
    by_heading = defaultdict(deque)
    for section in before:
        by_heading[section.heading.casefold()].append(section.key)
    keys = [
        by_heading[heading.casefold()].popleft() if by_heading[heading.casefold()] else None for heading in headings
    ]
    taken = set(keys)
    for position, section in enumerate(before[: len(keys)]):
        if keys[position] is None and section.key not in taken:
            keys[position] = section.key
    return keys


def _changed(found, article, sources, *, by, digest):
    """A draft with the newer text: over the importer's own untouched draft, else a new one."""
    newest = _newest(found)
    is_ours = newest.is_draft and newest.author_id == by.pk and newest.received_digest
    base = newest if is_ours else found.published_revision or newest
    slug = base.slug if not article.is_export or slug_taken(_slug(article), article=found) else _slug(article)
    content = _content(article, slug, sources, base=base)
    if not sources and not article.sources:
        content = replace(content, sources=content_of(base).sources)
    if is_ours:
        return workflow.save_draft(newest, content, by=by, version=newest.version, received_digest=digest)
    return workflow.start_draft(found, content, by=by, base=base, received_digest=digest)


def _text_problems(draft, article):
    """The marks of the draft that cite nothing, with their places in the file; each once."""
    if not draft.problem_count:
        return []
    said = {(problem.line, problem.column) for problem in article.problems}
    sections = list(draft.section_set.order_by("position"))
    parts = derivation.read(draft.lead, sections, derivation.sources_of(draft), known_slugs=set())
    problems = []
    for part, received in zip(parts, (None, *article.sections), strict=True):
        texts = [(part.body, article.lead_places, article.lead)]
        if received is not None:
            heading = (part.heading, (received.heading_place,), received.heading)
            texts = [heading, (part.body, received.places, received.body)]
        for rendered, places, text in texts:
            for problem in rendered.problems:
                line, column = place_of(places, text, problem.offset)
                if (line, column) not in said:
                    problems.append(ReceivedProblem(line, column, problem.text, problem.message, problem.code))
    return problems


def _publish_again(found, digest, by):
    """Publish a draft that an earlier delivery left, if nobody has changed it since."""
    newest = _newest(found)
    if newest.is_draft and newest.author_id == by.pk and newest.received_digest == digest:
        published = _published(Imported(Outcome.UNCHANGED, newest), by)
        return replace(published, outcome=Outcome.CHANGED) if published.is_published else published
    return Imported(Outcome.UNCHANGED, newest)


def _published(imported, by):
    """Publish as received, unless editors have gone on with the published text or something is missing."""
    draft = imported.revision
    published = draft.follows
    if published is not None and not (published.received_digest and published.status == Revision.Status.RECEIVED):
        reason = "The published text was edited here since: the received one was left as a draft beside it."
        return _left(imported, reason)
    try:
        slugs = workflow.publish_received(draft, by=by)
    except (workflow.NotReady, workflow.InvalidTransition) as error:
        return _left(imported, f"It was left as a draft: {error}")
    return replace(imported, is_published=True, moved_slugs=tuple(dict.fromkeys(slugs)))


def _left(imported, reason):
    problem = ReceivedProblem(1, 1, imported.revision.title, reason, "not-published")
    return replace(imported, problems=(*imported.problems, problem))
