"""Refuse to change what was recorded of a change to a recording, or which recordings a log entry covers."""

from django.db import migrations

RECORDED = "Records are append-only."
CHANGE = [
    "reference",
    "before",
    "after",
    "before_digest",
    "after_digest",
    "is_visible",
    "is_cited",
    "is_command",
    "proposed_at",
]
DECIDED = ["outcome", "decided_at"]


def create_triggers(apps, schema_editor):
    """What was proposed never changes, and a decision is made once. Names, reasons and comments may be withheld."""
    for name, table, event, condition in _rules():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table}"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END"
            )
            continue
        row = "OLD" if event == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE FUNCTION freeze_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
            f" RAISE EXCEPTION '{RECORDED}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {row}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION freeze_{name}()"
        )


def drop_triggers(apps, schema_editor):
    for name, table, *_ in _rules():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS freeze_{name}()")


def _rules():
    """Yield (name, table, event, condition) for each trigger, with conditions in PostgreSQL's SQL."""
    change = f"({_differ(CHANGE)}) OR (OLD.outcome <> 'waiting' AND ({_differ(DECIDED)}))"
    yield "recordingchange_update", "articles_recordingchange", "UPDATE", change
    yield "recordingchange_delete", "articles_recordingchange", "DELETE", "1 = 1"
    yield "logentry_recordings", "articles_logentry", "UPDATE", _differ(["recordings"])


def _differ(columns):
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_recording_digests")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
