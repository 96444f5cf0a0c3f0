"""An issue of all citations of a recording in a published text, and the citations that it explains."""

import django.db.models.deletion
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0043_discrepancies'),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('other recording', 'Other Recording'), ('shifted', 'Shifted'), ('hours too late', 'Hours Too Late'), ('minutes as hours', 'Minutes As Hours'), ('past the end', 'Past End')], max_length=20)),
                ('offset_seconds', models.IntegerField(help_text='For “shifted”: the seconds to be added to the timestamps.', null=True)),
                ('explained_count', models.PositiveIntegerField(help_text='Citations that it explains, with marks past the end.')),
                ('citation_count', models.PositiveIntegerField(help_text='Citations of the recording, with marks past the end.')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='articles.episode')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='articles.revision')),
            ],
            options={
                'verbose_name': 'issue of a source',
                'verbose_name_plural': 'issues of sources',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='citation',
            name='source_issue',
            field=models.ForeignKey(help_text='The issue of all citations of the recording that explains this one’s.', null=True, on_delete=django.db.models.deletion.SET_NULL, to='articles.sourceissue'),
        ),
        migrations.AddConstraint(
            model_name='sourceissue',
            constraint=models.UniqueConstraint(fields=('revision', 'episode'), name='source_issue_unique_per_source'),
        ),
    ]
