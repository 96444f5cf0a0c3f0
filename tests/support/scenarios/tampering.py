"""What somebody with access to the database can do to each table: change any column of a row, delete it, add another."""

import json
import uuid

from django.apps import apps
from django.db import connection, models

APPS = {"articles", "auth"}
OLD = "2020-01-01 00:00:00+00:00"


def tables():
    """Return {table: model} of everything that the site itself stores."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]
    return {model._meta.db_table: model for model in found}


def manipulations(model):
    """Yield (what, statement, values) for one row of `model`: each of its columns, its deletion, and another row like it."""
    table, row = _quoted(model._meta.db_table), _preferred(model)
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        target = row.exclude(**{field.name: None}).exclude(**({field.name: ""} if _is_text(field) else {})).first()
        if field.name == "position":  # only in front of another one is it an order
            later = row.filter(revision=models.OuterRef("revision"), position__gt=models.OuterRef("position"))
            target = row.filter(models.Exists(later)).first()
        target = target or row.first()
        if target is None:
            continue
        statement = f"UPDATE {table} SET {_quoted(field.column)} = %s WHERE {_key(model)} = %s"  # noqa: S608
        before = getattr(target, field.attname)
        yield field.column, statement, [_other(field, before), target.pk]
    if (last := row.first()) is not None:
        yield "deletion", f"DELETE FROM {table} WHERE {_key(model)} = %s", [last.pk]  # noqa: S608
        others = [field for field in model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(_quoted(field.column) for field in others)
        places = ", ".join(["%s"] * len(others))
        values = [
            _other(field, getattr(last, field.attname))
            if field.unique
            else _stored(field, getattr(last, field.attname))
            for field in others
        ]
        yield (
            "addition",
            f"INSERT INTO {table} ({_key(model)}, {columns}) VALUES (%s, {places})",  # noqa: S608
            [900_000, *values],
        )


def _preferred(model):
    """The rows of a model, first those that count: of public texts, and permissions that somebody has."""
    rows = model._base_manager.order_by("-pk")
    names = {field.name for field in model._meta.get_fields()}
    paths = {"revision": "revision__published_for", "published_for": "published_for", "group": "group"}
    for name, path in paths.items():
        if name in names and (found := rows.filter(**{f"{path}__isnull": False}).distinct()).exists():
            return found
    return rows


def _other(field, value):
    """Return a value for the column that differs from `value` and fits its type."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.ForeignKey):
        other = field.related_model._base_manager.exclude(pk=value).order_by("pk").first()
        return other.pk if other else None
    if isinstance(field, models.JSONField):
        return json.dumps(["forged"])
    if isinstance(field, models.UUIDField):
        return _stored(field, uuid.uuid4())
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return 1 if value is None else value + 1 + 1000 * (field.name == "position")
    if isinstance(field, models.DateField):
        return OLD if isinstance(field, models.DateTimeField) else OLD[:10]
    if field.choices:
        return next((choice for choice, _ in field.flatchoices if choice not in {value, ""}), "x")
    return "f" * (field.max_length if field.max_length in {32, 64} else 3)


def _stored(field, value):
    return field.get_db_prep_save(value, connection)


def _is_text(field):
    return isinstance(field, (models.CharField, models.TextField))


def _key(model):
    return _quoted(model._meta.pk.column)


def _quoted(name):
    return connection.ops.quote_name(name)
