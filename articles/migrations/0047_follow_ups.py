"""How readers hear what came of their correction requests."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0046_reverts_and_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Names the page, once it is signed.', unique=True)),
                ('audience', models.CharField(choices=[('team', 'Only the team'), ('reader', 'Also the reader who asked'), ('public', 'Everyone, in the version history')], default='team', max_length=20)),
                ('address', models.EmailField(blank=True, help_text='Only for the mail with the outcome; nobody sees it.', max_length=254)),
                ('expires_at', models.DateTimeField(help_text='When the address is deleted, sent or not.', null=True)),
                ('mail', models.CharField(choices=[('none', 'no mail'), ('waiting', 'to be mailed'), ('sent', 'mailed'), ('failed', 'can’t be delivered')], default='none', max_length=20)),
                ('mail_due_at', models.DateTimeField(help_text='Empty until there is an outcome.', null=True)),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('address_digest', models.CharField(blank=True, max_length=64)),
                ('correction_request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up', to='articles.correctionrequest', verbose_name='correction request')),
            ],
            options={
                'verbose_name': 'outcome for a reader',
                'verbose_name_plural': 'outcomes for readers',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['mail', 'mail_due_at'], name='follow_up_to_mail'), models.Index(fields=['address_digest'], name='follow_up_by_address')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mail', 'waiting'), ('address', ''), _connector='XOR'), name='follow_up_keeps_no_address')],
            },
        ),
    ]
