"""Row records: what the site last wrote into rows that no article's log covers, as salted digests in the chain.

Whoever writes a covered row does so inside `recorded`. A row that isn't as recorded, because somebody changed it
outside the site, isn't recorded again: otherwise the next write would hide that.
"""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles import models
from articles.models import RowRecord

from . import chain, keys, names
from .audit_log import digest

BATCH = 500
User = get_user_model()


@dataclass(frozen=True)
class Coverage:
    """The columns of a model, and its many-to-many relations as {name: path to the values}, that row records cover.

    Of an `is_sparse` table only rows in which something is set need a record.
    """

    columns: tuple[str, ...]
    relations: dict[str, tuple[str, ...]]
    is_sparse: bool = False


def _all_but(model, *names):
    """Cover every column but these and the key; a column added later is covered at once."""
    columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return Coverage(tuple(name for name in columns if name not in names), {})


PERMISSION = ("content_type__app_label", "codename")
_ACCOUNT = _all_but(User, "last_login").columns
_ASIDE = ("base_id", "target_id", "received_digest", "publish_at", "take_down_at")
_ASIDE += ("due_on", "is_urgent", "erasure_reason")
COVERED = {
    User: Coverage(_ACCOUNT, {"groups": ("name",), "user_permissions": PERMISSION}),
    Group: Coverage(("name",), {"permissions": PERMISSION}),
    models.IssuedPassword: _all_but(models.IssuedPassword),
    # The log covers contributors from the submission on.
    models.Contributor: Coverage(("revision_id", "user_id", "account"), {}),
    models.RankChange: _all_but(models.RankChange),
    models.RecordingChange: _all_but(models.RecordingChange),
    models.Transcript: _all_but(models.Transcript),
    models.Comment: _all_but(models.Comment),
    models.CommentedPassage: _all_but(models.CommentedPassage),
    models.SuggestedEdit: _all_but(models.SuggestedEdit),
    models.CorrectionRequest: _all_but(models.CorrectionRequest),
    models.FollowUp: Coverage(("correction_request_id", "key", "audience"), {}),
    models.DraftLink: _all_but(models.DraftLink, "opened_count", "last_opened_at"),
    models.GuestComment: _all_but(models.GuestComment),
    models.Confirmation: _all_but(models.Confirmation),
    models.Dismissal: _all_but(models.Dismissal),
    models.Exemption: _all_but(models.Exemption),
    models.Topic: _all_but(models.Topic),
    models.ApprovalRule: _all_but(models.ApprovalRule),
    models.Profile: _all_but(models.Profile),
    models.Article: Coverage(("received_as", "received_digest", "take_down_at"), {"topics": ("pk",)}, is_sparse=True),
    models.Revision: Coverage(_ASIDE, {}, is_sparse=True),
}


@contextmanager
def recorded(model, keys_of_rows=()):
    """Wrap a write to rows of `model` with these keys, and record what they say afterwards, if `model` is covered.

    Yields a list to which the block adds the keys of new rows; keys given before aren't new. Run it in the transaction
    of the write, with the rows or their article locked.
    """
    known = list(keys_of_rows) if model in COVERED else []
    intact = [pk for pk, is_intact in _are_intact(model, known) if is_intact]
    new = []
    yield new
    _record(model, [*intact, *(pk for pk in new if pk not in known)])


def are_covered(model, names):
    """Whether any of these columns of `model` is covered."""
    return any(name in COVERED[model].columns for name in names)


def record_new(*rows):
    """Record rows that this transaction has added, in this order, as they were saved."""
    records = []
    for model, added in groupby(rows, type):
        if COVERED[model].is_sparse:
            added = [row for row in added if _is_set({name: getattr(row, name) for name in COVERED[model].columns})]
        records += _records_of(model, [row.pk for row in added], are_new=True)
    _add(records)


def not_as_recorded(model):
    """Yield (key, problem) for each row that isn't as its record says, that has none, or that is missing."""
    newest = _newest(model)
    for pk, value in _values(model):
        row = newest.pop(pk, None)
        if row is None:
            if not COVERED[model].is_sparse or _is_set(value):
                yield pk, "the record doesn’t know it, so it wasn’t made on the site"
        elif row.sealed != _sealed(row.salt, value):
            yield pk, "it isn’t what the site last wrote" if row.sealed else "it was deleted, but is there again"
    for pk, row in sorted(newest.items()):
        if row.sealed:
            yield pk, "it is missing"


