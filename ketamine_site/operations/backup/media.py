"""The uploads in a backup: every file below MEDIA_ROOT."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

STAGING = ".restoring-"  # the start of the folders in MEDIA_ROOT in which files wait until all are there


def root():
    """Return the folder of the uploads, or None if they are stored elsewhere."""
    return Path(default_storage.location) if isinstance(default_storage, FileSystemStorage) else None


def files():
    """Yield (path relative to the folder, path, whether it can be backed up) of everything but folders, in order.

    Links to files count as files. Links to folders, sockets and the like can't be backed up.
    """
    for folder, folders, names in os.walk(root()):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(STAGING) and name not in links)
        for name in sorted([*names, *links]):
            path = Path(folder, name)
            yield path.relative_to(root()).as_posix(), path, path.is_file()


class Staging:
    """Files that are to replace the uploads: `add` them all, then `replace`. Use it as a context manager."""

    def __init__(self):
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
        """Add a file by its path relative to the folder of the uploads."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)
        if default_storage.file_permissions_mode is not None:
            path.chmod(default_storage.file_permissions_mode)
        self.names.add(name)

    def replace(self):
        """Move the files to their places, and delete all others."""
        for name, path, _ in list(files()):
            if name not in self.names:
                path.unlink()
        for name in sorted(self.names):
            path = root() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).replace(path)


def _remove_unless_locked(folder):
    """Remove what a restore left that was killed: the uploads of a backup, which may have been erased since."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
