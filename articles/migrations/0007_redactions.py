"""Quotations of erased texts, and triggers that let their redaction through: a tombstone in place of words, no more.

A later migration that takes all triggers off and puts them on again calls `create` after that of 0005.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

freeze = import_module("articles.migrations.0002_freeze_what_was_submitted")
TABLES = (("logentry", freeze.LOG_ENTRY, "note"), ("review", freeze.REVIEW, "comment"))


def rules():
    for table, columns, words in TABLES:
        others = freeze.changed([column for column in columns if column != words])
        yield (
            table,
            f"({others}) OR (OLD.{words} IS DISTINCT FROM NEW.{words} AND NEW.{words} <> 'Erased')"
            " OR (NEW.by_id IS NOT NULL AND OLD.by_id IS DISTINCT FROM NEW.by_id)",
        )


def before():
    for table, columns, _ in TABLES:
        moved = f"({freeze.changed(columns)}) OR (NEW.by_id IS NOT NULL AND OLD.by_id IS DISTINCT FROM NEW.by_id)"
        yield table, moved


def put(schema_editor, conditions):
    for table, condition in conditions:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{table}_update")
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{table}_update BEFORE UPDATE ON articles_{table}"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{freeze.RECORDED}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION freeze_{table}_update() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN IF {condition} THEN"
                f" RAISE EXCEPTION '{freeze.RECORDED}' USING ERRCODE = 'integrity_constraint_violation';"
                " END IF; RETURN NEW; END $$"
            )


def create(apps, schema_editor):
    put(schema_editor, rules())


def drop(apps, schema_editor):
    put(schema_editor, before())


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_search_stretches'),
    ]

    operations = [
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'published as received'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'took back the schedule of'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed afterwards'), ('accepted_in_part', 'accepted in part'), ('merged', 'brought up to date'), ('protected', 'protected'), ('released', 'released'), ('recording_changed', 'changed the recording under'), ('erased', 'erased the text of'), ('heard', 'heard'), ('heard_taken_back', 'took back having heard'), ('dismissed', 'dismissed a flag'), ('dismissal_taken_back', 'raised a flag again'), ('exempted', 'exempted a part from citations'), ('exemption_taken_back', 'took back an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of')], max_length=30),
        ),
        migrations.CreateModel(
            name='Quotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('comment', 'comment'), ('challenge', 'reader’s suggestion'), ('log', 'log entry'), ('review', 'decision'), ('notice', 'notice in an inbox'), ('dismissal', 'dismissal of a flag'), ('exemption', 'exemption from citations'), ('revision', 'another revision')], max_length=20)),
                ('row', models.PositiveBigIntegerField(help_text='Which one of its kind.')),
                ('fields', models.JSONField(default=list, help_text='Which of its texts say it.')),
                ('redacted_at', models.DateTimeField(null=True)),
                ('redacted_by_name', models.CharField(blank=True, max_length=150)),
                ('revision', models.ForeignKey(help_text='The text that was erased.', on_delete=django.db.models.deletion.PROTECT, to='articles.revision')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['kind', 'row'], name='quotation_by_place')],
                'constraints': [models.UniqueConstraint(fields=('revision', 'kind', 'row'), name='quotation_unique_in_place')],
            },
        ),
        migrations.RunPython(create, drop),
    ]
