"""Versions of drafts: every save by hand is kept, autosaves are thinned out, and both go with an erased text."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext

from articles.models import DraftVersion, Episode, LogEntry, Revision
from articles.workflow.content import Content, SectionContent, SourceContent, content_of
from articles.workflow.history import audit_log
from articles.workflow.transitions import NotAllowed, lock_article, record, transition

AUTOSAVE_EVERY = timedelta(minutes=10)  # of the autosaves in each such period, the last one is kept
AUTOSAVES_MAX = 24  # per draft: four hours of writing
_UPLOAD = re.compile(r"uploads/[\w./-]+")
MANUAL_MAX = 500  # per draft, so that a script that saves in a loop can't fill the disk


def with_keys(content):
    """Return `content` with a key for every section, so that its versions can be compared section by section."""
    return replace(
        content,
        sections=tuple(section if section.key else replace(section, key=uuid.uuid4()) for section in content.sections),
    )


def keep_stored(revision, number):
    """Keep what is stored of the draft as version `number` if it has no version yet: it was imported, merged or older."""
    if number and not revision.draftversion_set.exists():
        stored = Revision.objects.get(pk=revision.pk)
        _insert(stored, content_of(stored), number, is_autosave=False)


def keep(revision, content, *, is_autosave):
    """Keep `content`, which was just saved in the draft, as a version. Saving the same again adds nothing."""
    last = revision.draftversion_set.defer("content").first()
    if last is not None and last.digest == _digest(content):
        if last.is_autosave and not is_autosave:
            revision.draftversion_set.filter(pk=last.pk).update(is_autosave=False)
        return
    if is_autosave and last is not None and last.is_autosave and _period(last) == _period(revision):
        last.delete()
    _insert(revision, content, revision.version, is_autosave=is_autosave)
    for kind, most in ((True, AUTOSAVES_MAX), (False, MANUAL_MAX)):
        of_kind = revision.draftversion_set.filter(is_autosave=kind)
        oldest_kept = of_kind.values_list("number", flat=True)[most - 1 : most].first()
        if oldest_kept is not None:
            of_kind.filter(number__lt=oldest_kept).delete()


def drop_autosaves(revision):
    """Delete the autosaves of a draft that was submitted; what was saved by hand stays."""
    revision.draftversion_set.filter(is_autosave=True).delete()


def may_see(user, revision):
    """Whether `user` may see the versions of `revision`: its author and moderators."""
    is_author = revision.author_id == user.pk and user.has_perm("articles.change_revision")
    return is_author or user.has_perm("articles.review_revision")


def visible_to(user, article):
    """The versions in `article` that `user` may see, as `may_see` says of each revision."""
    kept = DraftVersion.objects.filter(revision__article=article)
    if user.has_perm("articles.review_revision"):
        return kept
    return kept.filter(revision__author=user) if user.has_perm("articles.change_revision") else kept.none()


def content_of_version(version):
    """Return (content of a `DraftVersion`, keys of its sources whose episode no longer exists), without those sources."""
    value = version.content
    episodes = Episode.objects.select_related("show").in_bulk([pk for _, pk in value["sources"]])
    content = Content(
        **{name: value[name] for name in ("title", "slug", "lead", "notice", "edit_summary")},
        language=value.get("language", ""),
        sources=tuple(SourceContent(episodes[pk], key) for key, pk in value["sources"] if pk in episodes),
        sections=tuple(
            SectionContent(heading, body, level, uuid.UUID(key)) for key, level, heading, body in value["sections"]
        ),
    )
    return content, [key for key, pk in value["sources"] if pk not in episodes]


@transition
def discard_versions(revision, *, by):
    """Delete all versions of `revision` but its current text, and return how many.

    Only its author and people with the permission to erase can.
    """
    lock_article(revision.article)
    if revision.author_id != by.pk and not by.has_perm("articles.erase_revision"):
        raise NotAllowed(
            gettext("Only the author, or someone with the permission to erase texts, can delete versions.")
        )
    earlier = revision.draftversion_set.all()
    if revision.is_draft:  # the newest one is its current text
        earlier = earlier.exclude(number=earlier.values_list("number", flat=True).first())
    count, _ = earlier.delete()
    if count:
        record(revision.article, revision, LogEntry.Action.VERSIONS_DISCARDED, by)
    return count


def erase(revision, passages):
    """Delete the versions of an erased revision, and those of the article's other drafts that contain its `passages`.

    Returns the uploads that they showed.
    """
    uploads = set()
    for version in DraftVersion.objects.filter(revision__article=revision.article_id):
        texts = _texts(version.content)
        # Different people give changes the same brief summary.
        same = [text for text in texts if text != version.content["edit_summary"]]
        if (
            version.revision_id == revision.pk
            or passages.are_in(version.content["edit_summary"])
            or any(map(passages.are_said_by, same))
        ):
            uploads |= uploads_in(texts)
            version.delete()
    return uploads


def uploads_in(texts):
    """Return the names of the uploaded files that `texts` show or mention."""
    return {name for text in texts for name in _UPLOAD.findall(text) if ".." not in name}


def _texts(value):
    own = [value[name] for name in ("title", "lead", "edit_summary")]
    return own + [text for _, _, heading, body in value["sections"] for text in (heading, body)]


def _digest(content):
    return audit_log.digest(audit_log.content_value(content))


def _insert(revision, content, number, *, is_autosave):
    DraftVersion.objects.create(
        revision=revision,
        number=number,
        is_autosave=is_autosave,
        saved_at=revision.saved_at,
        saved_by=revision.saved_by,
        saved_by_name=revision.saved_by_name,
        digest=_digest(content),
        content=audit_log.content_value(content),
    )


def _period(saved):
    return saved.saved_at.timestamp() // AUTOSAVE_EVERY.total_seconds()
