"""PostgreSQL's indexes of words, cut where articles/search/matching.py asks for the first of many rows.

Such an index has no order and reads the whole list of a common word, so each stretch of articles gets one of its own.
"""

from django.db import migrations

FIRST_OF = [1, 257, 2049, 16385]
LAST_OF = [256, 2048, 16384, 2**36]
KINDS = [2, 3, 4]  # of titles there are few enough


def cut(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for kind in KINDS:
        schema_editor.execute(f"DROP INDEX articles_passage_of_kind_{kind}")
        for stretch, (first, last) in enumerate(zip(FIRST_OF, LAST_OF, strict=True), 1):
            schema_editor.execute(
                f"CREATE INDEX articles_passage_of_kind_{kind}_{stretch} ON articles_passage USING gin (vector)"
                f" WHERE kind = {kind} AND article_id + 0 BETWEEN {first} AND {last}"
            )
    for kind in [1, *KINDS]:  # the primary key serves as well
        schema_editor.execute(f"DROP INDEX articles_passage_in_kind_{kind}")


def join(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for kind in KINDS:
        for stretch in range(1, len(FIRST_OF) + 1):
            schema_editor.execute(f"DROP INDEX articles_passage_of_kind_{kind}_{stretch}")
        schema_editor.execute(
            f"CREATE INDEX articles_passage_of_kind_{kind} ON articles_passage USING gin (vector) WHERE kind = {kind}"
        )
    for kind in [1, *KINDS]:
        schema_editor.execute(
            f"CREATE INDEX articles_passage_in_kind_{kind} ON articles_passage (id) WHERE kind = {kind}"
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_around")]

    operations = [migrations.RunPython(cut, join)]
