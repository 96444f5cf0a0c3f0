"""What a transition records: its entry in the article’s log, and who contributed to the text."""

from django.utils import timezone

from articles.models import Article, Contributor, LogEntry
from articles.workflow.history import audit_log, chain, names, rows

from .guards import name_of


def record(
    article, revision, action, by, note="", by_name=None, *, is_locked=False, recordings=None, requirement=None, at=None
):
    """Append an entry to the article's log, chained to the previous one, and return it.

    `is_locked` means that this transaction has locked `article` and written to its log only through this object, so that
    the head of the log is as it says. `recordings` are those that the action covers or has changed, from
    `content.recordings.cited_recordings`; `requirement` is that of the
    review (`Review.requirement`). `at` is when it happened: now, unless another row already says when.
    """
    head = article
    if not is_locked:
        # Entries are serialized by locking the row (PostgreSQL) or the whole database (SQLite, IMMEDIATE).
        head = Article.objects.select_for_update(no_key=True).only("log_length", "log_digest").get(pk=article.pk)
    entry = _next_entry(
        head,
        article=article,
        revision=revision,
        action=action,
        by=by,
        by_name=by_name or name_of(by),
        at=at or timezone.now(),
        note=note,
        recordings=recordings,
        requirement=requirement,
    )
    entry.save(force_insert=True)
    _store_head(article, entry)
    return entry


def record_creation(article, draft, by):
    """Append the first entries to the log of an article that this transaction has created: its creation and its draft."""
    values = {"article": article, "by": by, "by_name": name_of(by)}
    created = _next_entry(article, action=LogEntry.Action.CREATED, at=timezone.now(), **values)
    head = Article(log_length=created.number, log_digest=created.digest)
    started = _next_entry(head, revision=draft, action=LogEntry.Action.STARTED, at=timezone.now(), **values)
    LogEntry.objects.bulk_create([created, started])
    _store_head(article, started)


def _next_entry(head, **values):
    """Return the unsaved entry that comes after `head`, an `Article` of which only the head of its log is read."""
    entry = LogEntry(number=head.log_length + 1, name_seal=names.new_seal(), **values)
    entry.account = entry.by_id
    writers = entry.revision.contributor_set.all() if entry.action in audit_log.FREEZING else ()
    entry.digest = audit_log.entry_digest(entry, head.log_digest, writers)
    entry.proof = chain.proof_of(entry)
    return entry


def _store_head(article, entry):
    chain.seal_after_commit()
    Article.objects.filter(pk=article.pk).update(log_length=entry.number, log_digest=entry.digest)
    article.log_length, article.log_digest = entry.number, entry.digest


def contributes(revision, user):
    values = {"user_name": name_of(user), "account": user.pk, "name_seal": names.new_seal()}
    contributor, is_new = Contributor.objects.get_or_create(revision=revision, user=user, defaults=values)
    if is_new:
        rows.record_new(contributor)


def copy_contributors(source, target):
    present = set(target.contributor_set.values_list("user", flat=True))
    copied = ("user", "user_name", "account", "name_seal")
    added = Contributor.objects.bulk_create(
        Contributor(revision=target, **{name: getattr(writer, name) for name in copied})
        for writer in source.contributor_set.select_related("user")
        if writer.user_id not in present
    )
    rows.record_new(*added)
