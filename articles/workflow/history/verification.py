"""Verifies the chain over all articles: its digests, its signatures, and that it has what the articles’ logs have."""

from django.db.models import Count, Exists, Max, Min, OuterRef

from articles.models import Article, ChainLink, LogEntry, RowRecord

from . import chain, keys, recordings, rows, signed_heads
from .audit_log import Break

SITE, WHOLE, RECORDINGS, ROWS = "site chain", "the whole article", "recordings", "rows"


def verify(broken=(), *, only_newest_signature=False):
    """Yield a `Break` for everything that is missing on the site or from the chain, or differs between them.

    Articles whose slug is in `broken` are left out, because their own log has shown it. Writes nothing: what isn't
    sealed yet is compared with the logs, but not with signatures. `only_newest_signature` saves the time for the
    others.
    """
    signing = keys.load_or_none()
    yield from _breaks_in_chain(signing, only_newest_signature=only_newest_signature)
    for place, reason in signed_heads.problems(signing):
        yield Break(SITE, place, reason)
    for place, reason in recordings.contradictions():
        yield Break(RECORDINGS, place, reason)
    for place, reason in rows.contradictions():
        yield Break(ROWS, place, reason)
    same = LogEntry.objects.filter(article=OuterRef("article_key"), number=OuterRef("entry_number"))
    lost = ChainLink.objects.exclude(article_key=0).filter(
        ~Exists(same.filter(digest=OuterRef("entry_digest"), at=OuterRef("at")))
    )
    lost = lost.order_by("article_key")
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
    yield from _breaks_in_row_records()


def _breaks_in_row_records():
    """Yield a `Break` for each row record that differs from its digest or the chain, or that was added twice."""
    links = ChainLink.objects.filter(article_key=0).values_list("entry_number", "entry_digest", "at")
    links = {number: values for number, *values in links}
    seen = set()
    for row in RowRecord.objects.order_by("pk").iterator(chunk_size=2000):
        place = f"record {row.pk}"
        if links.pop(row.pk, None) != [row.digest, row.at] or rows.record_digest(row) != row.digest:
            yield Break(ROWS, place, "it differs from what the site’s chain recorded")
        elif row.digest in seen:
            yield Break(ROWS, place, "it is a copy of an earlier one")
        seen.add(row.digest)
    for number in links:
        yield Break(ROWS, f"record {number}", "it is missing")


def _breaks_in_chain(signing, *, only_newest_signature):
    """Yield the first `Break` of the chain itself, if there is one."""
    predecessor, link, previous_key = "", None, -1
    unsigned = []
    for expected, link in enumerate(ChainLink.objects.sealed().iterator(), 1):
        place = f"link {expected}"
        if link.number != expected:
            yield Break(SITE, place, f"it is missing; link {link.number} is in its place")
            return
        if link.digest != chain.link_digest(expected, link, predecessor):
            yield Break(SITE, place, "it differs from what was recorded")
            return
        if signing and link.signature and not only_newest_signature:
            if problem := _problem_of_signature(signing, link):
                yield Break(SITE, place, problem)
                return
            if signing.order[link.key_id] < previous_key:
                yield Break(SITE, place, f"a retired key has signed it (key {link.key_id})")
                return
            previous_key = signing.order[link.key_id]
        if signing and not link.signature:
            unsigned.append(expected)
        predecessor = link.digest
    if unsigned:
        places = f"link {unsigned[0]}" + (f" and {len(unsigned) - 1} more" if len(unsigned) > 1 else "")
        reason = "it isn’t signed: no process with the key wrote what it is about. "
        yield Break(SITE, places, f"{reason}`manage.py signing_key` says why, and signs it if you vouch for it")
    if signing:
        for link_ in ChainLink.objects.unsealed():
            if not signing.has_proven(chain.proven_by(link_), link_.proof):
                yield Break(SITE, f"unsealed link {link_.pk}", "no process with the key wrote what it is about")
    if link is not None:
        yield from _breaks_at_the_end(signing, link)


def _breaks_at_the_end(signing, newest):
    place = f"link {newest.number}"
    if signing is None:
        if ChainLink.objects.exclude(signature="").exists():
            yield Break(SITE, place, f"signatures can’t be verified: {problem_of_key()}")
    elif not newest.signature:
        return  # reported with the others
    elif problem := _problem_of_signature(signing, newest):
        yield Break(SITE, place, problem)
    elif newest.key_id != signing.current_id and not signed_heads.is_signed_by(signing, newest):
        yield Break(SITE, place, f"a retired key has signed it (key {newest.key_id})")


def _problem_of_signature(signing, link):
    if link.key_id not in signing.public:
        return f"it is signed with a key that isn’t this site’s (key {link.key_id})"
    if not signing.has_signed(chain.head_text(link.number, link.digest), link.key_id, link.signature):
        return "its signature isn’t that of its number and digest"
    return None


def problem_of_key():
    """Return why the chain can't be signed, as a sentence, or None if it can."""
    try:
        keys.load()
    except keys.KeyProblem as problem:
        return str(problem)
    return None
