"""Work that takes longer than a request, and the files it makes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0032_pages_on_demand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='scheduledjob',
            name='name',
            field=models.CharField(choices=[('publishing', 'Publishing'), ('purge', 'Purge'), ('mail', 'Mail'), ('tasks', 'Tasks'), ('compaction', 'Compaction')], max_length=20, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='BackgroundTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('checks', 'Check citations'), ('export', 'Export citations'), ('import', 'Import'), ('site', 'Export the site')], max_length=20, verbose_name='kind')),
                ('arguments', models.JSONField(default=dict)),
                ('key', models.CharField(blank=True, help_text='Of several with the same key, only one waits; empty for any number.', max_length=100)),
                ('created_at', models.DateTimeField(verbose_name='started')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='waiting', max_length=20, verbose_name='state')),
                ('due_at', models.DateTimeField(help_text='Not before; later after a failed attempt.')),
                ('sent_at', models.DateTimeField(help_text='When the queue was last told.', null=True)),
                ('runs', models.PositiveIntegerField(default=0, help_text='How often a worker began it.')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Runs that failed or were killed, and this one.')),
                ('claim', models.CharField(blank=True, help_text='Of the run that may write, as long as it runs.', max_length=32)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('is_cancelled', models.BooleanField(default=False, help_text='It ends at its next step.')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0, help_text='0 if it isn’t known.')),
                ('result', models.JSONField(default=dict)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'verbose_name': 'background task',
                'verbose_name_plural': 'background tasks',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='TaskFilePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='articles.backgroundtask')),
            ],
            options={
                'verbose_name': 'part of a task’s file',
                'verbose_name_plural': 'parts of tasks’ files',
            },
        ),
        migrations.AddIndex(
            model_name='backgroundtask',
            index=models.Index(fields=['state', 'due_at'], name='task_state_due'),
        ),
        migrations.AddIndex(
            model_name='backgroundtask',
            index=models.Index(fields=['by', '-id'], name='task_of_person'),
        ),
        migrations.AddConstraint(
            model_name='backgroundtask',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting'), models.Q(('key', ''), _negated=True)), fields=('key',), name='one_waiting_task_per_key'),
        ),
        migrations.AddConstraint(
            model_name='taskfilepart',
            constraint=models.UniqueConstraint(fields=('task', 'number'), name='task_file_part_once'),
        ),
    ]
