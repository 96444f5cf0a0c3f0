"""Reverting in the log, people's saved views, and what the list of articles shows and sorts by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


FIRST_PUBLIC = """
UPDATE articles_revision SET first_public_at = (
    SELECT min(e.at) FROM articles_logentry e
    WHERE e.revision_id = articles_revision.id AND e.action IN ('published', 'published_as_received')
)
WHERE status IN ('approved', 'received')
"""
# What `articles/derived/texts/listing.py` stores, for what is published already.
COUNT = """
UPDATE articles_article SET
    last_reviewed_at = (
        SELECT max(r.at) FROM articles_review r
        WHERE r.revision_id = articles_article.published_revision_id AND NOT r.is_override
        AND r.decision IN ('approved', 'confirmed', 'reviewed')
    ),
    flag_count = (
        SELECT count(*) FROM articles_citation c
        WHERE c.revision_id = articles_article.published_revision_id
        AND c.verdict IN ('said nearby', 'partly', 'said elsewhere', 'not found')
        AND NOT EXISTS (
            SELECT 1 FROM articles_confirmation k WHERE k.claim_key = c.claim_key AND k.withdrawn_at IS NULL
        )
        AND NOT EXISTS (
            SELECT 1 FROM articles_dismissal d WHERE d.subject = c.claim_key AND d.code = c.verdict
            AND d.article_id = articles_article.id AND d.withdrawn_at IS NULL
        )
    )
WHERE published_revision_id IS NOT NULL
"""


class Migration(TableByTable):
    dependencies = [
        ('articles', '0045_erased_recording_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(blank=True, help_text='Filters, order and columns, as in the address of the list.', max_length=1000)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='saved_view_name_unique_of_user')],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='flag_count',
            field=models.PositiveIntegerField(editable=False, help_text='Citations of the published text that somebody should check; empty without one. Derived.', null=True, verbose_name='flagged citations'),
        ),
        migrations.AddField(
            model_name='article',
            name='last_reviewed_at',
            field=models.DateTimeField(editable=False, help_text='When a second person last reviewed the published text; empty if nobody did. Derived.', null=True, verbose_name='last review'),
        ),
        migrations.AddField(
            model_name='revision',
            name='first_public_at',
            field=models.DateTimeField(editable=False, help_text='When it was first published; with it, what is approved and waits is found without the log.', null=True),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of')], max_length=30, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='backgroundtask',
            name='kind',
            field=models.CharField(choices=[('bulk', 'Bulk action'), ('checks', 'Check citations'), ('export', 'Export citations'), ('import', 'Import'), ('site', 'Export the site')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('published_revision__isnull', True)), fields=['-last_saved_at', '-id'], name='article_not_published'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('is_protected', True)), fields=['id'], name='article_protected'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['flag_count', 'id'], name='article_by_flags'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['last_reviewed_at', 'id'], name='article_by_last_review'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(condition=models.Q(('first_public_at__isnull', True), ('status', 'approved')), fields=['submitted_at'], name='revision_approved_waiting'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(condition=models.Q(('problem_count__gt', 0)), fields=['id'], name='revision_with_problems'),
        ),
        migrations.RunSQL([FIRST_PUBLIC, COUNT], migrations.RunSQL.noop, elidable=True),
    ]
