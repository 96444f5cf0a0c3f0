"""Asks the database which rows hold the tokens of a query: the one place that knows SQLite from PostgreSQL.

Both answer the same question about the same tokens, and both return keys in ascending order.
"""

from dataclasses import dataclass

from django.db import connection

from articles.models import SearchEntry

from .keys import OWNERS, PLACE_BITS, of_kind, of_owner

# The first and the last article that an index of PostgreSQL knows (STRETCHES in migrations/_sql.py): each stretch has
# eight times as many as those before it, so that at most so many times too much is read, however many there are.
STRETCHES = ((1, 256), (257, 2048), (2049, 16384), (16385, OWNERS))


@dataclass(frozen=True)
class Index:
    """Where keys are looked for: SQLite's full-text table, and the table that both have."""

    fts: str
    table: str


NAMES = Index("articles_search_names", "articles_searchentry")
TEXTS = Index("articles_search_texts", "articles_searchentry")
SPOKEN = Index("articles_search_spoken", "articles_transcriptwindow")
OF_KIND = {
    SearchEntry.Kind.TITLE: NAMES,
    SearchEntry.Kind.HEADING: NAMES,
    SearchEntry.Kind.CLAIM: TEXTS,
    SearchEntry.Kind.TEXT: TEXTS,
}


@dataclass(frozen=True)
class Range:
    """The first `limit` rows of a `kind` of passage, or of all (None); with `of` those of one article only."""

    limit: int
    kind: int | None = None
    of: int | None = None

    @property
    def bounds(self):
        """The first and the last key."""
        kind = self.kind or 0
        return of_kind(kind) if self.of is None else of_owner(kind, self.of)


def keys(query, index, wanted):
    """The keys of the rows in the range `wanted` that answer `query`."""
    return [pk for (pk,) in _asked(query, index, [wanted], "{found}")]


def counts(query, index, wanted):
    """[(article, how many of its rows in the range answer)], the articles in no order."""
    owner = f"id >> {PLACE_BITS} & {OWNERS - 1}"
    counted = f"SELECT {owner} AS owner, COUNT(*) FROM ({{found}}) AS found GROUP BY owner"  # noqa: S608
    return _asked(query, index, [wanted], counted)


def rows(query, index, ranges, columns):
    """The values of `columns`, the key first, of the rows in several ranges that answer; in the order of their keys."""
    names = ", ".join(("id", *columns))
    return _asked(query, index, ranges, f"SELECT {names} FROM {index.table} WHERE id IN ({{found}}) ORDER BY id")  # noqa: S608


def _asked(query, index, ranges, statement):
    """The rows of `statement`, in which `{found}` stands for a select of the keys that were found."""
    if not query.terms or not ranges:
        return []
    if connection.vendor == "postgresql" and all(wanted.of is not None for wanted in ranges):
        found, parameters = _each_on_postgresql(query, index, ranges)
    else:
        found, parameters = _one_after_the_other(query, index, ranges)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{found}", found), parameters)
        return cursor.fetchall()


def _one_after_the_other(query, index, ranges):
    select = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    selects, parameters = zip(*(select(query, index, wanted) for wanted in ranges), strict=True)
    found = selects[0]
    if len(selects) > 1:
        parts = (f"SELECT id FROM ({written}) AS part_{number}" for number, written in enumerate(selects))  # noqa: S608
        found = " UNION ALL ".join(parts)
    return found, [one for values in parameters for one in values]


def _on_sqlite(query, index, wanted):
    if wanted.of is not None:
        return _one_by_one(query, index, wanted)
    words = f"(SELECT words FROM {index.table} WHERE id = {index.fts}.rowid)"  # noqa: S608
    sequences = f" AND instr({words}, %s) > 0" * len(query.sequences)
    statement = (
        f"SELECT rowid AS id FROM {index.fts} WHERE {index.fts} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608
        f"{sequences} ORDER BY rowid LIMIT %s"
    )
    return statement, [_fts5(query), *wanted.bounds, *query.sequences, wanted.limit]


def _one_by_one(query, index, wanted):
    """For the few rows of one article: FTS5 has to find its place in every word's list first, which takes longer."""
    tokens = [[f" {token[:-1]}" if token.endswith("*") else f" {token} " for token in one] for one in query.all_of]
    tokens += [[sequence] for sequence in query.sequences]
    conditions = " AND ".join(f"({' OR '.join(['instr(words, %s) > 0'] * len(one))})" for one in tokens)
    statement = f"SELECT id FROM {index.table} WHERE id BETWEEN %s AND %s AND {conditions} ORDER BY id LIMIT %s"  # noqa: S608
    return statement, [*wanted.bounds, *(token for one in tokens for token in one), wanted.limit]


def _on_postgresql(query, index, wanted):
    """Its index finds all rows that hold the tokens, in no order, and reading thousands of them to keep the first few
    is what takes long. So rows of a kind are asked for in stretches of articles, each of which has an index of its own:
    an Append with a LIMIT stops as soon as it has enough.
    """
    conditions, order, stretches = "", "id", [""]
    if wanted.kind is not None:
        # The sums keep rows from being read in the order of their keys or articles and compared with the query one by
        # one: how many that takes is guessed from all kinds together, and so badly.
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
    every = " UNION ALL ".join(f"({part})" for part in parts)
    return f"SELECT id FROM ({every}) AS stretches LIMIT %s", [*parameters, wanted.limit]  # noqa: S608


def _each_on_postgresql(query, index, ranges):
    """The rows of several articles: one select for all, because planning one for each takes longer than the rows."""
    bounds = ", ".join("({}, {}, {})".format(*wanted.bounds, wanted.limit) for wanted in ranges)
    sequences = " AND strpos(words, %s) > 0" * len(query.sequences)
    statement = (
        f"SELECT one.id FROM (VALUES {bounds}) AS wanted (first, last, most) CROSS JOIN LATERAL ("  # noqa: S608
        f"SELECT id FROM {index.table} WHERE id BETWEEN first AND last AND vector @@ %s::tsquery{sequences}"
        " ORDER BY id LIMIT most) AS one"
    )
    return statement, [_tsquery(query), *query.sequences]


def _fts5(query):
    """FTS5's query syntax; tokens hold none of its characters."""

    def written(token):
        return f'"{token[:-1]}" *' if token.endswith("*") else f'"{token}"'

    return " AND ".join(f"({' OR '.join(map(written, tokens))})" for tokens in query.all_of)


def _tsquery(query):
    """PostgreSQL's query syntax; tokens hold none of its characters."""

    def written(token):
        return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"

    return " & ".join(f"({' | '.join(map(written, tokens))})" for tokens in query.all_of)
