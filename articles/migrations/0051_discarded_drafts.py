"""Drafts can be discarded: a status of revisions, and its action in the log. A kind of notice for comments of guests."""

from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable

from . import _sql

STATUSES = [('draft', 'draft'), ('submitted', 'submitted'), ('approved', 'approved'), ('changes_requested', 'changes requested'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn'), ('received', 'imported'), ('discarded', 'discarded')]


# With triggers that SQLite drops when it rebuilds the first of them, or that read it and would keep it from that.
TABLES = {"articles_revision", "articles_section", "articles_source"}


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name, table, event, condition, message in _sql._trigger_rules():
        if table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table}"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, table, *_ in _sql._trigger_rules():
            if table in TABLES:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name}")


class Migration(TableByTable):
    dependencies = [
        ('articles', "0050_assignments"),
    ]

    operations = [
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of'), ('discarded', 'discarded the draft'), ('shared', 'shared by link'), ('sharing_ended', 'revoked a link to')], max_length=30, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('submitted', 'needs review'), ('assigned', 'assigned to you'), ('decided', 'reviewed'), ('published', 'published'), ('behind', 'outdated'), ('not_published', 'not published'), ('challenged', 'correction request'), ('commented', 'new comment'), ('guest_commented', 'comment of a guest'), ('recording', 'recording change')], max_length=20),
        ),
        migrations.RunPython(drop_triggers, create_triggers),
        migrations.AlterField(
            model_name='revision',
            name='status',
            field=models.CharField(choices=STATUSES, default='draft', editable=False, max_length=20, verbose_name='status'),
        ),
        migrations.RemoveConstraint(model_name='revision', name='revision_status_known'),
        migrations.RemoveConstraint(model_name='revision', name='revision_left_draft_by_submission'),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', [status for status, _ in STATUSES])), name='revision_status_known'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'received', 'discarded']), ('submitted_at__isnull', False), _connector='OR'), name='revision_left_draft_by_submission'),
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
