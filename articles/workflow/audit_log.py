"""The record of an article: what a digest is taken over, and whether everything is still as it was recorded."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from articles.models import LogEntry, Revision

from .content import content_of


def canonical_json(value: Mapping[str, object]) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no white space: the same value gives the same bytes (RFC 8785's aim).

    Raises TypeError for what JSON does not know, and ValueError for numbers that are none.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def digest(value: Mapping[str, object], predecessor: str = "") -> str:
    """SHA-256 (64 hexadecimal digits) over the predecessor's digest, a line feed and the canonical JSON of `value`."""
    return hashlib.sha256(predecessor.encode("ascii") + b"\n" + canonical_json(value)).hexdigest()


TOMBSTONE = "Erased"
_REDACTION = re.compile(r"log entry ([1-9][0-9]*)\Z")


@dataclass(frozen=True)
class Break:
    """The first place at which the record of an article does not hold."""

    article: str
    place: str
    reason: str

    def __str__(self):
        return f"{self.article}: {self.place}: {self.reason}"


def content_value(content):
    """A content as plain data, for its digest; what came later stands in it where it is set, so that old digests hold."""
    value = {
        "title": content.title,
        "slug": content.slug,
        "lead": content.lead,
        "notice": str(content.notice),
        "edit_summary": content.edit_summary,
        "sources": [[source.key, source.episode.pk] for source in content.sources],
        "sections": [[str(s.key), s.level, s.heading, s.body] for s in content.sections],
    }
    return value | {"language": content.language} if content.language else value


def revision_digest(revision):
    """The digest of the revision's content as its rows stand now, chained to its base's."""
    value = {"article": revision.article_id, "number": revision.number, "content": content_value(content_of(revision))}
    return digest(value, revision.base.digest if revision.base_id else "")


def entry_digest(entry, predecessor):
    """The digest of a log entry as its row stands now. Names are left out: a name may be suppressed."""
    value = {
        "article": entry.article_id,
        "number": entry.number,
        "action": entry.action,
        "revision": entry.revision.number if entry.revision_id else None,
        "content": entry.revision.digest if entry.revision_id and entry.action == LogEntry.Action.SUBMITTED else "",
        "account": entry.account,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "note": entry.note,
    }
    return digest(value, predecessor)


def redaction_of(entry):
    """The note of the entry that says that the note of `entry`, of the same log, was redacted."""
    return f"log entry {entry.number}"


def _redacted(entries):
    """The numbers of the entries whose notes later ones say were redacted: their words are gone by right."""
    notes = [_REDACTION.match(entry.note) for entry in entries if entry.action == LogEntry.Action.REDACTED]
    return {int(match[1]) for match in notes if match}


def verify(article):
    """The first `Break` in the record of `article`, or None."""
    article.refresh_from_db(fields=["log_length", "log_digest"])
    for revision in article.revision_set.exclude(digest="").select_related("base").order_by("number"):
        if revision.erased_at is None and revision_digest(revision) != revision.digest:
            return Break(article.slug, f"revision {revision.number}", "the content is not what was submitted")
    undigested = article.revision_set.filter(digest="", submitted_at__isnull=False).order_by("number").first()
    if undigested is not None:
        return Break(article.slug, f"revision {undigested.number}", "it was submitted and carries no digest")
    predecessor, number = "", 0
    entries = list(LogEntry.objects.filter(article=article).select_related("revision").order_by("number"))
    redacted = _redacted(entries)
    for entry in entries:
        number += 1
        if entry.number != number:
            return Break(article.slug, f"log entry {number}", f"it is missing: entry {entry.number} stands there")
        is_redacted = entry.number in redacted and entry.note == TOMBSTONE
        if not is_redacted and entry_digest(entry, predecessor) != entry.digest:
            return Break(article.slug, f"log entry {number}", "it is not what was recorded")
        predecessor = entry.digest
    if (number, predecessor) != (article.log_length, article.log_digest):
        return Break(article.slug, f"log entry {number + 1}", f"{article.log_length} entries were recorded")
    return None


def publications(article):
    """What was public from when to when, newest first: (revision, from, until or None, entry)."""
    moves = (LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED, LogEntry.Action.UNPUBLISHED)
    entries = LogEntry.objects.filter(article=article, action__in=moves).select_related("revision")
    periods, until = [], None
    for entry in entries.order_by("-number"):
        if entry.action != LogEntry.Action.UNPUBLISHED:
            periods.append((entry.revision, entry.at, until, entry))
        until = entry.at
    return periods


def was_published(revision: Revision) -> bool:
    """Whether the public ever saw this revision."""
    return LogEntry.objects.filter(
        revision=revision, action__in=[LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED]
    ).exists()
