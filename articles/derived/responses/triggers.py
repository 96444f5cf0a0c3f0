"""Triggers of the database that count changes of whatever public responses are made from.

So a stored response can't be stale, whoever changes a row: a transition, a command, a later release or hand-written
SQL. They are made anew after each migration, since SQLite loses those of a table that a migration rebuilds, and a
migration may add a column.
"""

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connections, transaction

from articles import models

SITE = 0  # the scope of everything but the pages of articles
PREFIX = "count_public_"
PAUSE = f"{PREFIX}pause"  # on SQLite, while there are no others: lets nothing be stored that nobody would find stale

_OF_PUBLIC_TEXT = (
    "EXISTS (SELECT 1 FROM articles_revision r WHERE r.id = {row}.revision_id AND r.status IN ('approved', 'received'))"
)
_PUBLIC_TEXT = "{row}.status IN ('approved', 'received')"
_ARTICLE_OF_TEXT = "(SELECT r.article_id FROM articles_revision r WHERE r.id = {row}.revision_id)"


@dataclass(frozen=True)
class Rule:
    """Changes of these `columns` (all if empty) of rows that meet `condition` count in `scope`, an SQL expression.

    `{row}` stands for the row in both. A row that others must refer to before it is seen has no `is_seen_alone`: only
    its changes count, not its coming and going.
    """

    model: type
    condition: str = "1 = 1"
    scope: str = str(SITE)
    columns: tuple[str, ...] = ()
    is_seen_alone: bool = True


def rules():
    """Return the rules for all tables that public responses read, and for the parts of an article's page."""
    article, user = models.Article, get_user_model()
    published = "{row}.published_revision_id IS NOT NULL"
    address = ("slug", "published_revision_id")
    whole = (
        models.PreviousSlug,
        article.topics.through,
        models.Topic,
        models.Show,
        models.Episode,
        models.Chapter,
        models.Edition,
        models.Stretch,
        models.Transcript,
        models.Confirmation,
        models.Dismissal,
        models.Exemption,
        models.Review,
        models.LogEntry,
        models.ChainLink,
        models.Profile,
        user.groups.through,
        user.user_permissions.through,
        Group,
        Group.permissions.through,
    )
    of_texts = (models.Section, models.Source, models.Citation, models.Contributor, models.Rendering, models.Link)
    return [
        *(Rule(model) for model in whole),
        *(Rule(model, _OF_PUBLIC_TEXT) for model in of_texts),
        Rule(models.Revision, _PUBLIC_TEXT),
        Rule(models.Check, is_seen_alone=False),
        Rule(user, columns=("is_active", "is_staff", "is_superuser"), is_seen_alone=False),
        Rule(article, published, columns=(*address, "published_at", "first_published_at")),
        # What `RenderingQuerySet.of_published` reads.
        Rule(article, published, "{row}.id", address),
        Rule(models.Revision, _PUBLIC_TEXT, "{row}.article_id", ("title",)),
        Rule(models.Rendering, _OF_PUBLIC_TEXT, _ARTICLE_OF_TEXT, ("lead_text", "page_html")),
        Rule(models.RelatedArticles, scope="{row}.article_id"),
    ]


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


def _named(name, text):
    """Return the name of a trigger: it changes with its text, so that a changed trigger is replaced."""
    return f"{PREFIX}{name.removeprefix('articles_')[:36]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _sqlite():
    for short, rule, event, condition, scopes in _triggers():
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        # No upsert: a statement such as INSERT OR IGNORE would override what it does on a conflict.
        counting = "".join(
            f" INSERT INTO articles_publicversion (scope, number, purged) SELECT {scope}, 0, 0"  # noqa: S608
            f" WHERE {scope} IS NOT NULL AND {scope} NOT IN (SELECT scope FROM articles_publicversion);"
            f" UPDATE articles_publicversion SET number = number + 1 WHERE scope = {scope};"
            for scope in scopes
        )
        text = f"AFTER {event} ON {rule.model._meta.db_table} WHEN {condition} BEGIN{counting} END"
        yield (name := _named(short, text)), [f"CREATE TRIGGER {name} {text}"]


# Counts once per transaction: its settings end with it.
_COUNT_ON_POSTGRESQL = """\
CREATE OR REPLACE FUNCTION count_change(changed bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF changed IS NULL OR current_setting('articles.changed_' || changed, true) = 'yes' THEN RETURN; END IF;
    INSERT INTO articles_publicversion (scope, number, purged) VALUES (changed, 1, 0)
        ON CONFLICT (scope) DO UPDATE SET number = articles_publicversion.number + 1;
    PERFORM set_config('articles.changed_' || changed, 'yes', true);
END $$"""


def _postgresql():
    """Triggers that run when a transaction ends: until then it would keep all others that change anything waiting.

    Each begins with the site, so that two transactions wait for each other in the same order.
    """
    for short, rule, event, condition, scopes in _triggers():
        counting = "".join(f" PERFORM count_change({scope});" for scope in scopes)
        body = f"BEGIN IF {condition} THEN PERFORM count_change({SITE});{counting} END IF; RETURN NULL; END"
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
