"""An archive that is damaged, incomplete, foreign or hostile changes nothing, and the message says what it is."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.recorder import MigrationRecorder

from ketamine_site.operations.backup import BackupError, databases
from ketamine_site.operations.backup.archive import FORMAT, sum_line
from ketamine_site.operations.backup.media import Staging
from tests.site.operations.backup.conftest import all_files, all_rows
from tests.support.databases.empty import empty_database
from tests.support.paths import PROJECT
from tests.support.servers.production import environment_in

PLAIN = {"format": FORMAT, "version": 1, "made_at": "2026-01-01", "release": "1.0", "database": "", "migrations": []}


@pytest.fixture
def archive(site, tmp_path):
    path = tmp_path / "backup.tar.gz"
    call_command("backup", str(path), verbosity=0)
    return path


@pytest.fixture
def refused(media, transactional_db):
    """Require that restoring an archive is refused with a message, and changes no row and no file."""

    def require(path, message):
        rows, files = all_rows(), all_files(media)
        with pytest.raises(CommandError, match=message):
            call_command("restore", str(path), "--replace", verbosity=0)
        assert all_rows() == rows
        assert all_files(media) == files
        assert not list(media.glob(".restoring-*"))

    return require


def rewritten(path, members, *, sums=True):
    """Write an archive of (name or TarInfo, bytes); a valid list of checksums follows."""
    lines = []
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
            lines.append(sum_line(hashlib.sha256(data).hexdigest(), info.name))
        if sums:
            data = "".join(lines).encode()
            info = tarfile.TarInfo("SHA256SUMS")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def members_of(path):
    with tarfile.open(path) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar if member.name != "SHA256SUMS"]


def described(**values):
    return "backup.json", json.dumps(PLAIN | {"database": connection.vendor} | values).encode()


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 0.9999])
def test_one_that_was_cut_off(archive, refused, share):
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])

    refused(archive, "is damaged or incomplete|isn’t a backup of this site")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_one_with_a_changed_byte(archive, refused, share):
    data = bytearray(archive.read_bytes())
    data[int(len(data) * share)] ^= 0xFF  # a single bit may be one of those that fill up a byte and mean nothing
    archive.write_bytes(data)

    refused(archive, "is damaged or incomplete: .*Copy it again")


def test_one_with_a_changed_member(archive, refused):
    members = members_of(archive)
    with tarfile.open(archive) as tar:
        sums = tar.extractfile("SHA256SUMS").read()
    changed = [(name, b"changed" if name == "media/uploads/image.webp" else data) for name, data in members]
    rewritten(archive, [*changed, ("SHA256SUMS", sums)], sums=False)

    refused(archive, "damaged or incomplete: 'media/uploads/image.webp' isn’t what was backed up")


def test_one_without_a_member_that_its_checksums_name(archive, refused):
    with tarfile.open(archive) as tar:
        sums = tar.extractfile("SHA256SUMS").read()
    kept = [(name, data) for name, data in members_of(archive) if name != "media/deep/er/empty"]
    rewritten(archive, [*kept, ("SHA256SUMS", sums)], sums=False)

    refused(archive, "'media/deep/er/empty' isn’t what was backed up, or is missing")


def test_one_without_checksums(archive, refused):
    refused(rewritten(archive, members_of(archive), sums=False), "it ends before its checksums")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 a zip file", b"\x1f\x8b", gzip.compress(b"no tar file"), gzip.compress(b"\0" * 10240)],
    ids=["empty", "zip", "gzip header", "gzip", "empty tar"],
)
def test_another_kind_of_file(tmp_path, refused, data, media):
    media.mkdir()
    path = tmp_path / "other.tar.gz"
    path.write_bytes(data)

    refused(path, "other.tar.gz isn’t a backup of this site")


@pytest.mark.parametrize(
    "members",
    [
        [("readme.txt", b"Hello")],
        [("backup.json", b"{}")],
        [("backup.json", b"no JSON")],
        [("backup.json", b"[1]")],
        [("settings.env", b"")],
    ],
)
def test_an_archive_of_something_else(tmp_path, refused, members, media):
    media.mkdir()
    refused(rewritten(tmp_path / "other.tar.gz", members), "isn’t a backup of this site")


def link(name, kind, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    "name",
    [
        "media/../outside",
        "media/a/../../../outside",
        "/etc/outside",
        "../outside",
        "media//outside",
        "media/",
        "media/./outside",
        "database/../../outside.csv",
        "database.sqlite3.bak",
        "outside",
        link("media/link", tarfile.SYMTYPE, "/etc"),
        link("media/hard link", tarfile.LNKTYPE, "backup.json"),
        link("media/folder", tarfile.DIRTYPE, ""),
        link("media/device", tarfile.CHRTYPE, ""),
    ],
    ids=lambda name: getattr(name, "name", name),
)
def test_a_member_that_would_be_written_elsewhere(tmp_path, refused, name, media):
    media.mkdir()
    rewritten(tmp_path / "hostile.tar.gz", [described(), (name, b"")])

    refused(tmp_path / "hostile.tar.gz", "can be trusted: it contains")
    assert not list(tmp_path.rglob("outside*"))


def test_a_member_that_is_there_twice(tmp_path, refused, media):
    media.mkdir()
    rewritten(tmp_path / "hostile.tar.gz", [described(), ("media/a", b"1"), ("media/a", b"2")])

    refused(tmp_path / "hostile.tar.gz", "'media/a' is there twice")


def test_one_of_a_later_format(tmp_path, refused, media):
    media.mkdir()
    refused(rewritten(tmp_path / "later.tar.gz", [described(version=2)]), "later release .format 2, this one reads 1")


def test_one_with_migrations_that_this_release_lacks(tmp_path, refused, media):
    media.mkdir()
    later = described(migrations=[["articles", "9999_later"]], release="9.0")
    refused(rewritten(tmp_path / "later.tar.gz", [later]), r"another release \(9.0\).*articles.9999_later")


def test_one_whose_migrations_cannot_be_continued(tmp_path, refused, media):
    media.mkdir()
    skipping = described(
        migrations=[one for one in applied() if one != ["articles", "0040_recorded_people"]], release="0.9"
    )
    path = rewritten(tmp_path / "other.tar.gz", [skipping])

    refused(
        path, r"\(0.9\).*0041_excerpts_of_shows was applied before articles.0040_recorded_people.*Install the release"
    )


def test_one_from_before_the_first_migrations_were_squashed(db):
    """They are recorded one by one there, and what depends on all of them fits."""
    squashed = ["articles", "0001_squashed_0008_names"]
    first = [["articles", name] for _, name in MigrationLoader(None).replacements[tuple(squashed)].replaces]
    migrations = [*first, *(one for one in applied() if one not in [squashed, *first])]

    databases.require_fitting(PLAIN | {"database": connection.vendor, "migrations": migrations})
    with pytest.raises(BackupError, match=r"0009_standard_names was applied before articles\.0001_squashed"):
        databases.require_fitting(PLAIN | {"database": connection.vendor, "migrations": migrations[1:]})


def applied():
    return [list(one) for one in MigrationRecorder(connection).applied_migrations()]


@pytest.mark.one_database(reason="PostgreSQL's tables are compared before they are filled")
def test_one_that_cannot_be_brought_up_to_date(site, tmp_path):
    """Its tables aren't those that its migrations made."""
    migrations = MigrationLoader(connection).disk_migrations
    for app, name in sorted((key for key in migrations if key[0] == "articles"), reverse=True):
        MigrationRecorder(connection).record_unapplied(app, name)
        if any(isinstance(operation, CreateModel) for operation in migrations[app, name].operations):
            break
    call_command("backup", str(tmp_path / "backup.tar.gz"), verbosity=0)

    message = r"restored, but not brought up to date: .*(?:(?:already exists|duplicate column)|duplicate column).*then run manage.py migrate"
    with empty_database(tmp_path), pytest.raises(CommandError, match=message):
        call_command("restore", str(tmp_path / "backup.tar.gz"), "--replace", verbosity=0)


