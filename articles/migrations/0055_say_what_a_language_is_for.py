"""What the language of a text is for, and what an empty one means: that it isn’t known."""

import django.core.validators
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0054_second_approvals'),
    ]

    operations = [
        migrations.AlterField(
            model_name='revision',
            name='language',
            field=models.CharField(blank=True, default='', help_text='The language of the text, as a tag: pt, pt-BR, ar. Screen readers and search engines go by it. Leave empty if it isn’t known.', max_length=35, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\\Z', 'Enter a language tag such as pt, pt-BR or zh-Hant.')], verbose_name='language'),
        ),
    ]
