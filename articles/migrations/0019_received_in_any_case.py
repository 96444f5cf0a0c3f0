"""An import looks for the article that came under the same name in any case; without an index it read all of them."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_ranks")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(Lower("received_as"), name="article_received_in_any_case"),
        ),
    ]
