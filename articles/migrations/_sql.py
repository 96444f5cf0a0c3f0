"""The SQL that Django's migrations can't express, as it stands after 0008: triggers and the databases' search indexes.

Frozen here, so that a fresh site gets what the old migrations gave older ones, whatever the application does today.
A later migration that needs other triggers brings its own statements; these don't change.
"""

SUBMITTED = "What was submitted is never changed: start a new draft from it."
RECORDED = "Records are append-only."

# The columns that a trigger protects, by table.
REVISION = ["article_id", "number", "base_id", "title", "slug", "lead", "notice", "edit_summary", "submitted_at"]
SECTION = ["revision_id", "key", "position", "level", "heading", "body"]
SOURCE = ["revision_id", "position", "key", "episode_id"]
# Without the column of words, which a redaction may replace by "Erased".
LOG_ENTRY = ["article_id", "revision_id", "action", "at", "number", "account", "digest"]
REVIEW = ["revision_id", "decision", "is_override", "at"]

NAMES, TEXTS, SPOKEN = "articles_search_names", "articles_search_texts", "articles_search_spoken"
# (full-text table, table it indexes, which of its rows)
FULL_TEXT_TABLES = [
    (NAMES, "articles_passage", "{row}.kind <= 2"),
    (TEXTS, "articles_passage", "{row}.kind >= 3"),
    (SPOKEN, "articles_spoken", "1 = 1"),
]
# PostgreSQL's index of words has no order and reads the whole list of a common word, so headings, claims and texts
# have one index for each of these stretches of articles; titles are few enough for a single one.
STRETCHES = [(1, 256), (257, 2048), (2049, 16384), (16385, 2**36)]


def create_triggers(apps, schema_editor):
    """Refuse to change what was submitted, reviewed or logged.

    Models, query sets, the admin and hand-written SQL all pass here. Three things are let through: a legal erasure,
    which sets `erased_at` first; the deletion of an account (`by_id` becomes NULL) or of a name (`by_name`); and the
    redaction of a log entry's or a review's words.
    """
    for name, table, event, condition, message in _trigger_rules():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table}"
                f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            continue
        row = "OLD" if event == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE FUNCTION freeze_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
            f" RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {row}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER freeze_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION freeze_{name}()"
        )


def drop_triggers(apps, schema_editor):
    for name, table, *_ in _trigger_rules():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS freeze_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS freeze_{name}()")


def _trigger_rules():
    """Yield (name, table, event, condition, message) for each trigger, with conditions in PostgreSQL's SQL."""
    yield (
        "revision_update",
        "articles_revision",
        "UPDATE",
        "OLD.status <> 'draft' AND ("
        f"(({_differ(REVISION)}) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL))"
        " OR NEW.status = 'draft'"
        " OR (OLD.digest <> '' AND OLD.digest <> NEW.digest)"
        " OR (OLD.erased_at IS NOT NULL AND OLD.erased_at IS DISTINCT FROM NEW.erased_at))",
        SUBMITTED,
    )
    language = f"OLD.status <> 'draft' AND {_differ(['language'])}"
    yield "revision_language", "articles_revision", "UPDATE", language, SUBMITTED
    yield "revision_delete", "articles_revision", "DELETE", "OLD.status <> 'draft'", SUBMITTED
    submitted = (
        "EXISTS (SELECT 1 FROM articles_revision r"
        " WHERE r.id = {row}.revision_id AND r.status <> 'draft' AND r.erased_at IS NULL)"
    )
    for table, columns in (("section", SECTION), ("source", SOURCE)):
        old, new = submitted.format(row="OLD"), submitted.format(row="NEW")
        update = f"({_differ(columns)}) AND ({old} OR {new})"
        yield f"{table}_insert", f"articles_{table}", "INSERT", new, SUBMITTED
        yield f"{table}_update", f"articles_{table}", "UPDATE", update, SUBMITTED
        yield f"{table}_delete", f"articles_{table}", "DELETE", old, SUBMITTED
    for table, columns, words in (("logentry", LOG_ENTRY, "note"), ("review", REVIEW, "comment")):
        update = (
            f"({_differ(columns)}) OR ({_differ([words])} AND NEW.{words} <> 'Erased')"
            f" OR (NEW.by_id IS NOT NULL AND {_differ(['by_id'])})"
        )
        yield f"{table}_update", f"articles_{table}", "UPDATE", update, RECORDED
        yield f"{table}_delete", f"articles_{table}", "DELETE", "1 = 1", RECORDED


def _differ(columns):
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def create_search(apps, schema_editor):
    """Give each database its own index of the words to search, which it keeps up to date by itself.

    Both know only tokens between spaces, which the application prepares: SQLite's FTS5 gets them through triggers,
    PostgreSQL's tsvector is a generated column. Neither stems, folds nor parses.
    """
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in _sqlite_search() if is_sqlite else _postgresql_search():
        schema_editor.execute(statement)


def drop_search(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for index, *_ in FULL_TEXT_TABLES:
            for event in ("insert", "delete", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
            schema_editor.execute(f"DROP TABLE IF EXISTS {index}")
    else:  # the indexes go with the column
        for table in ("articles_passage", "articles_spoken"):
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN vector CASCADE")


def _sqlite_search():
    for index, table, condition in FULL_TEXT_TABLES:
        # Only names are searched by the beginnings of words: "=sle" has four characters, shorter ones are tokens.
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


def _postgresql_search():
    for table in ("articles_passage", "articles_spoken"):
        yield f"ALTER TABLE {table} ADD COLUMN vector tsvector GENERATED ALWAYS AS (words::tsvector) STORED"
        # In the row itself: of a common word the rows are read in the order of their keys, and each is looked into.
        yield f"ALTER TABLE {table} ALTER COLUMN vector SET STORAGE MAIN"
    yield "CREATE INDEX articles_passage_of_kind_1 ON articles_passage USING gin (vector) WHERE kind = 1"
    for kind in (2, 3, 4):
        for number, (first, last) in enumerate(STRETCHES, 1):
            yield (
                f"CREATE INDEX articles_passage_of_kind_{kind}_{number} ON articles_passage USING gin (vector)"
                f" WHERE kind = {kind} AND article_id + 0 BETWEEN {first} AND {last}"
            )
    yield "CREATE INDEX articles_spoken_words ON articles_spoken USING gin (vector)"
