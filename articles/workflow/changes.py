"""What a revision changes: revisions as texts to be compared, merged, and taken in part."""

import uuid
from dataclasses import replace

from django.utils.translation import gettext

from articles.core import diff, merge
from articles.core.language.messages import noop
from articles.models import Episode

from .content import SectionContent, SourceContent, content_of

NEW_ARTICLE = noop("new article")
NOTHING = 100  # the rank of no change at all


def text_of(content):
    """A content as a text to compare: its sections must have their keys."""
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
    """`text` as a content, with what a text does not hold taken from `content`.

    Raises LookupError for a source whose episode is gone.
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
    """The comparison of two revisions; `old` may be None, for a new article."""
    before = text_of(content_of(old)) if old is not None else diff.Text()
    return diff.compare(before, text_of(content_of(new)))


def weigh(revision):
    """What kinds of change the revision makes to the text it follows, riskiest first, and the rank of the riskiest.

    A new article ranks before all changes (0), no change after them.
    """
    if revision.target_id is None:
        return [NEW_ARTICLE], 0
    changes = compare(revision.target, revision).changes
    kinds = sorted({kind for change in changes for kind in change.kinds}, key=lambda kind: kind.rank)
    return [kind.value for kind in kinds], kinds[0].rank if kinds else NOTHING


def merged(base, ours, theirs, choices):
    """Merge what `ours` and `theirs` made of `base` (revisions; base may be None).

    (content, merge): the content is None as long as a clash has no choice. `choices` maps the ids of clashes to
    "ours", "theirs" or a `merge.Written`. Raises ValueError for choices that do not belong to it.
    """
    mine = content_of(ours)
    before = text_of(content_of(base)) if base is not None else diff.Text()
    result = merge.merge(before, text_of(mine), text_of(content_of(theirs)))
    if result.text is not None:
        return content_from(result.text, mine), result
    if {clash.id for clash in result.clashes} - set(choices):
        return None, result
    return content_from(merge.resolve(result, choices), mine), result


def accepted_part(revision, change_ids):
    """The text that `revision` follows, with those of its changes.

    Raises ValueError for an unknown change, and for one that is taken without the new source that it cites.
    """
    content = content_of(revision)
    compared = diff.compare(text_of(content_of(revision.target)), text_of(content))
    parts = diff.apply_to(compared, change_ids)
    if lacking := lacking_sources(compared.changes, change_ids):
        raise ValueError(
            gettext(
                "What is accepted cites the new source %(sources)s: accept the source as well, or leave what cites it."
            )
            % {"sources": ", ".join(lacking)}
        )
    return content_from(parts.accepted, content)


def lacking_sources(changes, change_ids):
    """The keys of new sources that the changes with these ids cite and that are not among them."""
    brought = {change.id: change.source_key for change in changes if change.scope == "source"}
    needed = {need for change in changes if change.id in change_ids for need in change.needs}
    return sorted(brought[need] for need in needed - set(change_ids))


def _episode(reference):
    handle, _, slug = reference.partition("/")
    return Episode.objects.select_related("show").get(show__handle=handle, slug=slug)
