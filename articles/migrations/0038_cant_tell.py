"""The automatic check may be unable to tell whether a claim is said at its timestamp."""

from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0037_excerpt_limit'),
    ]

    operations = [
        migrations.AlterField(
            model_name='check',
            name='verdict',
            field=models.CharField(choices=[('said here', 'Said Here'), ('said nearby', 'Said Nearby'), ('partly', 'Partly'), ('said elsewhere', 'Said Elsewhere'), ('not found', 'Not Found'), ("can't tell", 'Cant Tell'), ('not checked', 'Not Checked')], max_length=20),
        ),
    ]
