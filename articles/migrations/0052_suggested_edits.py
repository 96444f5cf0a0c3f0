"""Edits that margin comments suggest, and the log’s word for accepting one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0051_discarded_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('assigned', 'assigned'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of'), ('discarded', 'discarded the draft'), ('shared', 'shared by link'), ('sharing_ended', 'revoked a link to'), ('edit_accepted', 'accepted a suggested edit in')], max_length=30, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='SuggestedEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('replacement', models.TextField(blank=True)),
                ('outcome', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('dismissed', 'dismissed')], default='open', max_length=20)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=150)),
                ('accepted_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision')),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='edit', to='articles.comment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'suggested edit',
                'verbose_name_plural': 'suggested edits',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
    ]
