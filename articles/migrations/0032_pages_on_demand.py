"""The page of an article is made for whoever first asks for it, and then stored as a complete response.

The previous release serves while this runs and beside this one, so `page_html`, which it reads and writes, stays for one
release. A default in the database lets each release add rows without the column that only the other knows: the
previous one without `page_changes`, the next one without `page_html`, which its migration can then drop.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0031_notices_of_recording_changes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rendering',
            name='page_html',
            field=models.TextField(db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='rendering',
            name='page_changes',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='How often anything else that the article’s page shows has changed.'),
        ),
    ]
