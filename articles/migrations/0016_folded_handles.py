"""Handles are compared in Unicode's folded form, on every database: `Ärzte` and `ärzte` are one show."""

import unicodedata
from importlib import import_module

from django.db import migrations, models

EARLIER = import_module("articles.migrations.0013_one_show_per_handle")


def folded(name):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def merge_shows(apps, schema_editor):
    EARLIER.merge_shows(apps, schema_editor, folded)
    Show = apps.get_model("articles", "Show")
    shows = list(Show.objects.only("handle"))
    for show in shows:
        show.handle_key = folded(show.handle)
    Show.objects.bulk_update(shows, ["handle_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_review_whole_texts")]

    operations = [
        migrations.AddField(
            model_name="show",
            name="handle_key",
            field=models.CharField(default="", editable=False, max_length=1000),
            preserve_default=False,
        ),
        migrations.RunPython(merge_shows, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="show", name="show_handle_unique_in_any_case"),
        migrations.AddConstraint(
            model_name="show",
            constraint=models.UniqueConstraint(
                fields=["handle_key"],
                name="show_handle_key_unique",
                violation_error_message="Another show has this handle, perhaps in upper or lower case.",
            ),
        ),
    ]
