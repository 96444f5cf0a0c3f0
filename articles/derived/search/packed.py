"""The words of search entries on SQLite: those of an article are packed together, in a table beside the index of them.

In the rows themselves they would take more than half of a site's database. The index can't do without them: whoever
takes a row out of it must name its tokens again, and phrases of three or more words are looked for in the words. So
this module tells SQLite's full-text tables what to add and to take out; their triggers see rows without words. Rows of
the previous release still have theirs, which count; the packed ones of the same article are then out of date.

On PostgreSQL the index is a column computed from the words of its row.
"""

import json
import zlib
from functools import lru_cache

from django.db import connections, router

from articles.models import SearchEntry

from .indexes import NAMES, TEXTS
from .keys import bounds_of, kind_of, owner_of

TABLE = "articles_search_words"
_CACHED = 64  # articles whose words stay unpacked
_READ = 500  # keys read at a time


def are_packed(connection):
    """Return whether words are packed in this database."""
    return connection.vendor == "sqlite"


def add(article, words):
    """Index and keep the `words` of an article's rows, ``{key: words}``, of which none are indexed."""
    text = "\n".join(f"{key} {words[key]}" for key in sorted(words))
    with _writer().cursor() as cursor:
        _tell(cursor, words, "INSERT INTO {fts}(rowid, words) VALUES (%s, %s)")
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s, %s)", [article, zlib.compress(text.encode())])  # noqa: S608


def remove(article):
    """Take the packed words of an article out of the index, and delete them."""
    connection = _writer()
    if are_packed(connection) and (words := of_articles(connection, [article])):
        with connection.cursor() as cursor:
            _tell(cursor, words, "INSERT INTO {fts}({fts}, rowid, words) VALUES ('delete', %s, %s)")
            cursor.execute(f"DELETE FROM {TABLE} WHERE article_id = %s", [article])  # noqa: S608


def remove_all():
    """Empty the index of all articles, whose rows have been deleted."""
    connection = _writer()
    if are_packed(connection):
        with connection.cursor() as cursor:
            for index in (NAMES, TEXTS):
                cursor.execute(f"INSERT INTO {index.fts}({index.fts}) VALUES ('delete-all')")  # noqa: S608
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def of_articles(connection, articles):
    """Return ``{key: words}`` of all rows of `articles` whose words are packed."""
    listed = ", ".join(str(int(article)) for article in articles)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT packed FROM {TABLE} WHERE article_id IN ({listed})")  # noqa: S608
        found = cursor.fetchall()
    return {key: words for (packed,) in found for key, words in _unpacked(packed).items()}


def filled_in(connection, rows, column):
    """Return `rows`, each a sequence that begins with its key, with the words in the place `column`."""
    if not are_packed(connection) or not rows:
        return rows
    words = of_articles(connection, {owner_of(row[0]) for row in rows})
    return [(*row[:column], row[column] or words.get(row[0], ""), *row[column + 1 :]) for row in rows]


def rows_of_articles(connection, index, ranges, columns, is_match):
    """Return [(key, *values of `columns`)] of the first matching rows in each of `ranges`, each of one article.

    One query: the packed words come with the rows, in the place of their columns.
    """
    names, owners = ", ".join(("id", "words", *columns)), {wanted.of for wanted in ranges}
    nothing, listed = ", NULL" * len(columns), ", ".join(str(int(owner)) for owner in owners)
    select = f"SELECT {names} FROM {index.table} WHERE id BETWEEN %s AND %s"  # noqa: S608
    statement = f"SELECT article_id, packed{nothing} FROM {TABLE} WHERE article_id IN ({listed})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([statement, *[select] * len(ranges)]),
            [bound for wanted in ranges for bound in wanted.bounds],
        )
        found = sorted(cursor.fetchall())
    kept = {key: words for owner, text, *_ in found if owner in owners for key, words in _unpacked(text).items()}
    place = columns.index("words") if "words" in columns else None
    rows, left = [], {wanted.bounds: wanted.limit for wanted in ranges}
    for key, in_row, *values in found:
        bounds = bounds_of(key)
        words = in_row or kept.get(key, "")
        if not left.get(bounds) or not is_match(words):
            continue
        left[bounds] -= 1
        if place is not None:
            values[place] = words
        rows.append((key, *values))
    return rows


def keys_found(connection, index, wanted, match, is_match):
    """Return the first `wanted.limit` keys in the range that the full-text query `match` finds and whose words match."""
    found, (after, last) = [], wanted.bounds
    statement = (
        f"SELECT rowid, (SELECT words FROM {index.table} WHERE id = {index.fts}.rowid) FROM {index.fts}"  # noqa: S608
        f" WHERE {index.fts} MATCH %s AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s"
    )
    while len(found) < wanted.limit:
        with connection.cursor() as cursor:
            cursor.execute(statement, [match, after, last, _READ])
            rows = cursor.fetchall()
        there = [row for row in rows if row[1] is not None]
        found += [key for key, words in filled_in(connection, there, 1) if is_match(words)]
        if len(rows) < _READ:
            break
        after = rows[-1][0] + 1
    return found[: wanted.limit]


def selected(keys):
    """Return a select of `keys`, and its parameters."""
    return "SELECT value AS id FROM json_each(%s)", [json.dumps(keys)]


def _writer():
    return connections[router.db_for_write(SearchEntry)]


def _tell(cursor, words, statement):
    """Tell each full-text table about its rows, in ascending order: it writes what it has gathered when keys go back."""
    for index, kinds in ((NAMES, (1, 2)), (TEXTS, (3, 4))):
        rows = [(key, words[key]) for key in sorted(words) if kind_of(key) in kinds]
        cursor.executemany(statement.format(fts=index.fts), rows)


@lru_cache(maxsize=_CACHED)
def _unpacked(packed):
    lines = zlib.decompress(packed).decode().split("\n")
    return {int(key): words for key, _, words in (line.partition(" ") for line in lines)}
