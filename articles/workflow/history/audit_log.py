"""An article's audit log: what its digests cover, and the check that nothing has changed since it was recorded."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from django.db.models import Case, Exists, F, OuterRef, Subquery, When

from articles.core.parsing.numbers import counted
from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import TOMBSTONE, Contributor, LogEntry, Revision
from articles.workflow.content import content_of

from . import names
from .consistency import contradiction


def digest(value: Mapping[str, object], predecessor: str = "") -> str:
    """Return the SHA-256 (64 hex digits) of the predecessor's digest, a line feed and the canonical JSON of `value`.

    Canonical JSON is UTF-8 with sorted keys and no whitespace: equal values give equal bytes (as in RFC 8785).
    """
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{predecessor}\n{canonical}".encode("utf-8", "surrogatepass")).hexdigest()


# From these actions on, the content of the revision never changes; their entries cover its digest.
FREEZING = {LogEntry.Action.SUBMITTED, LogEntry.Action.PUBLISHED_AS_RECEIVED, LogEntry.Action.DISCARDED}
_REDACTION = re.compile(r"log entry ([1-9][0-9]*)\Z")


@dataclass(frozen=True)
class Break:
    """The first place where an article's record doesn't match its digests."""

    article: str
    place: str
    reason: str

    def __str__(self):
        return f"{self.article}: {self.place}: {self.reason}"


def content_value(content):
    """Return a `Content` as plain data for its digest.

    Fields added later are included only when set, so that older digests stay valid.
    """
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


def revision_digest(revision, base=None, *, content=None):
    """Compute the digest of the revision's content, chained to that of its base (None: as it is).

    `content` is what its current rows say, if they have just been read.
    """
    content = content_value(content or content_of(revision))
    value = {"article": revision.article_id, "number": revision.number, "content": content}
    if base is None:
        base = revision.base.digest if revision.base_id else ""
    return digest(value, base)


def entry_digest(entry, predecessor, contributors=()):
    """Compute the digest of a log entry from its current row.

    `contributors` are those of its revision; entries that freeze a revision cover them. Names are covered by their
    seals, because they may be withheld later. Entries of earlier versions have no seal and cover neither.
    """
    value = {
        "article": entry.article_id,
        "number": entry.number,
        "action": entry.action,
        "revision": entry.revision.number if entry.revision_id else None,
        "content": entry.revision.digest if entry.revision_id and entry.action in FREEZING else "",
        "account": entry.account,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "note": entry.note,
    }
    if entry.recordings is not None:  # entries written before recordings were covered have none
        value["recordings"] = entry.recordings
    if entry.requirement is not None:
        value["requirement"] = entry.requirement
    if entry.name_seal:
        value["name"] = names.sealed(entry.by_name, entry.name_seal)
    if entry.name_seal and entry.action in FREEZING:
        writers = [[writer.account or 0, names.sealed(writer.user_name, writer.name_seal)] for writer in contributors]
        value["contributors"] = sorted(writers)
    return digest(value, predecessor)


def redaction_of(entry):
    """Return the note of the log entry which records that the note of `entry`, in the same log, was redacted."""
    return f"log entry {entry.number}"


def _redacted_numbers(entries):
    """Return the numbers of the entries whose notes were legitimately redacted, according to later entries."""
    notes = [_REDACTION.match(entry.note) for entry in entries if entry.action == LogEntry.Action.REDACTED]
    return {int(match[1]) for match in notes if match}


def verify(article):
    """Return the first `Break` in the record of `article`, or None if it is intact."""
    article.refresh_from_db(fields=["slug", "published_revision", "log_length", "log_digest"])
    revisions = list(article.revision_set.select_related("base").order_by("number"))
    for revision in revisions:
        if revision.digest and revision.erased_at is None and not _is_intact(revision):
            return Break(article.slug, f"revision {revision.number}", "the content differs from what was submitted")
        if not revision.digest and revision.submitted_at is not None:
            return Break(article.slug, f"revision {revision.number}", "it was submitted but has no digest")
        if not revision.digest and revision.status == Revision.Status.DISCARDED:
            return Break(article.slug, f"revision {revision.number}", "it was discarded but has no digest")
    predecessor, number = "", 0
    entries = list(LogEntry.objects.filter(article=article).select_related("revision").order_by("number"))
    redacted = _redacted_numbers(entries)
    contributors = defaultdict(list)
    for contributor in Contributor.objects.filter(revision__article=article):
        contributors[contributor.revision_id].append(contributor)
    for entry in entries:
        number += 1
        if entry.revision_id and entry.revision is None:
            return Break(article.slug, f"log entry {number}", "its revision is missing")
        if entry.number != number:
            return Break(article.slug, f"log entry {number}", f"it is missing; entry {entry.number} is in its place")
        is_redacted = entry.number in redacted and entry.note == TOMBSTONE
        writers = contributors[entry.revision_id]
        if not is_redacted and entry_digest(entry, predecessor, writers) != entry.digest:
            what = ", or the contributors of its revision do" if entry.action in FREEZING else ""
            return Break(article.slug, f"log entry {number}", f"it differs from what was recorded{what}")
        if not names.is_as_sealed(entry.by_name, entry.name_seal):
            return Break(article.slug, f"log entry {number}", "it has a name again, although its name was withheld")
        predecessor = entry.digest
    if (number, predecessor) != (article.log_length, article.log_digest):
        return Break(
            article.slug, f"log entry {number + 1}", f"{counted(article.log_length, 'entry', 'entries')} recorded"
        )
    found = contradiction(article, revisions, entries)
    return found and Break(article.slug, *found)


def _is_intact(revision):
    """Whether the content is what its digest covers; its base may have been a draft then, which has no digest."""
    return revision.digest in {revision_digest(revision), revision_digest(revision, "")}


def publications(article):
    """Return the article's periods in public, newest first, as tuples (revision, since, until or None, log entry)."""
    moves = [*PUBLICATIONS, LogEntry.Action.UNPUBLISHED]
    entries = LogEntry.objects.filter(article=article, action__in=moves).select_related("revision")
    periods, until = [], None
    for entry in entries.order_by("-number"):
        if entry.action != LogEntry.Action.UNPUBLISHED:
            periods.append((entry.revision, entry.at, until, entry))
        until = entry.at
    return periods


