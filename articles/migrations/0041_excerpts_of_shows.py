"""Shows may allow excerpts too; where not all fit within the limit, some are left out."""

from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0040_recorded_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='check',
            name='is_excerpt_left_out',
            field=models.BooleanField(db_default=False, default=False, help_text='Readers don’t see the excerpt, because riskier citations use up what may be shown. Derived.'),
        ),
        migrations.AddField(
            model_name='show',
            name='allows_excerpts',
            field=models.BooleanField(db_default=False, default=False, help_text='The publisher allows a short transcript excerpt next to each citation of this show’s episodes.', verbose_name='public excerpts'),
        ),
    ]
