"""Rename the review lock's columns and the mark for a missing second review. No row changes."""

from django.db import migrations, models

from . import _sql


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_one_show_per_handle")]

    operations = [
        # SQLite drops a table's triggers when it rebuilds the table.
        migrations.RunPython(_sql.drop_triggers, _sql.create_triggers),
        # An index with a condition doesn't follow the renamed column.
        migrations.RemoveIndex("revision", "revision_needs_look"),
        migrations.RenameField("revision", "needs_look", "needs_second_review"),
        migrations.RenameField("revision", "looked_at_by", "review_locked_by"),
        migrations.RenameField("revision", "looked_at_by_name", "review_locked_by_name"),
        migrations.RenameField("revision", "looked_at_at", "review_locked_at"),
        migrations.AddIndex(
            "revision",
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(needs_second_review=True),
                name="revision_needs_second_review",
            ),
        ),
        migrations.RunPython(_sql.create_triggers, _sql.drop_triggers),
        migrations.AlterField(
            "article",
            "is_protected",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Only people who can protect articles can edit it.",
                verbose_name="protected",
            ),
        ),
    ]
