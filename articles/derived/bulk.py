"""Writes rows that are derived, in bulk and never read back."""

from django.db import connections, router

BATCH = 500


def insert(model, rows):
    """Insert unsaved `rows` of `model`; they get no primary key.

    Their values have to be plain: whole numbers, texts, truth values, None, keys of saved rows. `bulk_create` prepares
    each value through its field and asks for the keys; with some thirty citations in an article that was a seventh of
    an import.
    """
    rows = list(rows)
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  (names of our own model)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            cursor.executemany(statement, [[getattr(row, name) for name in names] for row in batch])


def update(model, names, rows):
    """Set the fields `names` of saved rows of `model`: each of `rows` is their plain values, then the row's key."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    columns = [connection.ops.quote_name(model._meta.get_field(name).column) for name in names]
    table, key = (connection.ops.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column))
    values = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {values} WHERE {key} = %s", rows)  # noqa: S608  (names of our own)
