"""Sign the chain, and let the log's digests cover names and contributors. Rows from before stay as they are."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F

from . import _sql

before = import_module("articles.migrations.0011_site_history")
recordings = import_module("articles.migrations.0022_freeze_recording_changes")

# As in 0011, but a link that has a number may still get a signature, once.
LINK = ["article_key", "entry_number", "entry_digest", "at"]
ADD = (
    "INSERT INTO articles_chainlink (article_key, entry_number, entry_digest, at, digest, key_id, signature)"
    " VALUES (NEW.article_id, NEW.number, NEW.digest, NEW.at, '', '', '');"
)
SEALED = ["number", "digest"]
SIGNED = ["key_id", "signature"]


def _differ(columns):
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


RULES = [
    (
        "chainlink_update",
        "articles_chainlink",
        "UPDATE",
        f"{_differ(LINK)} OR (OLD.number IS NOT NULL AND ({_differ(SEALED)}))"
        f" OR (OLD.signature <> '' AND ({_differ(SIGNED)}))",
    ),
    ("chainlink_delete", "articles_chainlink", "DELETE", "1 = 1"),
    # A salt may become the digest of the withheld name.
    (
        "logentry_seal",
        "articles_logentry",
        "UPDATE",
        f"({_differ(['name_seal'])}) AND NOT (length(OLD.name_seal) = 32 AND length(NEW.name_seal) = 64)",
    ),
]
CHAIN = "chain_logentry"


def create_triggers(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, event, condition in RULES:
        if is_sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table}"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{_sql.RECORDED}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION freeze_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION '{_sql.RECORDED}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION freeze_{name}()"
        )
    if is_sqlite:
        schema_editor.execute(f"CREATE TRIGGER {CHAIN} AFTER INSERT ON articles_logentry BEGIN {ADD} END")
        return
    schema_editor.execute(
        f"CREATE FUNCTION {CHAIN}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {ADD} RETURN NULL; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {CHAIN} AFTER INSERT ON articles_logentry FOR EACH ROW EXECUTE FUNCTION {CHAIN}()"
    )


def drop_triggers(apps, schema_editor):
    names = [(f"freeze_{name}", table) for name, table, *_ in RULES] + [(CHAIN, "articles_logentry")]
    for name, table in names:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def number_contributors(apps, schema_editor):
    rows = apps.get_model("articles", "Contributor").objects.using(schema_editor.connection.alias)
    rows.filter(user__isnull=False).update(account=F("user_id"))


SEAL = models.CharField(blank=True, default="", editable=False, max_length=64)


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_uploads")]

    operations = [
        # SQLite drops a table's triggers when it rebuilds the table.
        migrations.RunPython(_sql.drop_triggers, _sql.create_triggers),
        migrations.RunPython(before.drop_triggers, before.create_triggers),
        migrations.RunPython(recordings.drop_triggers, recordings.create_triggers),
        migrations.AddField(
            "chainlink",
            "key_id",
            models.CharField(
                blank=True, default="", help_text="The key of the signature; empty without one.", max_length=16
            ),
        ),
        migrations.AddField(
            "chainlink",
            "signature",
            models.CharField(
                blank=True, default="", help_text="Ed25519 signature of number and digest, as Base64.", max_length=88
            ),
        ),
        migrations.AddField("logentry", "name_seal", SEAL),
        migrations.AddField("contributor", "name_seal", SEAL.clone()),
        migrations.AddField(
            "contributor",
            "account",
            models.PositiveBigIntegerField(
                help_text="Number of the account, kept when the account and its name are gone.", null=True
            ),
        ),
        migrations.RunPython(number_contributors, migrations.RunPython.noop),
        migrations.RunPython(create_triggers, drop_triggers),
        migrations.RunPython(recordings.create_triggers, recordings.drop_triggers),
        migrations.RunPython(_sql.create_triggers, _sql.drop_triggers),
    ]
