"""The site's chain: one sequence over the log entries of all articles, so that a missing article is noticed.

The database adds a link with every log entry, in the same transaction. Links get their number, digest and signature
after the commit, in a transaction of their own: so no transition holds a lock on the chain, and none can wait for
another.
"""

import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from articles.derived import bulk
from articles.models import ChainLink

from . import keys, signed_heads
from .audit_log import digest

BATCH = 500

_is_postponed = ContextVar("_is_postponed", default=False)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """A place in the chain: everything up to `number` is fixed by `digest`. As text, `<number>:<digest>`.

    `signature` is that of this text by the key with the id `key_id`; both are empty if it isn't signed.
    """

    number: int
    digest: str
    at: datetime
    key_id: str
    signature: str

    def __str__(self):
        return head_text(self.number, self.digest)


def head_text(number, link_digest):
    """Return a place in the chain as text, which is also what its signature signs."""
    return f"{number}:{link_digest}"


def proven(article_key, entry_digest, number=""):
    """Return what the proof of a log entry or row record (`article_key` 0) is of."""
    return f"{article_key}:{number}:{entry_digest}"


def proven_by(link):
    """Return what the proof of a link is of; a row record has its number only from the database."""
    return proven(link.article_key, link.entry_digest, link.entry_number if link.article_key else "")


def proof_of(entry):
    """Return the proof of a new `LogEntry` with its digest, None without a key."""
    signing = keys.load_or_none()
    return signing and signing.proof(proven(entry.article_id, entry.digest, entry.number))


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
    signing = _signing_after(last)
    rows = []
    for number, link in enumerate(ChainLink.objects.unsealed()[:BATCH], sealed + 1):
        predecessor = link_digest(number, link, predecessor)
        is_proven = signing is not None and signing.has_proven(proven_by(link), link.proof)
        if signing is not None and not is_proven:
            _warn("No process with the key wrote some of it. Run `manage.py check_integrity`.")
        signature = signing.sign(head_text(number, predecessor)) if is_proven else ("", "")
        rows.append((number, predecessor, *signature, link.pk))
    bulk.update(ChainLink, ["number", "digest", "key_id", "signature"], rows)
    if signed := [row for row in rows if row[3]]:
        newest = head_text(*signed[-1][:2])
        transaction.on_commit(lambda: signed_heads.note(signing, newest), robust=True)
    return len(rows)


def _signing_after(last):
    """Return the `Keys` that sign what follows `last`, the newest sealed link; None, and the log says why, if none may.

    What follows a chain that lacks a signed head isn't signed: nobody could tell it from the true one later.
    """
    try:
        signing = keys.load()
        problem = signed_heads.contradicts(last)
    except (keys.KeyProblem, OSError) as error:
        problem = error
    if problem:
        _warn(str(problem))
        return None
    return signing


@cache
def _warn(problem):
    """Log once per process why nothing is signed."""
    logger.warning("The record of changes isn’t signed. %s", problem)


@transaction.atomic
def sign_unsigned():
    """Sign the sealed links that have no signature, such as those from before there was a key; return how many.

    Raises `keys.KeyProblem` without a key, or if the chain contradicts the heads that were signed.
    """
    signing = keys.load()
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="chainlink")
    newest = ChainLink.objects.sealed().last()
    if problem := signed_heads.contradicts(newest):
        raise keys.KeyProblem(problem)
    count, unsigned = 0, ChainLink.objects.sealed().filter(signature="")
    while links := list(unsigned[:BATCH]):
        bulk.update(
            ChainLink,
            ["key_id", "signature"],
            [(*signing.sign(head_text(link.number, link.digest)), link.pk) for link in links],
        )
        count += len(links)
    if count:
        transaction.on_commit(lambda: signed_heads.note(signing, head_text(newest.number, newest.digest)))
    return count


def link_digest(number, link, predecessor):
    """Compute the digest of a link at `number`."""
    value = {"number": number, "article": link.article_key, "entry": link.entry_number, "digest": link.entry_digest}
    return digest(value, predecessor)


def head():
    """Return the chain's `Head`, which covers everything that was logged before, or None if nothing was."""
    seal()
    return newest()


def newest():
    """Return the `Head` at the newest sealed link, or None."""
    return _head(ChainLink.objects.sealed().last())


def head_of(article):
    """Return the `Head` at the last log entry of `article`: it stays the same until something happens to the article."""
    links = ChainLink.objects.filter(article_key=article.pk).order_by("-entry_number")
    last = links.first()
    if last is not None and last.number is None:
        seal()
        last = links.first()
    return _head(last)


def heads_at(entries):
    """Return {(article key, entry number): `Head`} of the links of `entries`, such pairs; one query, two if not sealed."""
    places = reduce(or_, (Q(article_key=key, entry_number=number) for key, number in entries), Q(pk__in=()))
    links = list(ChainLink.objects.filter(places))
    if any(link.number is None for link in links):
        seal()
        links = ChainLink.objects.filter(places)
    return {(link.article_key, link.entry_number): _head(link) for link in links}


def is_head(noted):
    """Return whether `noted` has the form of a `Head` as text."""
    return re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", noted) is not None


def has(noted):
    """Return whether the chain still contains `noted`, the text of a `Head` that someone noted earlier."""
    number, _, noted_digest = noted.partition(":")
    return ChainLink.objects.filter(number=number, digest=noted_digest).exists()


def _head(link):
    return link and Head(link.number, link.digest, link.at, link.key_id, link.signature)
