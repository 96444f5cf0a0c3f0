import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0029_stored_responses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="confirmation",
            name="episode",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="articles.episode"),
        ),
    ]
