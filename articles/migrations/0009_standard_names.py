"""Rename models and one column to the terms of docs/architecture.md. No row changes."""

from django.db import migrations

from . import _sql

MODELS = {
    "Challenge": "CorrectionRequest",
    "Flagged": "LintIssue",
    "Surroundings": "RelatedArticles",
    "Passage": "SearchEntry",
    "Spoken": "TranscriptWindow",
}

SEARCH_TABLES = {"articles_passage": "articles_searchentry", "articles_spoken": "articles_transcriptwindow"}


def point_search_at(tables):
    """Return an operation that moves the databases' search indexes to tables renamed by `tables`, {old: new}."""

    def move(apps, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            _sql.drop_search(apps, schema_editor)
            for statement in _sqlite_search(tables):
                schema_editor.execute(statement)
            return
        for old, new in tables.items():  # the column and its indexes followed the table; only their names did not
            with schema_editor.connection.cursor() as cursor:
                cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [new])
                names = [name for (name,) in cursor.fetchall() if name.startswith((f"{old}_of_kind", f"{old}_words"))]
            for name in names:
                schema_editor.execute(f"ALTER INDEX {name} RENAME TO {name.replace(old, new)}")

    return move


def _sqlite_search(tables):
    for statement in _sql._sqlite_search():
        for old, new in tables.items():
            statement = statement.replace(f"'{old}'", f"'{new}'").replace(f" ON {old} ", f" ON {new} ")
        yield statement
    for index, table, condition in _sql.FULL_TEXT_TABLES:
        new = tables.get(table, table)
        yield f"INSERT INTO {index}(rowid, words) SELECT id, words FROM {new} WHERE {condition.format(row=new)}"


def rename_permissions(apps, schema_editor):
    """Keep what people and groups may do: Django renames a model's content type, but not its permissions."""
    Permission = apps.get_model("auth", "Permission")
    for old, new in MODELS.items():
        for action in ("add", "change", "delete", "view"):
            held = Permission.objects.using(schema_editor.connection.alias).filter(
                content_type__app_label="articles", codename=f"{action}_{old.lower()}"
            )
            held.update(codename=f"{action}_{new.lower()}", name=f"Can {action} {new.lower()}")


def drop_search(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        _sql.drop_search(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_squashed_0008_names"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        # SQLite drops a table's triggers when it rebuilds the table.
        migrations.RunPython(_sql.drop_triggers, _sql.create_triggers),
        migrations.RunPython(drop_search, point_search_at({table: table for table in SEARCH_TABLES})),
        migrations.RenameField("revision", "follows", "target"),
        *(migrations.RenameModel(old, new) for old, new in MODELS.items()),
        migrations.RunPython(
            point_search_at(SEARCH_TABLES),
            drop_search,
        ),
        migrations.RunPython(_sql.create_triggers, _sql.drop_triggers),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop),
    ]