def taking_down(article):
    """Return the log entry of when an article was unpublished that isn't public now, else None; at most one query."""
    if not article.is_taken_down:
        return None
    return LogEntry.objects.filter(article=article, action=LogEntry.Action.UNPUBLISHED).order_by("number").last()


def last_publications(articles):
    """Return {key: number of the log entry} of the last publication of each of `articles`; one query."""
    entries = LogEntry.objects.filter(article__in=articles, action__in=PUBLICATIONS).order_by("article", "number")
    return dict(entries.values_list("article", "number"))


def was_published(revision: Revision) -> bool:
    """Return whether this revision was ever public."""
    return LogEntry.objects.filter(revision=revision, action__in=PUBLICATIONS).exists()


def was_ever_public() -> Exists:
    """Return the condition that a revision was ever public. It stays approved when another one replaces it."""
    return Exists(LogEntry.objects.filter(revision=OuterRef("pk"), action__in=PUBLICATIONS))


def replacements():
    """Return the log entries of publications that replaced an earlier text of an article that is public, newest first.

    `replaced_number` is the number of the revision that was public before, None if that was erased.
    """
    publications = LogEntry.objects.filter(action__in=PUBLICATIONS)
    earlier = publications.filter(article=OuterRef("article"), number__lt=OuterRef("number"))
    # Both times are equal until a second text is published, which leaves few articles to search.
    changed = publications.filter(
        article__published_revision__isnull=False, article__published_at__gt=F("article__first_published_at")
    )
    before = earlier.order_by("-number").values(
        number_if_kept=Case(When(revision__erased_at=None, then="revision__number"))
    )
    entries = changed.filter(Exists(earlier)).annotate(replaced_number=Subquery(before[:1]))
    return entries.select_related("article__published_revision", "revision").order_by("-pk")
