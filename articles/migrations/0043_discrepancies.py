"""A check lists what the whole recording doesn't say like the claim: quotations, numbers and names."""

from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0041_excerpts_of_shows'),
    ]

    operations = [
        migrations.AddField(
            model_name='check',
            name='discrepancies',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='What the whole recording doesn’t say like this, each as [kind, text, closest wording, its second].'),
        ),
        migrations.AddField(
            model_name='check',
            name='discrepancy_kinds',
            field=models.CharField(blank=True, db_default='', default='', help_text='The kinds among the discrepancies, to filter by.', max_length=40),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(condition=models.Q(('discrepancy_kinds', ''), _negated=True), fields=['discrepancy_kinds'], name='check_by_discrepancies'),
        ),
    ]
