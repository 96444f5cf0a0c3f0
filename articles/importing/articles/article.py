"""Imports one received article, as a draft or published. Importing it again changes nothing."""

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext

from articles import workflow
from articles.core.formats import FileProblem, FormatError
from articles.core.language.identify import language_of
from articles.core.language.messages import lazy_message
from articles.importing import images
from articles.importing.outcomes import Outcome
from articles.importing.recordings.episodes_file import show_handle
from articles.models import Revision
from articles.workflow import name_of
from articles.workflow.content import MAX_SECTIONS, Content, SectionContent, content_of, free_slug, slug_taken

from .matching import (
    SLUG_LIMIT,
    discarded_text,
    find,
    lacks_recording,
    newest,
    own_draft,
    received_as,
    requested_slug,
    revision_holding,
)
from .problems import discarded_problems, notice_problems, text_problems
from .sources import sources_of
from .topics import topic_problems

_LANGUAGE_WORDS = 40  # enough to identify a language


@dataclass(frozen=True)
class Imported:
    """The result of importing an article: its revision, the problems found, and what was done."""

    outcome: Outcome
    revision: Revision
    problems: tuple[FileProblem, ...] = ()
    is_published: bool = False
    moved_slugs: tuple[str, ...] = ()


def with_uploads(article, intake):
    """Return a received article with uploads for its images from elsewhere.

    Outside of a transaction: it asks other sites.

    Of a text that was imported before, nothing is fetched again.
    """
    if not any("![" in text or "base64," in text for text in article.texts()):
        return article
    existing = find(article)
    is_known = existing is not None and existing.received_digest == article.digest()
    return images.article_with_own_images(article, intake.without_fetching() if is_known else intake)


@transaction.atomic(savepoint=False)
def import_article(article, *, by, known, publish=False, digest=""):
    """Save a received article as a draft by `by`, and with `publish` publish it without review.

    `digest` is that of the article before `with_uploads` changed its texts.

    A text that was imported before changes nothing, unless it had no recording and one is known now; that its draft was
    discarded since is one of the problems. Raises `WorkflowError` if the workflow forbids it, `FormatError` if the article
    has too many sections.
    """
    imported = _import(article, by=by, known=known, publish=publish, digest=digest or article.digest())
    others = [*notice_problems(article), *topic_problems(article, imported.revision.article)]
    return replace(imported, problems=(*imported.problems, *others))


def _import(article, *, by, known, publish, digest):
    if len(article.sections) > MAX_SECTIONS:
        values = {"count": len(article.sections), "most": MAX_SECTIONS}
        raise FormatError(lazy_message("the text has %(count)s sections, more than %(most)s. Split it.", **values))
    existing = find(article)
    holding = revision_holding(existing, article, digest) if existing is not None else None
    if existing is not None and (holding is not None or existing.received_digest == digest):
        sources, problems = (), []
        if not article.sources and lacks_recording(existing, holding, by):
            sources, problems = sources_of(article, known, by)
        if not sources:
            if holding is not None:
                problems += text_problems(holding, article)
            discarded = discarded_text(existing, holding)
            problems += discarded_problems(discarded)
            unchanged = Imported(Outcome.UNCHANGED, discarded or newest(existing), (*article.problems, *problems))
            return _publish_earlier_draft(unchanged, existing, digest, by) if publish else unchanged
    else:
        sources, problems = sources_of(article, known, by)
    if existing is None:
        content = _content(article, requested_slug(article), sources, base=None)
        draft, slug_problems = _create(article, content, by=by, digest=digest)
        outcome = Outcome.CREATED
        problems += slug_problems
    else:
        draft = _update(existing, article, sources, by=by, digest=digest)
        outcome = Outcome.CHANGED
    problems += text_problems(draft, article)
    imported = Imported(outcome, draft, (*article.problems, *problems))
    return _publish(imported, by) if publish else imported


