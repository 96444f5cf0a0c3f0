"""The passages that margin comments are about."""

import django.db.models.deletion
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0048_share_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommentedPassage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_heading', models.BooleanField(default=False, help_text='In the section’s heading or, without one, in the title.')),
                ('prefix', models.TextField(blank=True)),
                ('suffix', models.TextField(blank=True)),
                ('start', models.PositiveIntegerField(help_text='In characters, from the beginning of the section’s text.')),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='passage', to='articles.comment')),
            ],
            options={
                'verbose_name': 'commented passage',
                'verbose_name_plural': 'commented passages',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
    ]
