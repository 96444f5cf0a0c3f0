"""What is searched, and each database's own index of it, which the database itself keeps in step.

Both indexes know nothing but tokens between spaces (articles/search/folding.py): SQLite's FTS5 gets them through
triggers, PostgreSQL's tsvector is a generated column. Neither stems, folds or parses.
"""

import django.db.models.deletion
from django.db import migrations, models

NAMES, TEXTS, SPOKEN = "articles_search_names", "articles_search_texts", "articles_search_spoken"
# (index, table, which rows it holds)
INDEXES = [
    (NAMES, "articles_passage", "{row}.kind <= 2"),
    (TEXTS, "articles_passage", "{row}.kind >= 3"),
    (SPOKEN, "articles_spoken", "1 = 1"),
]
KINDS = [1, 2, 3, 4]


def create(apps, schema_editor):
    statements = _sqlite() if schema_editor.connection.vendor == "sqlite" else _postgresql()
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # PostgreSQL's go with the tables, and so do the triggers
        for index, *_ in INDEXES:
            for event in ("insert", "delete", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
            schema_editor.execute(f"DROP TABLE IF EXISTS {index}")
    else:
        for table in ("articles_passage", "articles_spoken"):
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN vector CASCADE")


def _sqlite():
    for index, table, condition in INDEXES:
        # Beginnings of words are asked for in names only: "=sle" has four characters, shorter ones are tokens.
        prefixes = ", prefix='4 5'" if index == NAMES else ""
        yield (
            f"CREATE VIRTUAL TABLE {index} USING fts5(words, content='{table}', content_rowid='id', detail=none,"
            f" columnsize=0, tokenize=\"ascii tokenchars '_=+<'\"{prefixes})"
        )
        add = f"INSERT INTO {index}(rowid, words) VALUES (NEW.id, NEW.words);"
        remove = f"INSERT INTO {index}({index}, rowid, words) VALUES ('delete', OLD.id, OLD.words);"
        old, new = condition.format(row="OLD"), condition.format(row="NEW")
        yield f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} WHEN {new} BEGIN {add} END"
        yield f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} WHEN {old} BEGIN {remove} END"
        yield f"CREATE TRIGGER {index}_update AFTER UPDATE OF words ON {table} WHEN {old} BEGIN {remove} {add} END"


def _postgresql():
    for table in ("articles_passage", "articles_spoken"):
        yield f"ALTER TABLE {table} ADD COLUMN vector tsvector GENERATED ALWAYS AS (words::tsvector) STORED"
        # In the row itself: of a common word the rows are read in the order of their keys, and each is asked.
        yield f"ALTER TABLE {table} ALTER COLUMN vector SET STORAGE MAIN"
    for kind in KINDS:
        yield f"CREATE INDEX articles_passage_of_kind_{kind} ON articles_passage USING gin (vector) WHERE kind = {kind}"
        yield f"CREATE INDEX articles_passage_in_kind_{kind} ON articles_passage (id) WHERE kind = {kind}"
    yield "CREATE INDEX articles_spoken_words ON articles_spoken USING gin (vector)"


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_evidence")]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigIntegerField(help_text="Kind, article and place in one number: in its order the most telling come first.", primary_key=True, serialize=False)),
                ("kind", models.PositiveSmallIntegerField(choices=[(1, "Title"), (2, "Heading"), (3, "Claim"), (4, "Text")])),
                ("text", models.TextField(help_text="What is shown: the title, the heading, the claim, or a section’s text.")),
                ("heading", models.TextField(help_text="That of the section; empty in the lead.")),
                ("anchor", models.CharField(help_text="Of the section or citation; empty in the lead.", max_length=320)),
                ("start_seconds", models.PositiveIntegerField(null=True)),
                ("end_seconds", models.PositiveIntegerField(null=True)),
                ("size", models.PositiveIntegerField(help_text="Words in `text`.")),
                ("words", models.TextField(help_text="The tokens by which it is found (articles/search/folding.py).")),
                ("digest", models.CharField(help_text="At the title: of all that the article’s rows are made from.", max_length=64)),
                ("article", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="articles.article")),
                ("episode", models.ForeignKey(help_text="Whom a claim cites.", null=True, on_delete=django.db.models.deletion.CASCADE, to="articles.episode")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Spoken",
            fields=[
                ("id", models.BigIntegerField(help_text="Episode and number of the window.", primary_key=True, serialize=False)),
                ("start_seconds", models.FloatField()),
                ("end_seconds", models.FloatField()),
                ("words", models.TextField(help_text="The tokens by which it is found.")),
                ("episode", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="articles.episode")),
            ],
            options={"ordering": ["pk"], "verbose_name_plural": "spoken"},
        ),
        migrations.RunPython(create, drop),
    ]
