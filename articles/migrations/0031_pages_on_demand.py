"""The page of an article is made for whoever first asks for it, and then stored as a complete response."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0030_confirmed_episodes'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='rendering',
            name='page_html',
        ),
        migrations.AddField(
            model_name='rendering',
            name='page_changes',
            field=models.PositiveIntegerField(default=0, help_text='How often anything else that the article’s page shows has changed.'),
        ),
    ]
