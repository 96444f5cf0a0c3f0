"""The site's chain: one sequence over the log entries of all articles, so that a missing article is noticed.

The database adds a link with every log entry, in the same transaction. Links get their number and digest after the
commit, in a transaction of their own: so no transition holds a lock on the chain, and none can wait for another.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef

from articles.derived import bulk
from articles.models import Article, ChainLink, LogEntry

from .audit_log import Break, digest

BATCH = 500
SITE, WHOLE = "site chain", "the whole article"

_is_postponed = ContextVar("_is_postponed", default=False)


@dataclass(frozen=True)
class Head:
    """A place in the chain: everything up to `number` is fixed by `digest`. As text, `<number>:<digest>`."""

    number: int
    digest: str
    at: datetime

    def __str__(self):
        return f"{self.number}:{self.digest}"


def seal_after_commit():
    """Seal when the transaction commits, or at the end of `sealed_at_end`."""
    if not _is_postponed.get():
        transaction.on_commit(seal, robust=True)


@contextmanager
def sealed_at_end():
    """Seal once at the end, instead of after each of many transactions."""
    token = _is_postponed.set(True)
    try:
        yield
    finally:
        _is_postponed.reset(token)
        seal()


def seal():
    """Number and chain the links that were added since, in the order they were added; return how many.

    Safe to call at any time and from several processes: they take turns.
    """
    count = 0
    while ChainLink.objects.unsealed().exists():
        count += _seal_batch()
    return count


@transaction.atomic
def _seal_batch():
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="chainlink")
    last = ChainLink.objects.sealed().last()
    sealed, predecessor = (last.number, last.digest) if last else (0, "")
    rows = []
    for number, link in enumerate(ChainLink.objects.unsealed()[:BATCH], sealed + 1):
        predecessor = link_digest(number, link, predecessor)
        rows.append((number, predecessor, link.pk))
    bulk.update(ChainLink, ["number", "digest"], rows)
    return len(rows)


def link_digest(number, link, predecessor):
    """Compute the digest of a link at `number`."""
    value = {"number": number, "article": link.article_key, "entry": link.entry_number, "digest": link.entry_digest}
    return digest(value, predecessor)


def head():
    """Return the chain's `Head`, which covers everything that was logged before, or None if nothing was."""
    seal()
    return _head(ChainLink.objects.sealed().last())


def head_of(article):
    """Return the `Head` at the last log entry of `article`: it stays the same until something happens to the article."""
    links = ChainLink.objects.filter(article_key=article.pk).order_by("-entry_number")
    last = links.first()
    if last is not None and last.number is None:
        seal()
        last = links.first()
    return _head(last)


def is_head(noted):
    """Return whether `noted` has the form of a `Head` as text."""
    return re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", noted) is not None


def has(noted):
    """Return whether the chain still contains `noted`, the text of a `Head` that someone noted earlier."""
    number, _, noted_digest = noted.partition(":")
    return ChainLink.objects.filter(number=number, digest=noted_digest).exists()


def verify(broken=()):
    """Yield a `Break` for everything that is missing on the site or from the chain, or differs between them.

    Articles whose slug is in `broken` are left out, because their own log has shown it.
    """
    seal()
    yield from _breaks_in_chain()
    same = LogEntry.objects.filter(article=OuterRef("article_key"), number=OuterRef("entry_number"))
    lost = ChainLink.objects.filter(~Exists(same.filter(digest=OuterRef("entry_digest")))).order_by("article_key")
    lost = lost.values("article_key").annotate(count=Count("pk"), first=Min("entry_number"), last=Max("at"))
    slugs = dict(Article.objects.filter(pk__in=[row["article_key"] for row in lost]).values_list("pk", "slug"))
    for row in lost:
        slug = slugs.get(row["article_key"])
        if slug is None:
            reason = f"it is missing, with {row['count']} log entries up to {row['last']:%Y-%m-%d}"
            yield Break(f"article {row['article_key']}", WHOLE, reason)
        elif slug not in broken:
            yield Break(slug, f"log entry {row['first']}", "it differs from what the site’s chain recorded")
    link = ChainLink.objects.filter(article_key=OuterRef("article"), entry_number=OuterRef("number"))
    for entry in LogEntry.objects.filter(~Exists(link)).select_related("article").order_by("pk"):
        if entry.article.slug not in broken:
            yield Break(entry.article.slug, f"log entry {entry.number}", "it isn’t in the site’s chain")


def _breaks_in_chain():
    """Yield the first `Break` of the chain itself, if there is one."""
    predecessor = ""
    for expected, link in enumerate(ChainLink.objects.sealed().iterator(), 1):
        if link.number != expected:
            yield Break(SITE, f"link {expected}", f"it is missing; link {link.number} is in its place")
            return
        if link.digest != link_digest(expected, link, predecessor):
            yield Break(SITE, f"link {expected}", "it differs from what was recorded")
            return
        predecessor = link.digest


def _head(link):
    return link and Head(link.number, link.digest, link.at)
