"""Add row records to the chain, and the proof that the site itself wrote what a link of the chain is about."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RECORDED = "Records are append-only."
before = import_module("articles.migrations.0024_signatures")
PROOF = models.CharField(editable=False, max_length=64, null=True)

# As in 0024, with the proof.
LINK = ["article_key", "entry_number", "entry_digest", "at", "proof"]
ADD = (
    "INSERT INTO articles_chainlink (article_key, entry_number, entry_digest, at, digest, key_id, signature, proof)"
    " VALUES ({article}, {number}, NEW.digest, NEW.at, '', '', '', NEW.proof);"
)
CHAINED = {
    "articles_logentry": ADD.format(article="NEW.article_id", number="NEW.number"),
    "articles_rowrecord": ADD.format(article="0", number="NEW.id"),
}
ROW = ["id", "table", "row", "at", "sealed", "digest", "proof"]


def _differ(columns):
    return " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)


RULES = [
    (
        "chainlink_update",
        "articles_chainlink",
        "UPDATE",
        f"{_differ(LINK)} OR (OLD.number IS NOT NULL AND ({_differ(before.SEALED)}))"
        f" OR (OLD.signature <> '' AND ({_differ(before.SIGNED)}))",
    ),
    ("chainlink_delete", "articles_chainlink", "DELETE", "1 = 1"),
    ("logentry_proof", "articles_logentry", "UPDATE", _differ(["proof"])),
    (
        "rowrecord_update",
        "articles_rowrecord",
        "UPDATE",
        f"{_differ(ROW)} OR (OLD.salt <> NEW.salt AND NEW.salt <> '')",
    ),
    ("rowrecord_delete", "articles_rowrecord", "DELETE", "1 = 1"),
]


def _create(schema_editor, name, table, event, body, condition=""):
    """Create a trigger that runs `body` after an insertion, or refuses what `condition` says before another event."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if is_sqlite:
        when = f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}" if condition else ""
        body = f"SELECT RAISE(ABORT, '{RECORDED}');" if condition else body
        place = f"{'BEFORE' if condition else 'AFTER'} {event} ON {table}"
        schema_editor.execute(f"CREATE TRIGGER {name} {place}{when} BEGIN {body} END")
        return
    row = "OLD" if event == "DELETE" else "NEW"
    if condition:
        refusal = f"RAISE EXCEPTION '{RECORDED}' USING ERRCODE = 'integrity_constraint_violation';"
        body = f"IF {condition} THEN {refusal} END IF; RETURN {row};"
    else:
        body = f"{body} RETURN NULL;"
    schema_editor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    schema_editor.execute(
        f"CREATE TRIGGER {name} {'BEFORE' if condition else 'AFTER'} {event} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def create_triggers(apps, schema_editor):
    for name, table, event, condition in RULES:
        _create(schema_editor, f"freeze_{name}", table, event, "", condition)
    for table, add in CHAINED.items():
        _create(schema_editor, table.replace("articles_", "chain_"), table, "INSERT", add)


def _drop(schema_editor, triggers):
    for name, table in triggers:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def drop_triggers(apps, schema_editor):
    names = [(f"freeze_{name}", table) for name, table, *_ in RULES]
    _drop(schema_editor, [*names, *((table.replace("articles_", "chain_"), table) for table in CHAINED)])


def drop_earlier(apps, schema_editor):
    """Drop those that are replaced; `logentry_seal` of 0024 stays."""
    replaced = [("freeze_chainlink_update", "articles_chainlink"), ("freeze_chainlink_delete", "articles_chainlink")]
    _drop(schema_editor, [*replaced, (before.CHAIN, "articles_logentry")])


def restore_earlier(apps, schema_editor):
    before.drop_triggers(apps, schema_editor)
    before.create_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0026_withdrawn_recording_changes"),
    ]

    operations = [
        migrations.RunPython(drop_earlier, restore_earlier),
        migrations.AddField("chainlink", "proof", PROOF),
        migrations.AddField("logentry", "proof", PROOF.clone()),
        migrations.AlterField(
            "chainlink",
            "article_key",
            models.PositiveBigIntegerField(help_text="Primary key of the article; 0 for a row record."),
        ),
        migrations.AlterField(
            "chainlink",
            "entry_number",
            models.PositiveIntegerField(
                help_text="The number of the entry in the article’s log, or the primary key of the row record."
            ),
        ),
        migrations.CreateModel(
            name="RowRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(help_text="The database’s name of the table.", max_length=40)),
                ("row", models.PositiveBigIntegerField(help_text="Primary key of the row.")),
                ("at", models.DateTimeField()),
                (
                    "salt",
                    models.CharField(blank=True, help_text="Empty once the row was written again.", max_length=32),
                ),
                (
                    "sealed",
                    models.CharField(
                        blank=True,
                        help_text="SHA-256 of the salt and the row as canonical JSON; empty if deleted.",
                        max_length=64,
                    ),
                ),
                ("digest", models.CharField(help_text="SHA-256 of the other columns but the salt.", max_length=64)),
                ("proof", PROOF.clone()),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["table", "row", "id"], name="rowrecord_by_row")],
            },
        ),
        migrations.CreateModel(
            name="IssuedPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("set_by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "replaced_at",
                    models.DateTimeField(help_text="When the owner chose another password.", null=True),
                ),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": (), "ordering": ["pk"]},
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