def contradictions():
    """Yield (place, problem) for each row of all covered tables that isn't as recorded."""
    has_records = set(RowRecord.objects.order_by().values_list("table", flat=True).distinct())
    for model in COVERED:
        if model._meta.db_table not in has_records and not model._base_manager.exists():
            continue
        found = dict(not_as_recorded(model))
        there = model._base_manager.in_bulk(list(found)) if found else {}
        for pk, problem in found.items():
            article = _article_of(there.get(pk))
            label = f" “{there[pk]}”" if model in {User, Group} and pk in there else ""
            name = f"{model._meta.verbose_name} {pk}{label}"
            yield f"{article.slug}, {name}" if article else name, problem


def _article_of(row):
    owner = getattr(row, "comment", row) if isinstance(row, models.CommentedPassage | models.SuggestedEdit) else row
    owner = getattr(owner, "revision", owner)
    return owner if isinstance(owner, models.Article) else getattr(owner, "article", None)


@transaction.atomic
def vouch():
    """Record all rows as they are that aren't as recorded; return [(model, key)]. For upgrades, and after repairs."""
    found = []
    for model in COVERED:
        rows = [pk for pk, _ in not_as_recorded(model)]
        _record(model, rows)
        found += [(model, pk) for pk in rows]
    return found


def record_digest(row):
    """Compute the digest of a `RowRecord`."""
    value = {"table": row.table, "row": row.row, "sealed": row.sealed}
    return digest(value | {"at": row.at.astimezone(UTC).isoformat(timespec="microseconds")})


def _are_intact(model, keys_of_rows):
    """Yield (key, whether the row is as recorded) for rows with these keys; one that isn't there is if it should not be."""
    if not keys_of_rows:
        return
    newest, values = _newest(model, keys_of_rows), dict(_values(model, keys_of_rows))
    for pk in keys_of_rows:
        row, value = newest.get(pk), values.get(pk)
        if row is None:
            yield pk, value is None or (COVERED[model].is_sparse and not _is_set(value))
        else:
            yield pk, row.sealed == (_sealed(row.salt, value) if value is not None else "")


def _record(model, keys_of_rows):
    keys_of_rows = list(dict.fromkeys(keys_of_rows))
    for start in range(0, len(keys_of_rows), BATCH):
        records = _records_of(model, keys_of_rows[start : start + BATCH])
        earlier = RowRecord.objects.filter(table=model._meta.db_table, row__in=[record.row for record in records])
        earlier.exclude(salt="").update(salt="")
        _add(records)


def _records_of(model, keys_of_rows, *, are_new=False):
    """Return the unsaved records of rows, as they are now; of a sparse table only those that need one."""
    if not keys_of_rows:
        return []
    table, signing, now = model._meta.db_table, keys.load_or_none(), timezone.now()
    values, records = dict(_values(model, keys_of_rows)), []
    if COVERED[model].is_sparse:
        known = set() if are_new else _newest(model, keys_of_rows).keys()
        keys_of_rows = [pk for pk in keys_of_rows if pk in known or (pk in values and _is_set(values[pk]))]
    for pk in keys_of_rows:
        record = RowRecord(table=table, row=pk, at=now, salt=names.new_seal())
        record.sealed = _sealed(record.salt, values[pk]) if pk in values else ""
        record.digest = record_digest(record)
        record.proof = signing.proof(chain.proven(0, record.digest)) if signing else None
        records.append(record)
    return records


def _add(records):
    if records:
        RowRecord.objects.bulk_create(records, batch_size=BATCH)
        chain.seal_after_commit()


def _newest(model, keys_of_rows=None):
    """Return {key of a row: its newest `RowRecord`}."""
    rows = RowRecord.objects.filter(table=model._meta.db_table)
    if keys_of_rows is not None:
        rows = rows.filter(row__in=keys_of_rows)
    newest = rows.order_by().values("row").annotate(newest=Max("pk")).values("newest")
    return {row.row: row for row in RowRecord.objects.filter(pk__in=newest)}


def _values(model, keys_of_rows=None):
    """Yield (key, what its covered columns and relations say) of rows, all by default."""
    coverage, rows = COVERED[model], model._base_manager.order_by("pk")
    if keys_of_rows is not None:
        rows = rows.filter(pk__in=keys_of_rows)
    related = {}
    for name, paths in coverage.relations.items():
        pairs = rows.filter(**{f"{name}__isnull": False}).values_list("pk", *(f"{name}__{path}" for path in paths))
        related[name] = {}
        for pk, *value in pairs.order_by():
            related[name].setdefault(pk, []).append(value)
    for pk, *values in rows.values_list("pk", *coverage.columns).iterator(chunk_size=BATCH):
        value = dict(zip(coverage.columns, values, strict=True))
        yield pk, value | {name: sorted(found.get(pk, ())) for name, found in related.items()}


def _is_set(value):
    return any(part not in (None, "", [], False) for part in value.values())


def _sealed(salt, value):
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(f"{salt}\n{canonical}".encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, UUID)):
        return str(value)
    raise TypeError(f"Not covered: {type(value).__name__}")
