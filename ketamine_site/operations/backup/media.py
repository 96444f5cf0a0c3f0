"""The uploads in a backup: everything that their storage has, a folder or a bucket."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

STAGING = ".restoring-"  # the start of the folders in MEDIA_ROOT in which files wait until all are there


def root():
    """Return the folder of the uploads, or None if they are in a bucket."""
    return Path(default_storage.location) if isinstance(default_storage, FileSystemStorage) else None


def place():
    """Return where the uploads are, for messages."""
    return str(root() or f"the bucket {settings.MEDIA_BUCKET}")


def files():
    """Yield (path relative to where the uploads are, whether it can be backed up) of everything but folders, in order.

    Links to files count as files. Links to folders, sockets and the like can't be backed up.
    """
    if root() is None:
        yield from ((name, True) for name in sorted(_names_in_bucket("")))
        return
    for folder, folders, names in os.walk(root(), onerror=_require_reading):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(STAGING) and name not in links)
        for name in sorted([*names, *links]):
            path = Path(folder, name)
            yield path.relative_to(root()).as_posix(), path.is_file()


def _require_reading(error):
    """Raise the error of a folder that can't be read: a backup would lack what is in it, without a word."""
    if not isinstance(error, FileNotFoundError):  # nothing has been uploaded yet
        raise error


def _names_in_bucket(folder):
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}{name}" for name in names)
    for inner in folders:
        yield from _names_in_bucket(f"{folder}{inner}/")


def opened(name):
    """Return the file `name`, open for reading bytes, and its size in bytes. Raises FileNotFoundError, or another OSError."""
    if root() is None:
        file = default_storage.open(name)
        return file, file.size
    file = (root() / name).open("rb")
    return file, os.fstat(file.fileno()).st_size


class Staging:
    """Files that are to replace the uploads: `add` them all, then `replace`. Use it as a context manager."""

    def __init__(self):
        if root() is not None:
            root().mkdir(parents=True, exist_ok=True)
            for path in root().glob(f"{STAGING}*"):
                _remove_unless_locked(path)
        # In the same file system, so that replacing needs neither space nor time.
        self.folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=root()))
        self._lock = os.open(self.folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.names = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def add(self, name, file):
        """Add a file by its path relative to where the uploads are."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)
        if root() is not None and default_storage.file_permissions_mode is not None:
            path.chmod(default_storage.file_permissions_mode)
        self.names.add(name)

    def replace(self):
        """Move the files to their places, and delete all others."""
        for name, _ in list(files()):
            if name not in self.names:
                _delete(name)
        for name in sorted(self.names):
            _move(self.folder / name, name)


def _delete(name):
    if root() is None:
        default_storage.delete(name)
    else:
        (root() / name).unlink()


def _move(path, name):
    if root() is None:
        with path.open("rb") as file:
            default_storage.save(name, File(file))
        return
    target = root() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _remove_unless_locked(folder):
    """Remove what a restore left that was killed: the uploads of a backup, which may have been erased since."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
