"""Queries the database for rows with the tokens of a query; the only module that distinguishes SQLite and PostgreSQL.

Both give the same results for the same tokens, with keys in ascending order.
"""

from dataclasses import dataclass

from django.db import connections, router

from articles.models import SearchEntry

from . import packed
from .indexes import NAMES, OF_KIND, SPOKEN, TEXTS
from .keys import OWNERS, PLACE_BITS, bounds

__all__ = ["NAMES", "OF_KIND", "SPOKEN", "TEXTS", "Range", "counts", "keys", "rows"]

# The first and last article in each partial index on PostgreSQL (STRETCHES in migrations/_sql.py). Each stretch ends
# at eight times the previous end, so at most eight times too much is read, however many articles there are.
STRETCHES = ((1, 256), (257, 2048), (2049, 16384), (16385, OWNERS))


@dataclass(frozen=True)
class Range:
    """The first `limit` rows of a `kind`, or of all kinds (None); with `of`, only those of the article with this id."""

    limit: int
    kind: int | None = None
    of: int | None = None

    @property
    def bounds(self):
        """The first and last key of the range."""
        return bounds(self.kind or 0, self.of)


def keys(query, index, wanted):
    """Return the keys of the rows in the range `wanted` that match `query`."""
    return [pk for (pk,) in _fetch(query, index, [wanted], "{found}")]


def counts(query, index, wanted):
    """Return [(article id, number of its matching rows in the range)], unordered."""
    owner = f"id >> {PLACE_BITS} & {OWNERS - 1}"
    counted = f"SELECT {owner} AS owner, COUNT(*) FROM ({{found}}) AS found GROUP BY owner"  # noqa: S608
    return _fetch(query, index, [wanted], counted)


def rows(query, index, ranges, columns):
    """Return (key, *values of `columns`) of the matching rows in several ranges, ordered by key."""
    connection = _reader()
    if _are_of_articles(ranges) and packed.are_packed(connection) and query.terms:
        return packed.rows_of_articles(connection, index, ranges, columns, _matcher(query))
    names = ", ".join(("id", *columns))
    return _fetch(query, index, ranges, f"SELECT {names} FROM {index.table} WHERE id IN ({{found}}) ORDER BY id")  # noqa: S608


def _are_of_articles(ranges):
    return bool(ranges) and all(wanted.of is not None for wanted in ranges)


def _reader():
    return connections[router.db_for_read(SearchEntry)]


def _fetch(query, index, ranges, statement):
    """Return the rows of `statement`, in which `{found}` is a placeholder for a select of the matching keys."""
    if not query.terms or not ranges:
        return []
    connection = _reader()
    if packed.are_packed(connection) and index is not SPOKEN and (query.sequences or _are_of_articles(ranges)):
        select, parameters = packed.selected(_keys_by_words(connection, query, index, ranges))
    elif connection.vendor == "postgresql" and _are_of_articles(ranges):
        select, parameters = _ranges_on_postgresql(query, index, ranges)
    else:
        select, parameters = _union_of_ranges(connection.vendor, query, index, ranges)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{found}", select), parameters)
        return cursor.fetchall()


def _union_of_ranges(vendor, query, index, ranges):
    select_range = _on_sqlite if vendor == "sqlite" else _on_postgresql
    selects, parameters = zip(*(select_range(query, index, wanted) for wanted in ranges), strict=True)
    union = selects[0]
    if len(selects) > 1:
        parts = (f"SELECT id FROM ({select}) AS part_{number}" for number, select in enumerate(selects))  # noqa: S608
        union = " UNION ALL ".join(parts)
    return union, [value for values in parameters for value in values]


def _on_sqlite(query, index, wanted):
    words = f"(SELECT words FROM {index.table} WHERE id = {index.fts}.rowid)"  # noqa: S608
    # Whoever deletes a row whose words are packed, other than by `indexing`, leaves it in the full-text table.
    is_there = "" if index is SPOKEN else f" AND {words} IS NOT NULL"
    sequences = f"{is_there}{f' AND instr({words}, %s) > 0' * len(query.sequences)}"
    statement = (
        f"SELECT rowid AS id FROM {index.fts} WHERE {index.fts} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608
        f"{sequences} ORDER BY rowid LIMIT %s"
    )
    return statement, [_fts5(query), *wanted.bounds, *query.sequences, wanted.limit]