def test_one_of_another_database(tmp_path, refused, media):
    media.mkdir()
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    refused(rewritten(tmp_path / "other.tar.gz", [described(database=other)]), "but DATABASE_URL names")


def test_one_whose_database_is_broken(archive, refused):
    """It was broken when it was backed up, so the checksums hold."""

    def broken(name, data):
        if name == "database.sqlite3":
            return data[:8192] + bytes(len(data) - 8192)
        return data.replace(b"sleep", b"sleep\n,", 1) if name == "database/articles_article.csv" else data

    rewritten(archive, [(name, broken(name, data)) for name, data in members_of(archive)])

    refused(archive, "was broken when it was backed up|The database doesn’t take the backup")


def test_one_without_a_database(archive, refused):
    rest = [(name, data) for name, data in members_of(archive) if not name.startswith("database")]
    refused(rewritten(archive, rest), "has no database|lacks a table")


def test_other_programs_can_verify_it(archive, tmp_path):
    subprocess.run(["tar", "-xzf", archive], check=True, cwd=tmp_path)  # noqa: S603, S607
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"],  # noqa: S607
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_a_killed_restore_left_is_removed_by_the_next(archive, media, site):
    left = media / ".restoring-killed"
    left.mkdir()
    (left / "erased-since.webp").write_bytes(b"erased")

    call_command("restore", str(archive), "--replace", verbosity=0)

    assert not left.exists()


def test_what_another_restore_is_writing_stays(archive, media, site):
    with Staging() as other:
        call_command("restore", str(archive), "--replace", verbosity=0)

        assert other.folder.is_dir()


@pytest.mark.one_database(reason="PostgreSQL's database is there before it is restored")
@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_new_database_is_made_only_by_a_whole_backup_and_closed_to_others(archive, tmp_path, is_damaged):
    if is_damaged:
        archive.write_bytes(archive.read_bytes()[:-100])
    new = tmp_path / "new" / "folder"

    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "restore", str(archive)],
        cwd=PROJECT,
        env=environment_in(new),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == is_damaged, done.stderr
    assert (new / "db.sqlite3").exists() is not is_damaged
    if not is_damaged:
        assert (new / "db.sqlite3").stat().st_mode & 0o777 == 0o600
