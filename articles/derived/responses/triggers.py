"""Triggers of the database that count changes of whatever public responses are made from.

So a stored response can't be stale, whoever changes a row: a transition, a command, a later release or hand-written
SQL. They are made again after each migration, since SQLite loses those of a table that a migration rebuilds, and a
migration may add a column.
"""

import hashlib
from contextlib import nullcontext

from django.db import connections, transaction

from .rules import SITE, rules

PREFIX = "count_public_"
PAUSE = f"{PREFIX}pause"  # on SQLite, while there are no others: lets nothing be stored that nobody would find stale


def missing(using="default"):
    """Return the names of the triggers that the database should have and doesn't."""
    connection = connections[using]
    return sorted(_wanted(connection).keys() - _existing(connection).keys())


def install(using="default"):
    """Make the database's triggers those of `rules`. If any was missing, nothing that is stored is known to be current.

    At no moment is a change that a server of the release before makes left uncounted, or taken as seen.
    """
    connection = connections[using]
    wanted, existing = _wanted(connection), _existing(connection)
    missing = sorted(wanted.keys() - existing.keys())
    with _at_once(connection), connection.cursor() as cursor:
        if missing and connection.vendor == "postgresql":
            cursor.execute(_COUNT_ON_POSTGRESQL)
        for statement in (statement for name in missing for statement in wanted[name]):
            cursor.execute(statement)
        if missing:
            _count_everything(connection)
        _drop(connection, {name: existing[name] for name in existing.keys() - wanted.keys()})
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS count_change(bigint)")  # which triggers of the release before call


def _at_once(connection):
    """Return a transaction on SQLite. On PostgreSQL, one with locks on many tables and a running server could deadlock."""
    return transaction.atomic(connection.alias) if connection.vendor == "sqlite" else nullcontext()


def _count_everything(connection):
    """Forget all stored responses, and refuse those that are being rendered: count a change in every scope."""
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        # The site first, as others lock them. `WHERE true` tells SQLite that ON begins no join.
        for scopes in (f"SELECT {SITE}, 1, 0", "SELECT id, 1, 0 FROM articles_article"):
            cursor.execute(
                f"INSERT INTO articles_publicversion (scope, number, purged) {scopes} WHERE true"
                " ON CONFLICT (scope) DO UPDATE SET number = articles_publicversion.number + 1"
            )
        cursor.execute("DELETE FROM articles_storedresponse")


def remove_before_migration(sender, using, plan, **options):
    """Receive Django's signal: SQLite can't rebuild a table that a trigger of another one reads.

    Until they are back, a server of the release before that still runs finds nothing stored and stores nothing.
    """
    connection = connections[using]
    if plan and connection.vendor == "sqlite" and (existing := _existing(connection)):
        with transaction.atomic(using), connection.cursor() as cursor:
            _drop(connection, existing)
            cursor.execute("DELETE FROM articles_storedresponse")
            cursor.execute(
                f"CREATE TRIGGER {PAUSE} BEFORE INSERT ON articles_storedresponse BEGIN SELECT RAISE(IGNORE); END"
            )


def install_after_migration(sender, using, **options):
    """Receive Django's signal, also after migrating back to before there were all tables."""
    tables = set(connections[using].introspection.table_names())
    if {model._meta.db_table for model in sender.get_models(include_auto_created=True)} <= tables:
        install(using)


