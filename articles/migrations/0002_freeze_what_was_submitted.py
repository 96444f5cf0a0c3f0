"""Triggers that refuse, on both databases, to change what was submitted, reviewed or logged.

Models, query sets, the admin and hand-written SQL all come by here. A legal erasure is let through: it sets
`erased_at` first. An account may be deleted (`by_id` becomes NULL) and a name suppressed (`by_name`).
"""

from django.db import migrations

REVISION = ["article_id", "number", "base_id", "title", "slug", "lead", "notice", "edit_summary", "submitted_at"]
SECTION = ["revision_id", "key", "position", "level", "heading", "body"]
SOURCE = ["revision_id", "position", "key", "episode_id"]
LOG_ENTRY = ["article_id", "revision_id", "action", "note", "at", "number", "account", "digest"]
REVIEW = ["revision_id", "decision", "comment", "is_override", "at"]

SUBMITTED = "What was submitted is never changed: start a new draft from it."
RECORDED = "Records are append-only."


def changed(columns):
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def rules():
    """(name, table, when, condition, message); conditions in PostgreSQL's SQL."""
    frozen = (
        "EXISTS (SELECT 1 FROM articles_revision r"
        " WHERE r.id = {row}.revision_id AND r.status <> 'draft' AND r.erased_at IS NULL)"
    )
    yield (
        "revision_update",
        "articles_revision",
        "UPDATE",
        "OLD.status <> 'draft' AND ("
        f"(({changed(REVISION)}) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL))"
        " OR NEW.status = 'draft'"
        " OR (OLD.digest <> '' AND OLD.digest <> NEW.digest)"
        " OR (OLD.erased_at IS NOT NULL AND OLD.erased_at IS DISTINCT FROM NEW.erased_at))",
        SUBMITTED,
    )
    yield "revision_delete", "articles_revision", "DELETE", "OLD.status <> 'draft'", SUBMITTED
    for table, columns in (("section", SECTION), ("source", SOURCE)):
        old, new = frozen.format(row="OLD"), frozen.format(row="NEW")
        yield f"{table}_insert", f"articles_{table}", "INSERT", new, SUBMITTED
        yield f"{table}_update", f"articles_{table}", "UPDATE", f"({changed(columns)}) AND ({old} OR {new})", SUBMITTED
        yield f"{table}_delete", f"articles_{table}", "DELETE", old, SUBMITTED
    for table, columns in (("logentry", LOG_ENTRY), ("review", REVIEW)):
        moved = f"({changed(columns)}) OR (NEW.by_id IS NOT NULL AND OLD.by_id IS DISTINCT FROM NEW.by_id)"
        yield f"{table}_update", f"articles_{table}", "UPDATE", moved, RECORDED
        yield f"{table}_delete", f"articles_{table}", "DELETE", "1 = 1", RECORDED


def create(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, event, condition, message in rules():
        if is_sqlite:
            condition = condition.replace("IS DISTINCT FROM", "IS NOT")
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            row = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION freeze_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
                f" RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
                f" END IF; RETURN {row}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION freeze_{name}()"
            )


def drop(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, *_ in rules():
        if is_sqlite:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS freeze_{name}()")


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
