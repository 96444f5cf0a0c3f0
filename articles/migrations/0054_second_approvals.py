"""Rules for second approvals, and what each approval needed besides itself."""

import django.db.models.deletion
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0053_image_library'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.AddField(
            model_name='logentry',
            name='requirement',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='review',
            name='requirement',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('started', 'started a draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrew'), ('approved', 'approved'), ('changes_requested', 'requested changes'), ('rejected', 'rejected'), ('published', 'published'), ('published_as_received', 'imported and published'), ('reverted', 'reverted to'), ('unpublished', 'unpublished'), ('moved', 'changed the address'), ('scheduled', 'scheduled'), ('unscheduled', 'unscheduled'), ('not_published', 'did not publish'), ('overridden', 'approved without a second review'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed all of'), ('accepted_in_part', 'accepted in part'), ('merged', 'updated to the published text'), ('protected', 'protected'), ('released', 'unprotected'), ('recording_changed', 'changed the recording of'), ('recording_proposed', 'proposed a change to the recording of'), ('recording_rejected', 'rejected a change to the recording of'), ('recording_withdrawn', 'withdrew a change to the recording of'), ('erased', 'erased the text of'), ('heard', 'confirmed a citation'), ('heard_taken_back', 'withdrew a confirmation'), ('dismissed', 'dismissed an issue'), ('dismissal_taken_back', 'reopened an issue'), ('exempted', 'exempted a section from citations'), ('exemption_taken_back', 'withdrew an exemption'), ('filed', 'changed the topics of'), ('redacted', 'redacted a quotation of'), ('priority_changed', 'changed the priority of'), ('assigned', 'assigned'), ('review_claimed', 'started reviewing'), ('versions_discarded', 'deleted the earlier versions of'), ('discarded', 'discarded the draft'), ('shared', 'shared by link'), ('sharing_ended', 'revoked a link to'), ('edit_accepted', 'accepted a suggested edit in'), ('co_approved', 'gave one of the approvals for')], max_length=30, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='review',
            name='decision',
            field=models.CharField(choices=[('approved', 'approved'), ('changes_requested', 'changes requested'), ('rejected', 'rejected'), ('confirmed', 'confirmed after publication'), ('reviewed', 'reviewed as a whole after publication'), ('co_approved', 'approved, as one of several')], max_length=20, verbose_name='decision'),
        ),
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.CharField(blank=True, choices=[('health', 'health notice')], max_length=20, null=True, unique=True, verbose_name='notice')),
                ('group', models.ForeignKey(blank=True, help_text='One of the two approvals has to come from a member of this group. Leave empty if any two reviewers will do.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group', verbose_name='group')),
                ('show', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.show', verbose_name='show')),
                ('topic', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.topic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'rule for second approvals',
                'verbose_name_plural': 'rules for second approvals',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', True), ('show__isnull', False), ('topic__isnull', True)), models.Q(('notice__isnull', True), ('show__isnull', True), ('topic__isnull', False)), models.Q(('notice', 'health'), ('show__isnull', True), ('topic__isnull', True)), _connector='OR'), name='approvalrule_is_about_one_thing', violation_error_message='Choose a show, a topic or the health notice: one of them.')],
            },
        ),
    ]
