"""Whether a claim is somebody’s words in a block quote; the rows are derived again with those of an earlier renderer."""

from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0056_pack_search_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='check',
            name='is_quotation',
            field=models.BooleanField(db_default=False, default=False, help_text='Whether the claim is quoted in a block quote, without marks.'),
        ),
        migrations.AddField(
            model_name='citation',
            name='is_quotation',
            field=models.BooleanField(db_default=False, default=False, help_text='Whether the claim is quoted in a block quote, without marks.'),
        ),
    ]
