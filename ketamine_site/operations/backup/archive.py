"""The archive: a tar file, compressed with gzip, that ends with the SHA-256 of each of its members.

backup.json             what made it: format, version, time, database, migrations
settings.env            the environment, without secrets
database.sqlite3        the database; with PostgreSQL one database/<table>.csv for each table
media/…                 the uploads
SHA256SUMS              as `sha256sum --check` reads it; an archive without it isn't complete
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import time
import zlib
from contextlib import contextmanager

DESCRIPTION, SETTINGS, SUMS = "backup.json", "settings.env", "SHA256SUMS"
SQLITE, TABLE, MEDIA = "database.sqlite3", re.compile(r"database/(\w+)\.csv", re.ASCII), "media/"
FORMAT, VERSION = "cited articles: backup", 1
SMALL_BYTES = 256 * 1024 * 1024  # of the members that are read into memory
LEVEL = 3  # of compression: uploads can't be compressed further, and level 6 takes twice the time for a tenth

UNREADABLE = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


class BackupError(Exception):
    """A backup can't be made or restored; the message says why and what to do."""


class Writer:
    """Writes an archive to `file`, open for writing bytes."""

    def __init__(self, file):
        self._tar = tarfile.open(fileobj=file, mode="w:gz", compresslevel=LEVEL, format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._sums = []

    def add(self, name, file, size):
        """Add the next `size` bytes of `file`, open for reading bytes. Raises OSError if it has fewer."""
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(time.time()), 0o600
        hashing = _Hashing(file)
        self._tar.addfile(member, hashing)
        self._sums.append(sum_line(hashing.digest(), name))

    def add_text(self, name, text):
        data = text.encode()
        self.add(name, io.BytesIO(data), len(data))

    def finish(self):
        data = "".join(self._sums).encode("utf-8", "surrogateescape")
        self.add(SUMS, io.BytesIO(data), len(data))
        self._tar.close()


class Reader:
    """Reads an archive from `file`, open for reading bytes from its start, which messages call `name`."""

    def __init__(self, file, name):
        self._file, self._name = file, name

    def verify(self):
        """Return (description, {name: size in bytes}) if all members are there, undamaged, and as a backup has them.

        Reads the whole archive and writes nothing. Raises `BackupError`.
        """
        description, sums, found, sizes = None, None, {}, {}
        with self._tar() as tar:
            for member in tar:
                if sums is not None or member.name in found:
                    raise self._damaged(f"{member.name!r} is there twice, or after the checksums")
                self._require_plain(member)
                if description is None and member.name != DESCRIPTION:
                    raise self._foreign()
                hashing = _Hashing(tar.extractfile(member))
                if member.name == SUMS:
                    sums = _parse_sums(_small(hashing, member))
                    continue
                if member.name == DESCRIPTION:
                    description = self._described(_small(hashing, member))
                hashing.exhaust()
                found[member.name], sizes[member.name] = hashing.digest(), member.size
            if description is None:
                raise self._foreign()
            if sums is None:
                raise self._damaged("it ends before its checksums")
            while tar.fileobj.read(1 << 20):  # to the end, where gzip has a checksum of its own
                pass
        if wrong := sorted(name for name in {*found, *sums} if found.get(name) != sums.get(name)):
            raise self._damaged(f"{wrong[0]!r} isn’t what was backed up, or is missing")
        self._sums = sums
        return description, sizes

    def members(self):
        """Yield (name, file) for each member but the checksums, after `verify`. Raises `BackupError`.

        Each is compared with its checksum again once the caller has read it.
        """
        with self._tar() as tar:
            for member in tar:
                if member.name == SUMS:
                    continue
                self._require_plain(member)
                hashing = _Hashing(tar.extractfile(member))
                yield member.name, hashing
                hashing.exhaust()
                if hashing.digest() != self._sums.get(member.name):
                    raise self._damaged(f"{member.name!r} has changed since it was verified")

    @contextmanager
    def _tar(self):
        """Open the archive from its start; what can't be read is a `BackupError`."""
        self._file.seek(0)
        try:
            tar = tarfile.open(fileobj=self._file, mode="r:gz")  # noqa: SIM115
        except UNREADABLE as error:
            raise self._foreign() from error
        with tar:
            try:
                yield tar
            except UNREADABLE as error:
                raise self._damaged(str(error)) from error

    def _require_plain(self, member):
        """Refuse what no backup has: other names than ours, paths that lead elsewhere, and anything but a file."""
        name = member.name
        is_ours = name in {DESCRIPTION, SETTINGS, SQLITE, SUMS} or TABLE.fullmatch(name)
        if not is_ours and name.startswith(MEDIA):
            parts = name.removeprefix(MEDIA).split("/")
            is_ours = not any(part in {"", ".", ".."} or "\0" in part for part in parts)
        if not (is_ours and member.isreg()):
            raise BackupError(
                f"{self._name} isn’t a backup of this site that can be trusted: it contains {name!r}, which would be "
                "written elsewhere or isn’t a file. Nothing was changed. Use a backup that you made yourself."
            )

    def _described(self, text):
        try:
            description = json.loads(text)
            is_ours = description["format"] == FORMAT and isinstance(description["version"], int)
        except (ValueError, KeyError, TypeError):
            is_ours = False
        if not is_ours:
            raise self._foreign()
        if description["version"] > VERSION:
            raise BackupError(
                f"{self._name} was made by a later release (format {description['version']}, this one reads {VERSION}). "
                "Install that release, then restore it."
            )
        return description

    def _foreign(self):
        return BackupError(
            f"{self._name} isn’t a backup of this site. Give a file that `manage.py backup` has written."
        )

    def _damaged(self, why):
        return BackupError(
            f"{self._name} is damaged or incomplete: {why}. Nothing was changed. Copy it again from where it was kept, or "
            "use an earlier backup."
        )


class _Hashing(io.RawIOBase):
    """A file that computes the SHA-256 of what is read from it."""

    def __init__(self, file):
        self._file, self._sum = file, hashlib.sha256()

    def readable(self):
        return True

    def read(self, size=-1):
        data = self._file.read(size)
        self._sum.update(data)
        return data

    def readinto(self, buffer):
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def exhaust(self):
        while self.read(1 << 20):
            pass

    def digest(self):
        return self._sum.hexdigest()


def _small(file, member):
    if member.size > SMALL_BYTES:
        raise tarfile.ReadError(f"{member.name} has {member.size} bytes")
    return file.read(member.size).decode("utf-8", "surrogateescape")


def sum_line(digest, name):
    """Return a line of `sha256sum`, which begins with a backslash if characters of the name are escaped."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == name else chr(92)}{digest}  {escaped}\n"


def _parse_sums(text):
    """Return {name: SHA-256 in hexadecimal}; what can't be read isn't in it."""
    meant = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
    sums = {}
    for line in text.split("\n"):
        if match := re.fullmatch(r"(\\?)([0-9a-f]{64})  (.*)", line):
            is_escaped, digest, name = match.groups()
            sums[re.sub(r"\\[\\nr]", lambda found: meant[found[0]], name) if is_escaped else name] = digest
    return sums
