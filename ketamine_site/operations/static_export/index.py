"""What is in an exported folder, in a small SQLite database next to its files: so a later export knows what to leave.

Memory stays flat, and an export that was interrupted goes on where it was.
"""

import json
import sqlite3
from typing import NamedTuple

_TABLES = """
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer (
    address TEXT PRIMARY KEY, run INTEGER, scope INTEGER, version INTEGER, digest TEXT, links TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    name BLOB PRIMARY KEY, address TEXT, size INTEGER, mtime INTEGER, folder BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_address ON file (address);
CREATE INDEX IF NOT EXISTS file_folder ON file (folder);
CREATE TABLE IF NOT EXISTS header (
    variant TEXT, status INTEGER, name TEXT, value TEXT, address TEXT, PRIMARY KEY (variant, status, name)
) WITHOUT ROWID;
"""
OUTDATED = -1  # a version that nothing has


class Known(NamedTuple):
    """What an earlier export, or this one, knows of an address; `links` are the addresses found there."""

    run: int
    scope: int
    version: int
    digest: str
    links: list[str]


class Index:
    """`run` is the number of the present export."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level="IMMEDIATE")
        self.database.executescript(_TABLES)
        self.run = int(self.note("run") or 0) + 1
        self.set_note("run", self.run)
        self.commit()

    def close(self):
        self.database.close()

    def commit(self):
        self.database.commit()

    def _rows(self, sql, *values):
        return self.database.execute(sql, values)

    def note(self, name):
        row = self._rows("SELECT value FROM note WHERE name = ?", name).fetchone()
        return row and row[0]

    def set_note(self, name, value):
        self._rows("INSERT OR REPLACE INTO note VALUES (?, ?)", name, str(value))

    def known(self, address):
        sql = "SELECT run, scope, version, digest, links FROM answer WHERE address = ?"
        row = self._rows(sql, address).fetchone()
        return row and Known(*row[:4], json.loads(row[4]))

    def keep(self, address):
        """Note that the files of `address` are right."""
        self._rows("UPDATE answer SET run = ? WHERE address = ?", self.run, address)

    def keep_all_in_scopes(self):
        """Note that all files are right that are made from the database alone."""
        self._rows("UPDATE answer SET run = ? WHERE scope >= 0 AND version >= 0", self.run)

    def outdated(self):
        """Return the addresses that have to be answered again."""
        return [address for (address,) in self._rows("SELECT address FROM answer WHERE version = ?", OUTDATED)]

    def set_answer(self, address, scope, version, digest, links):
        row = (address, self.run, scope, version, digest, json.dumps(links))
        self._rows("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", *row)

    def outdate(self, address=None):
        """Have `address`, or everything, answered again."""
        if address is None:
            self._rows("UPDATE answer SET version = ?", OUTDATED)
            self._rows("DELETE FROM header")
        else:
            self._rows("UPDATE answer SET version = ?, digest = '' WHERE address = ?", OUTDATED, address)

    def files(self):
        """Yield (name, address, size, mtime in ns) of every file."""
        yield from self._rows("SELECT name, address, size, mtime FROM file")

    def files_of(self, address):
        return {name for (name,) in self._rows("SELECT name FROM file WHERE address = ?", address)}

    def files_in(self, folder):
        return {name for (name,) in self._rows("SELECT name FROM file WHERE folder = ?", folder)}

    def set_file(self, name, address, size, mtime):
        row = (name, address, size, mtime, name.rpartition(b"/")[0])
        self._rows("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", *row)

    def forget_file(self, name):
        self._rows("DELETE FROM file WHERE name = ?", name)

    def forget_missed(self):
        """Forget all addresses that this export didn't come to; returns their number. Their files are left over then."""
        self._rows("DELETE FROM file WHERE address IN (SELECT address FROM answer WHERE run <> ?)", self.run)
        return self._rows("DELETE FROM answer WHERE run <> ?", self.run).rowcount

    def linked(self, prefix):
        """Yield the links of this export’s answers that begin with `prefix`, each once."""
        sql = (
            "SELECT DISTINCT link.value FROM answer, json_each(answer.links) AS link"
            " WHERE run = ? AND substr(link.value, 1, ?) = ?"
        )
        for (link,) in self._rows(sql, self.run, len(prefix), prefix).fetchall():
            yield link

    def add_header(self, variant, status, name, value, address):
        """Note a header; returns (value, address) of an answer of the same variant that has another value, else None."""
        sql = "INSERT INTO header VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._rows(sql, variant, status, name, value, address)
        sql = "SELECT value, address FROM header WHERE variant = ? AND status = ? AND name = ? AND value <> ?"
        return self._rows(sql, variant, status, name, value).fetchone()

    def names_once(self, names):
        """Return [(key, target)] of `names`, each key once in any case of its ASCII letters, as nginx compares them."""
        self._rows("CREATE TEMP TABLE name (key TEXT PRIMARY KEY COLLATE NOCASE, target TEXT) WITHOUT ROWID")
        self.database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", names)
        return self._rows("SELECT key, target FROM name ORDER BY key").fetchall()

    def count(self):
        """Return how many addresses have files."""
        return self._rows("SELECT count(DISTINCT address) FROM file").fetchone()[0]

    def headers(self):
        """Return [(variant, status, name, value)] of all headers."""
        return self._rows("SELECT variant, status, name, value FROM header ORDER BY 1, 2, 3").fetchall()