def _keys_by_words(connection, query, index, ranges):
    """Return the keys of the matching rows, whose words are packed and so no part of a statement."""
    if _are_of_articles(ranges):
        return [key for (key,) in packed.rows_of_articles(connection, index, ranges, [], _matcher(query))]
    found = (packed.keys_found(connection, index, wanted, _fts5(query), _matcher(query)) for wanted in ranges)
    return [key for keys_of_range in found for key in keys_of_range]


def _matcher(query):
    """Return what says whether a row's words match.

    The rows of an article are few, so that the index, which searches the list of every word, would be slower.
    """
    every = [[f" {token[:-1]}" if token.endswith("*") else f" {token} " for token in tokens] for tokens in query.all_of]
    every += [[sequence] for sequence in query.sequences]
    return lambda words: all(any(token in words for token in tokens) for tokens in every)


def _on_postgresql(query, index, wanted):
    """Select from one partial index after another.

    PostgreSQL's index finds all rows with the tokens, unordered, and reading thousands of them to keep the first few is
    slow. So rows of a kind are selected by stretches of articles, each of which has its own index: an Append with a
    LIMIT stops as soon as it has enough rows.
    """
    conditions, order, stretches = "", "id", [""]
    if wanted.kind is not None:
        # The additions keep the planner from scanning rows in the order of their keys or articles and comparing each
        # with the query, because it estimates the costs from all kinds together, and so badly.
        order = "id + 0"
        conditions = f" AND kind = {int(wanted.kind)}"
        if wanted.kind != SearchEntry.Kind.TITLE:
            stretches = [f" AND article_id + 0 BETWEEN {first} AND {last}" for first, last in STRETCHES]
    sequences = " AND strpos(words, %s) > 0" * len(query.sequences)
    parts = [
        f"SELECT id FROM {index.table} WHERE vector @@ %s::tsquery{conditions}{stretch}{sequences}"  # noqa: S608
        f" ORDER BY {order} LIMIT %s"
        for stretch in stretches
    ]
    parameters = [_tsquery(query), *query.sequences, wanted.limit] * len(parts)
    if len(parts) == 1:
        return parts[0], parameters
    union = " UNION ALL ".join(f"({part})" for part in parts)
    return f"SELECT id FROM ({union}) AS stretches LIMIT %s", [*parameters, wanted.limit]  # noqa: S608


def _ranges_on_postgresql(query, index, ranges):
    """Select the rows of several articles in one statement, because planning one for each takes longer than running it."""
    bounds = ", ".join("({}, {}, {})".format(*wanted.bounds, wanted.limit) for wanted in ranges)
    sequences = " AND strpos(words, %s) > 0" * len(query.sequences)
    statement = (
        f"SELECT one.id FROM (VALUES {bounds}) AS wanted (first, last, most) CROSS JOIN LATERAL ("  # noqa: S608
        f"SELECT id FROM {index.table} WHERE id BETWEEN first AND last AND vector @@ %s::tsquery{sequences}"
        " ORDER BY id LIMIT most) AS one"
    )
    return statement, [_tsquery(query), *query.sequences]


def _fts5(query):
    """Return the query in FTS5's syntax."""
    return _boolean(query, '"{}"', '"{}" *', " OR ", " AND ")


def _tsquery(query):
    """Return the query in PostgreSQL's tsquery syntax."""
    return _boolean(query, "'{}'", "'{}':*", " | ", " & ")


def _boolean(query, whole, beginning, either, both):
    """Return the query in a syntax, none of whose special characters tokens contain."""
    terms = (
        [beginning.format(token[:-1]) if token.endswith("*") else whole.format(token) for token in tokens]
        for tokens in query.all_of
    )
    return both.join(f"({either.join(term)})" for term in terms)
