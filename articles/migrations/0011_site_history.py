"""Add the chain over all articles and the versions of drafts, and chain the existing log."""

import hashlib
import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


RECORDED = "Records are append-only."
LINK = ["article_key", "entry_number", "entry_digest", "at"]
BATCH = 5000


def chain_log(apps, schema_editor):
    """Link all existing log entries, in the order they were added (20,000 articles take a few seconds)."""
    LogEntry, ChainLink = apps.get_model("articles", "LogEntry"), apps.get_model("articles", "ChainLink")
    alias = schema_editor.connection.alias
    rows = LogEntry.objects.using(alias).order_by("pk").values_list("article_id", "number", "digest", "at")
    links, predecessor = [], ""
    for number, (article, entry, entry_digest, at) in enumerate(rows.iterator(chunk_size=BATCH), 1):
        value = {"number": number, "article": article, "entry": entry, "digest": entry_digest}
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        predecessor = hashlib.sha256(f"{predecessor}\n{text}".encode("ascii")).hexdigest()
        links.append(
            ChainLink(
                article_key=article,
                entry_number=entry,
                entry_digest=entry_digest,
                at=at,
                number=number,
                digest=predecessor,
            )
        )
        if len(links) == BATCH:
            ChainLink.objects.using(alias).bulk_create(links)
            links = []
    ChainLink.objects.using(alias).bulk_create(links)


def create_triggers(apps, schema_editor):
    """Link every log entry that is added from now on, whoever adds it, and refuse to change or delete a link.

    A link gets its number and digest later, but only once.
    """
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    add = (
        "INSERT INTO articles_chainlink (article_key, entry_number, entry_digest, at, digest)"
        " VALUES (NEW.article_id, NEW.number, NEW.digest, NEW.at, '');"
    )
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in LINK)
    rules = [("update", "UPDATE", f"OLD.number IS NOT NULL OR {changed}"), ("delete", "DELETE", "1 = 1")]
    if is_sqlite:
        schema_editor.execute(f"CREATE TRIGGER chain_logentry AFTER INSERT ON articles_logentry BEGIN {add} END")
        for name, event, condition in rules:
            schema_editor.execute(
                f"CREATE TRIGGER freeze_chainlink_{name} BEFORE {event} ON articles_chainlink"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END"
            )
        return
    schema_editor.execute(
        f"CREATE FUNCTION chain_logentry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {add} RETURN NULL; END $$"
    )
    schema_editor.execute(
        "CREATE TRIGGER chain_logentry AFTER INSERT ON articles_logentry"
        " FOR EACH ROW EXECUTE FUNCTION chain_logentry()"
    )
    for name, event, condition in rules:
        schema_editor.execute(
            f"CREATE FUNCTION freeze_chainlink_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION '{RECORDED}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER freeze_chainlink_{name} BEFORE {event} ON articles_chainlink"
            f" FOR EACH ROW EXECUTE FUNCTION freeze_chainlink_{name}()"
        )


def drop_triggers(apps, schema_editor):
    names = [
        ("chain_logentry", "articles_logentry"),
        ("freeze_chainlink_update", "articles_chainlink"),
        ("freeze_chainlink_delete", "articles_chainlink"),
    ]
    for name, table in names:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0010_plain_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='rendering',
            name='partial_review',
            field=models.JSONField(help_text='How much of the published text reviews cover, if they don’t cover all of it; only while published.', null=True),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of')], max_length=30, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='ChainLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article_key', models.PositiveBigIntegerField(help_text='Primary key of the article.')),
                ('entry_number', models.PositiveIntegerField(help_text='The number of the entry in the article’s log.')),
                ('entry_digest', models.CharField(help_text='The digest of the log entry.', max_length=64)),
                ('at', models.DateTimeField(help_text='The time of the log entry.')),
                ('number', models.PositiveBigIntegerField(help_text='Position in the chain, counted from 1 without gaps.', null=True, unique=True)),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the link as canonical JSON and of the previous link’s digest.', max_length=64)),
            ],
            options={
                'ordering': ['number'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('number__isnull', True)), fields=['id'], name='chainlink_unsealed')],
                'constraints': [models.UniqueConstraint(fields=('article_key', 'entry_number'), name='chainlink_unique_of_log_entry')],
            },
        ),
        migrations.CreateModel(
            name='DraftVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='The revision’s `version` after the save.', verbose_name='number')),
                ('is_autosave', models.BooleanField(default=False)),
                ('saved_at', models.DateTimeField(verbose_name='saved at')),
                ('saved_by_name', models.CharField(max_length=150)),
                ('digest', models.CharField(help_text='SHA-256 of the content; saving the same again adds nothing.', max_length=64)),
                ('content', models.JSONField(help_text='As `workflow.audit_log.content_value` returns it.')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='articles.revision')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('revision', 'number'), name='draftversion_unique_in_revision')],
            },
        ),
        migrations.RunPython(chain_log, migrations.RunPython.noop),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
