"""Copies the rows of a table in batches, and compares what was read with what is there then."""

import hashlib
import json
from itertools import islice

from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from .types import ALIAS, CopyError, columns

BATCH = 200  # rows
BATCH_SIZE = 4_000_000  # characters and bytes; a single row may have more
READ = 50  # rows read at a time


class Sum:
    """The number of rows and a digest of them, in whatever order they come: databases sort texts differently."""

    def __init__(self):
        self.count, self.digest = 0, 0

    def add(self, values):
        self.count += 1
        self.digest += int.from_bytes(hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).digest())

    def __eq__(self, other):
        return (self.count, self.digest) == (other.count, other.digest)

    __hash__ = None


def copy_rows(model, seen=lambda count: None):
    """Copy all rows of a model's table and return their `Sum`; calls `seen` with the number of each batch."""
    total, filled = Sum(), dict.fromkeys((field.attname for field in columns(model)), 0)
    for batch in _batches(_rows(model, ALIAS)):
        for row in batch:
            total.add(values_of(model, row))
            for name in filled:
                filled[name] += getattr(row, name) is not None
        _insert(model, batch)
        seen(len(batch))
    _require_all_read(model, filled)
    return total


def sum_of(model, alias):
    """Return the `Sum` of the rows of a model's table."""
    total = Sum()
    for row in _rows(model, alias):
        total.add(values_of(model, row))
    return total


def difference(model):
    """Return (primary key, column) of the first row of the source that isn't the same in the target, as text."""
    for batch in _batches(_rows(model, ALIAS)):
        copies = model._base_manager.using("default").in_bulk([row.pk for row in batch])
        for row in batch:
            there = values_of(model, copies[row.pk]) if row.pk in copies else {}
            for name, value in values_of(model, row).items():
                if there.get(name) != value:
                    return row.pk, name
    return "unknown", "unknown"


def values_of(model, row):
    """Return {column: value} of a row, equal for equal values whichever database they come from."""
    return {field.column: _plain(getattr(row, field.attname)) for field in columns(model)}


def _plain(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return bytes(value) if isinstance(value, (memoryview, bytearray)) else value


def _rows(model, alias):
    return model._base_manager.using(alias).order_by("pk").iterator(chunk_size=READ)


def _batches(rows):
    """Yield lists of at most `BATCH` rows, with `BATCH_SIZE` characters and bytes unless a single row has more."""
    batch, size = [], 0
    for row in rows:
        length = sum(len(value) for value in vars(row).values() if isinstance(value, (str, bytes, memoryview)))
        if batch and (len(batch) == BATCH or size + length > BATCH_SIZE):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch


def _insert(model, batch):
    """Insert rows as they are: no default, no time of now. Raises `CopyError` that names the row if one isn't taken."""
    fields = columns(model)
    most = connection.ops.bulk_batch_size(fields, batch)
    rows = iter(batch)
    try:
        with transaction.atomic():
            while part := list(islice(rows, most)):
                model._base_manager.using("default")._insert(part, fields=fields, raw=True, using="default")
    except (DatabaseError, ValueError, TypeError) as error:
        raise _refusal(model, batch, error) from error


def _refusal(model, batch, error):
    for row in batch:
        for field in columns(model):
            if problem := _problem(field, getattr(row, field.attname)):
                return _named(model, row.pk, field.column, problem)
    for row in batch:
        try:
            with transaction.atomic():
                model._base_manager.using("default")._insert([row], fields=columns(model), raw=True, using="default")
        except (DatabaseError, ValueError, TypeError) as own:
            return _named(model, row.pk, "", own)
    return CopyError(f"Rows of {model._meta.db_table} can’t be copied: {str(error).strip()}. Nothing was changed.")


def _problem(field, value):
    """Return why the target can't take a value in this column, "" if it can."""
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        return f"it has {len(value)} characters, at most {field.max_length} fit"
    if connection.vendor != "postgresql" or value is None:
        return ""
    if isinstance(value, str) and "\0" in value:
        return "it has a NUL character, which PostgreSQL can’t store"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
            kind = kind.removesuffix(" CHECK").partition(" CHECK")[0]
            cursor.execute(f"SELECT CAST(%s AS {kind})", [field.get_db_prep_save(value, connection)])
    except (DatabaseError, ValueError, TypeError) as error:
        return str(error).strip().partition("\n")[0]
    return ""


def _named(model, pk, column, problem):
    where = f"{model._meta.db_table}, row {pk}" + (f", column {column}" if column else "")
    return CopyError(
        f"{where}: the value can’t be copied: {str(problem).strip().rstrip('.')}. Nothing was changed. Correct it in the "
        "site that you copy from, then run this again."
    )


def _require_all_read(model, filled):
    """Raise `CopyError` if a value of the source was read as none at all: SQLite also keeps what isn't of the column's kind."""
    names = list(filled)
    counts = model._base_manager.using(ALIAS).aggregate(**{f"in_{name}": Count(name) for name in names})
    for field in columns(model):
        if counts[f"in_{field.attname}"] != filled[field.attname]:
            unread = model._base_manager.using(ALIAS).exclude(**{f"{field.attname}__isnull": True}).order_by("pk")
            row = next((row for row in unread.iterator() if getattr(row, field.attname) is None), None)
            raise _named(model, row and row.pk, field.column, "it isn’t of the kind of its column")
