"""What a revision changes: revisions compared, merged and accepted in part."""

import uuid
from dataclasses import replace

from django.utils.translation import gettext

from articles.core.language.messages import noop
from articles.core.revisions import diff, merge
from articles.models import Episode

from .values import SectionContent, SourceContent, content_of

NEW_ARTICLE = noop("new article")
NOTHING = 100  # the rank of a revision that changes nothing


def text_of(content):
    """Return a `Content`, all of whose sections have keys, as a `diff.Text`."""
    return diff.Text(
        title=content.title,
        slug=content.slug,
        lead=content.lead,
        notice=str(content.notice),
        language=content.language,
        sources=tuple(diff.Source(source.key, source.episode.reference) for source in content.sources),
        sections=tuple(
            diff.Section(str(section.key), section.level, section.heading, section.body) for section in content.sections
        ),
    )


def content_from(text, content):
    """Return a `diff.Text` as a `Content`, taking the fields that a text lacks from `content`.

    Raises LookupError for a source whose episode no longer exists.
    """
    episodes = {source.episode.reference: source.episode for source in content.sources}
    return replace(
        content,
        title=text.title,
        slug=text.slug,
        lead=text.lead,
        notice=text.notice,
        language=text.language,
        sources=tuple(
            SourceContent(episodes.get(source.reference) or _episode(source.reference), source.key)
            for source in text.sources
        ),
        sections=tuple(
            SectionContent(section.heading, section.body, section.level, uuid.UUID(section.key))
            for section in text.sections
        ),
    )


def compare(old, new):
    """Compare two revisions; `old` is None for a new article."""
    before = text_of(content_of(old)) if old is not None else diff.Text()
    return diff.compare(before, text_of(content_of(new)))


def weigh(revision):
    """Return the kinds of change that the revision makes to its target, riskiest first, and the rank of the riskiest.

    A new article ranks before every change (0), a revision without changes after them (`NOTHING`).
    """
    if revision.target_id is None:
        return [NEW_ARTICLE], 0
    changes = compare(revision.target, revision).changes
    kinds = sorted({kind for change in changes for kind in change.kinds}, key=lambda kind: kind.rank)
    return [kind.value for kind in kinds], kinds[0].rank if kinds else NOTHING


def merged(base, ours, theirs, choices):
    """Merge the revisions `ours` and `theirs`, both started from `base`, which may be None.

    Returns (content, merge); the content is None while a conflict has no choice. `choices` maps conflict ids to "ours",
    "theirs" or a `merge.Written`. Raises ValueError for choices that don't fit this merge.
    """
    mine = content_of(ours)
    before = text_of(content_of(base)) if base is not None else diff.Text()
    result = merge.merge(before, text_of(mine), text_of(content_of(theirs)))
    if result.text is not None:
        return content_from(result.text, mine), result
    if {conflict.id for conflict in result.conflicts} - set(choices):
        return None, result
    return content_from(merge.resolve(result, choices), mine), result


def accepted_part(revision, change_ids):
    """Return the content of the revision's target with only the changes in `change_ids` applied.

    Raises ValueError for an unknown change, and for one accepted without the new source that it cites.
    """
    content = content_of(revision)
    comparison = diff.compare(text_of(content_of(revision.target)), text_of(content))
    accepted = diff.apply(comparison, change_ids)
    if lacking := lacking_sources(comparison.changes, change_ids):
        raise ValueError(
            gettext(
                "The accepted changes cite the new source %(sources)s. Accept the source too, or leave out the "
                "changes that cite it."
            )
            % {"sources": ", ".join(lacking)}
        )
    return content_from(accepted, content)


def lacking_sources(changes, change_ids):
    """Return the keys of new sources that the changes in `change_ids` cite but don't include."""
    new_sources = {change.id: change.source_key for change in changes if change.scope == "source"}
    needed = {need for change in changes if change.id in change_ids for need in change.needs}
    return sorted(new_sources[need] for need in needed - set(change_ids))


def _episode(reference):
    handle, _, slug = reference.partition("/")
    return Episode.objects.select_related("show").get(show__handle=handle, slug=slug)
