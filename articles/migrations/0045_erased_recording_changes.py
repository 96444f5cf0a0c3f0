"""Let what was typed into a change of a recording be erased, as 0040 lets names be withheld."""

from importlib import import_module

from django.db import migrations, models

people = import_module("articles.migrations.0040_recorded_people")


def let_be_erased(apps, schema_editor):
    conditions = [
        f"({people._differ([name])} AND {{{name}}} NOT LIKE '%{people.WITHHELD}%' AND {{{name}}} NOT LIKE '%Erased%')"
        for name in people.NAMED
    ]
    people._replace(schema_editor, " OR ".join(conditions))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0044_source_issues"),
    ]

    operations = [
        migrations.AlterField(
            model_name="quotation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("comment", "comment"),
                    ("challenge", "correction request"),
                    ("log", "log entry"),
                    ("review", "review"),
                    ("notice", "inbox notice"),
                    ("dismissal", "dismissed issue"),
                    ("exemption", "exemption from citations"),
                    ("recording", "recording change"),
                    ("revision", "another revision"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(let_be_erased, people.withhold_names),
    ]
