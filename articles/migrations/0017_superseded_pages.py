"""Delete the stored pages of superseded revisions, and let the database be compacted after an erasure."""

from django.db import migrations, models


def delete_superseded_pages(apps, schema_editor):
    Rendering = apps.get_model("articles", "Rendering")
    superseded = Rendering.objects.using(schema_editor.connection.alias).filter(revision__published_for=None)
    superseded.update(page_html="", partial_review=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_folded_handles")]

    operations = [
        migrations.AlterField(
            model_name="scheduledjob",
            name="name",
            field=models.CharField(
                choices=[("publishing", "Publishing"), ("mail", "Mail"), ("compaction", "Compaction")],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.RunPython(delete_superseded_pages, migrations.RunPython.noop),
    ]
