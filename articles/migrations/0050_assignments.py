"""Who should review a revision: a person or a group."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0049_margin_comments'),
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='assigned_group',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='auth.group'),
        ),
        migrations.AddField(
            model_name='revision',
            name='assigned_to',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('assigned', 'assigned'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of'), ('shared', 'shared by link'), ('sharing_ended', 'revoked a link to')], max_length=30, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('submitted', 'needs review'), ('assigned', 'assigned to you'), ('decided', 'reviewed'), ('published', 'published'), ('behind', 'outdated'), ('not_published', 'not published'), ('challenged', 'correction request'), ('commented', 'new comment'), ('recording', 'recording change')], max_length=20),
        ),
    ]