def _create(article, content, *, by, digest):
    """Create the article under a free slug. Returns its draft and a problem if the slug was taken."""
    stem = content.slug
    try:
        draft = workflow.create_article(content, by=by, received_as=received_as(article), received_digest=digest)
        return draft, []
    except workflow.InvalidTransition:
        if not slug_taken(stem):
            raise
    longer = f"{stem}-{show_handle(article.show_handle).lower()}".strip("-")[: SLUG_LIMIT - 5]
    free = free_slug(longer)
    content = replace(content, slug=free)
    draft = workflow.create_article(content, by=by, received_as=received_as(article), received_digest=digest)
    reason = lazy_message("Another article uses the slug “%(slug)s”; this one got “%(free)s”.", slug=stem, free=free)
    return draft, [FileProblem(1, 1, stem, reason, "slug")]


def _content(article, slug, sources, *, base):
    """Return the article as content for a draft; sections keep the keys of matching sections in `base`."""
    keys = _section_keys([section.heading for section in article.sections], base)
    notice = article.notice if article.notice in Revision.Notice.values else Revision.Notice.NONE
    return Content(
        title=article.title,
        slug=slug,
        lead=article.lead,
        notice=notice if article.is_export or base is None else base.notice,
        language=_language(article, base),
        edit_summary=f"Imported from {PurePath(article.name).name}." if base is None else "Imported a newer text.",
        sources=sources,
        sections=tuple(
            SectionContent(section.heading, section.body, section.level, key)
            for section, key in zip(article.sections, keys, strict=True)
        ),
    )


def _language(article, base):
    """Return the language of an export as it says, else that of the earlier text, or what the text looks like."""
    if article.is_export:
        return article.language
    text = "\n".join(article.texts())
    known = article.language or (base.language if base is not None else "")
    return known or (language_of(text) if len(text.split()) >= _LANGUAGE_WORDS else "")


def _section_keys(headings, base):
    """Return for each heading the key of the matching section in `base`, by heading, else by position; else None."""
    base_sections = list(base.section_set.order_by("position")) if base is not None else []
    by_heading = defaultdict(deque)
    for section in base_sections:
        by_heading[section.heading.casefold()].append(section.key)
    keys = [
        by_heading[heading.casefold()].popleft() if by_heading[heading.casefold()] else None for heading in headings
    ]
    taken = set(keys)
    for position, section in enumerate(base_sections[: len(keys)]):
        if keys[position] is None and section.key not in taken:
            keys[position] = section.key
    return keys


def _update(existing, article, sources, *, by, digest):
    """Save the newer text over the importer's own untouched draft, or else as a new draft, and return it."""
    own = own_draft(existing, by)
    if own is not None and not own.received_digest:
        message = gettext("%(name)s has an open draft of this article. Submit or discard it.")
        raise workflow.InvalidTransition(message % {"name": name_of(by)})
    base = own or existing.published_revision or newest(existing)
    slug = requested_slug(article)
    if not article.is_export or slug_taken(slug, article=existing):
        slug = base.slug
    content = _content(article, slug, sources, base=base)
    if not sources and not article.sources:
        content = replace(content, sources=content_of(base).sources)
    if existing.received_digest == digest:
        content = replace(content, edit_summary="Added the recording.")
    if own is not None:
        return workflow.save_draft(own, content, by=by, version=own.version, received_digest=digest)
    return workflow.start_draft(existing, content, by=by, base=base, received_digest=digest)


def _publish_earlier_draft(unchanged, existing, digest, by):
    """Publish a draft from an earlier import if nobody has changed it since."""
    own = own_draft(existing, by)
    if own is None or own.received_digest != digest:
        return unchanged
    published = _publish(replace(unchanged, revision=own), by)
    return replace(published, outcome=Outcome.CHANGED) if published.is_published else published


def _publish(imported, by):
    """Publish the imported text, unless editors have changed the published one or something is missing."""
    draft = imported.revision
    published = draft.target
    if published is not None and not (published.received_digest and published.status == Revision.Status.RECEIVED):
        reason = "The published text has been edited here since; the imported text was kept as a draft."
        return _left_as_draft(imported, reason)
    try:
        slugs = workflow.publish_received(draft, by=by)
    except (workflow.NotReady, workflow.InvalidTransition) as error:
        return _left_as_draft(imported, f"The text was kept as a draft: {error}")
    return replace(imported, is_published=True, moved_slugs=tuple(dict.fromkeys(slugs)))


def _left_as_draft(imported, reason):
    problem = FileProblem(1, 1, imported.revision.title, reason, "not-published")
    return replace(imported, problems=(*imported.problems, problem))