def _existing(connection):
    """Return {name: table} of the triggers that are there."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[connection.vendor], [f"{PREFIX}%"])
        return dict(cursor.fetchall())


_NAMES = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
}


def _drop(connection, triggers):
    with connection.cursor() as cursor:
        for name, table in triggers.items():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")


def _wanted(connection):
    """Return {name: statements} of the triggers that should be there."""
    return dict(_sqlite() if connection.vendor == "sqlite" else _postgresql())


def _triggers():
    """Yield (name, rule, event, condition, expressions of the scopes) of each trigger."""
    for number, rule in enumerate(rules()):
        new, old = (rule.condition.format(row=row) for row in ("NEW", "OLD"))
        of_new, of_old = (rule.scope.format(row=row) for row in ("NEW", "OLD"))
        table = rule.model._meta.db_table
        if rule.is_seen_alone:
            yield f"{table}_{number}_i", rule, "INSERT", new, [of_new]
            yield f"{table}_{number}_d", rule, "DELETE", old, [of_old]
        columns = rule.columns or [field.column for field in rule.model._meta.concrete_fields]
        differ = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)
        yield f"{table}_{number}_u", rule, "UPDATE", f"(({old}) OR ({new})) AND ({differ})", dict.fromkeys([of_old, of_new])  # fmt: skip


def _is_select(scope):
    return scope.startswith("SELECT ")


def _named(name, text):
    """Return the name of a trigger: it changes with its text, so that a changed trigger is replaced."""
    return f"{PREFIX}{name.removeprefix('articles_')[:36]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


# On SQLite a row's triggers take several times as long as its change, so the most frequent ones are short. No upsert: a
# statement such as INSERT OR IGNORE would override what it does on a conflict.
_COUNT_ONE = (
    " INSERT INTO articles_publicversion (scope, number, purged) SELECT {0}, 0, 0"
    " WHERE {0} IS NOT NULL AND {0} NOT IN (SELECT p.scope FROM articles_publicversion p);"
    " UPDATE articles_publicversion SET number = number + 1 WHERE scope = {0};"
)
_COUNT_MANY = (
    " INSERT INTO articles_publicversion (scope, number, purged) SELECT changed.scope, 0, 0 FROM ({0}) AS changed"
    " WHERE changed.scope IS NOT NULL AND changed.scope NOT IN (SELECT p.scope FROM articles_publicversion p)"
    " GROUP BY changed.scope;"
    " UPDATE articles_publicversion SET number = number + 1 WHERE scope IN ({0});"
)


def _sqlite():
    for short, rule, event, condition, scopes in _triggers():
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        counting = "".join((_COUNT_MANY if _is_select(scope) else _COUNT_ONE).format(scope) for scope in scopes)
        text = f"AFTER {event} ON {rule.model._meta.db_table} WHEN {condition} BEGIN{counting} END"
        yield (name := _named(short, text)), [f"CREATE TRIGGER {name} {text}"]


# Counts each once per transaction, since its settings end with it. They are in a single one: the time that adding a
# setting takes grows with how many there are, and the page of every article may name the same show.
_COUNT_ON_POSTGRESQL = """\
CREATE OR REPLACE FUNCTION count_changes(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$ DECLARE
    counted text := COALESCE(NULLIF(current_setting('articles.changed', true), ''), ' ');
BEGIN
    IF cardinality(changed) < 100 THEN
        changed := ARRAY(SELECT DISTINCT scope FROM unnest(changed) AS scope WHERE scope IS NOT NULL
            AND strpos(counted, ' ' || scope || ' ') = 0 ORDER BY scope);
    ELSE
        changed := ARRAY(SELECT DISTINCT scope FROM unnest(changed) AS scope WHERE scope IS NOT NULL
            AND scope NOT IN (SELECT unnest(string_to_array(btrim(counted), ' ')::bigint[])) ORDER BY scope);
    END IF;
    IF changed = '{}' THEN RETURN; END IF;
    INSERT INTO articles_publicversion (scope, number, purged) SELECT scope, 1, 0 FROM unnest(changed) AS scope
        ON CONFLICT (scope) DO UPDATE SET number = articles_publicversion.number + 1;
    PERFORM set_config('articles.changed', counted || array_to_string(changed, ' ') || ' ', true);
END $$"""


def _postgresql():
    """Triggers that run when a transaction ends: until then it would keep all others that change anything waiting.

    Each begins with the site, so that two transactions wait for each other in the same order.
    """
    for short, rule, event, condition, scopes in _triggers():
        changed = " UNION ALL ".join(
            [f"SELECT {SITE}::bigint", *(f"({scope if _is_select(scope) else f'SELECT {scope}'})" for scope in scopes)]
        )
        body = f"BEGIN IF {condition} THEN PERFORM count_changes(ARRAY({changed})); END IF; RETURN NULL; END"
        table = rule.model._meta.db_table
        name = _named(short, f"{event} {table} {body}")
        when = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        yield (
            name,
            [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
                f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} {when} EXECUTE FUNCTION {name}()",
            ],
        )
