"""Links with which people without an account read drafts, and their comments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0047_follow_ups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of'), ('shared', 'shared by link'), ('sharing_ended', 'revoked a link to')], max_length=30, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='DraftLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(help_text='SHA-256 of the token, which is 256 random bits.', max_length=64, unique=True)),
                ('allows_comments', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('made_by_name', models.CharField(max_length=150)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by_name', models.CharField(blank=True, max_length=150)),
                ('opened_count', models.PositiveIntegerField(default=0)),
                ('last_opened_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='articles.revision', verbose_name='revision')),
            ],
            options={
                'verbose_name': 'link to a draft',
                'verbose_name_plural': 'links to drafts',
                'ordering': ['-pk'],
                'permissions': [('share_draft', "Can share texts that aren't published by link")],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='GuestComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('text', models.TextField(verbose_name='text')),
                ('at', models.DateTimeField()),
                ('sender', models.CharField(help_text='Keyed digest of the network address, for rate limiting.', max_length=64)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('deleted_by_name', models.CharField(blank=True, max_length=150)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='articles.draftlink')),
            ],
            options={
                'verbose_name': 'comment of a guest',
                'verbose_name_plural': 'comments of guests',
                'ordering': ['pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['sender', '-at'], name='guest_comment_by_sender')],
            },
        ),
    ]
