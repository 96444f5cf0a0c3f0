"""On SQLite, the words of search entries are packed, those of an article together, beside the index of them.

The column stays, and so do the triggers: the previous release, which serves while this runs and beside this one, writes
and reads words in the rows. `rebuild --stale` packs those that are there.
"""

from django.db import migrations

from articles.migrations._table_by_table import TableByTable


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TABLE articles_search_words (article_id integer NOT NULL PRIMARY KEY, packed blob NOT NULL)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE articles_search_words")


class Migration(TableByTable):
    dependencies = [
        ('articles', '0055_say_what_a_language_is_for'),
    ]

    operations = [migrations.RunPython(create, drop)]
