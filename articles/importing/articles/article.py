"""Imports one received article into rows: as a draft, or as published; once, whatever is delivered again."""

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from pathlib import PurePath

from django.db import transaction

from articles import workflow
from articles.core.formats import FormatError, ReceivedProblem, place_of
from articles.derived import text as derivation
from articles.importing.outcomes import Outcome
from articles.importing.recordings.episodes_file import show_handle
from articles.models import Revision
from articles.workflow import name_of
from articles.workflow.content import MAX_SECTIONS, Content, SectionContent, content_of, slug_taken

from .matching import SLUG_LIMIT, asked_slug, find, holding_of, lacks_recording, newest, own_draft, received_as
from .sources import sources_of
from .topics import topic_problems


@dataclass(frozen=True)
class Imported:
    """One article as imported: the revision that holds it, what looked wrong, and what was done."""

    outcome: Outcome
    revision: Revision
    problems: tuple[ReceivedProblem, ...] = ()
    is_published: bool = False
    moved_slugs: tuple[str, ...] = ()


@transaction.atomic(savepoint=False)
def import_article(article, *, by, known, publish=False):
    """Write a received article into rows, as a draft of `by`, and publish it as received if asked to.

    What was received before changes nothing, unless it had no recording and can be given one now. Raises
    `WorkflowError` if the rules do not permit it, `FormatError` for more sections than an article can have.
    """
    imported = _imported(article, by=by, known=known, publish=publish)
    return replace(imported, problems=(*imported.problems, *topic_problems(article, imported.revision.article)))


def _imported(article, *, by, known, publish):
    if len(article.sections) > MAX_SECTIONS:
        reason = f"the text has {len(article.sections)} sections, more than {MAX_SECTIONS}: split it."
        raise FormatError(reason)
    found = find(article)
    digest = article.digest()
    holding = holding_of(found, article, digest) if found is not None else None
    if found is not None and (holding is not None or found.received_digest == digest):
        sources, problems = (), []
        if not article.sources and lacks_recording(found, holding, by):
            sources, problems = sources_of(article, known, by)
        if not sources:
            if holding is not None:
                problems += _text_problems(holding, article)
            unchanged = Imported(Outcome.UNCHANGED, newest(found), (*article.problems, *problems))
            return _publish_again(unchanged, found, digest, by) if publish else unchanged
    else:
        sources, problems = sources_of(article, known, by)
    if found is None:
        content = _content(article, asked_slug(article), sources, base=None)
        draft, slug_problems = _create(article, content, by=by, digest=digest)
        outcome = Outcome.CREATED
        problems += slug_problems
    else:
        draft = _changed(found, article, sources, by=by, digest=digest)
        outcome = Outcome.CHANGED
    problems += _text_problems(draft, article)
    imported = Imported(outcome, draft, (*article.problems, *problems))
    return _published(imported, by) if publish else imported


def _create(article, content, *, by, digest):
    """A new article under a free slug, and what is to be said of the slug."""
    stem = content.slug
    try:
        with transaction.atomic():
            draft = workflow.create_article(content, by=by, received_as=received_as(article), received_digest=digest)
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
    draft = workflow.create_article(content, by=by, received_as=received_as(article), received_digest=digest)
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
        language=article.language if article.is_export or base is None else base.language,
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
    own = own_draft(found, by)
    if own is not None and not own.received_digest:
        raise workflow.InvalidTransition(f"{name_of(by)} has a draft of this article open: submit or empty it.")
    base = own or found.published_revision or newest(found)
    slug = base.slug if not article.is_export or slug_taken(asked_slug(article), article=found) else asked_slug(article)
    content = _content(article, slug, sources, base=base)
    if not sources and not article.sources:
        content = replace(content, sources=content_of(base).sources)
    if found.received_digest == digest:
        content = replace(content, edit_summary="Its recording is known now.")
    if own is not None:
        return workflow.save_draft(own, content, by=by, version=own.version, received_digest=digest)
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


def _publish_again(unchanged, found, digest, by):
    """Publish a draft that an earlier delivery left, if nobody has changed it since."""
    own = own_draft(found, by)
    if own is None or own.received_digest != digest:
        return unchanged
    published = _published(replace(unchanged, revision=own), by)
    return replace(published, outcome=Outcome.CHANGED) if published.is_published else published


def _published(imported, by):
    """Publish as received, unless editors have gone on with the published text or something is missing."""
    draft = imported.revision
    published = draft.target
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
