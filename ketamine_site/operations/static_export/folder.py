"""An exported folder: its files, each replaced as a whole, and what a crash or an earlier export left in it.

`site/` is for the web server, `nginx/` its configuration, `.export/` for the export alone.
"""

import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from .index import Index

OWN, SITE, NGINX = ".export", "site", "nginx"
TOGETHER = 200  # files that are written before they replace others, so that the disk is waited for less often
AT_ONCE = 8  # files that are waited for: a disk takes hardly longer for all of them than for one


class ExportError(Exception):
    """The export can’t be made; the message says why and what to do."""


@contextmanager
def opened(path):
    """Yield the `Folder` at `path`, made if there is none, and keep other exports out until the block ends.

    Raises `ExportError` if there is another export, or something else is in the folder.
    """
    path = Path(path).absolute()
    own = path / OWN
    if path.is_dir() and any(path.iterdir()) and not own.is_dir():
        raise ExportError(f"{path} has other files in it. Give an empty folder, or one that an export has made.")
    for folder in (path, path / SITE, path / NGINX):
        _make(folder)
    own.mkdir(mode=0o700, exist_ok=True)
    with (own / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportError(f"Another export to {path} is running. Wait until it has ended.") from None
        shutil.rmtree(own / "new", ignore_errors=True)  # what an interrupted export hadn’t finished
        (own / "new").mkdir(mode=0o700)
        index = Index(own / "index.sqlite3")
        try:
            yield Folder(path, index)
        finally:
            index.close()


def _make(folder):
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)  # whatever the umask: the web server reads it under another account


class Folder:
    """Names of files are bytes, below `path`. Nothing is replaced before `flush`, which happens now and then by itself."""

    def __init__(self, path, index):
        self.path, self.index = path, index
        self.written = self.removed = 0
        self._waiting = []  # (temporary path, name, address)
        self._left_over = []

    def _at(self, name):
        return self.path / os.fsdecode(name)

    def check(self):
        """Have everything answered again whose files aren’t as they were written."""
        for name, address, size, mtime in self.index.files():
            try:
                status = self._at(name).stat()
            except OSError:
                status = None
            if status is None or (status.st_size, status.st_mtime_ns) != (size, mtime):
                self.index.outdate(address)
        self.index.commit()

    def write(self, address, contents):
        """Have the files of `address` be `contents`, {name: iterable of bytes}, and no others."""
        for name, pieces in contents.items():
            temporary = self.path / OWN / "new" / str(len(self._waiting))
            with temporary.open("wb") as file:
                file.writelines(pieces)
                os.fchmod(file.fileno(), 0o644)
            self._waiting.append((temporary, name, address))
        self._left_over += self.index.files_of(address) - contents.keys()
        if len(self._waiting) >= TOGETHER:
            self.flush()

    def flush(self):
        """Put what was written in place: each file is the old or the new one, also after a power cut."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(_to_disk, [temporary for temporary, *_ in self._waiting]))
        for temporary, name, address in self._waiting:
            final = self._at(name)
            _make_above(final)
            _distinguish(temporary, final)
            temporary.replace(final)
            status = final.stat()
            self.index.set_file(name, address, status.st_size, status.st_mtime_ns)
        for name in self._left_over:
            self._remove(name)
        self.index.commit()
        self.written += len(self._waiting)
        self._waiting, self._left_over = [], []

    def _remove(self, name):
        self._at(name).unlink(missing_ok=True)
        self.index.forget_file(name)
        self.removed += 1

    def sweep(self):
        """Remove every file that belongs to no address of this export, and folders without files."""
        self.index.forget_missed()
        for part in (SITE, NGINX):
            for here, _, names in os.walk(self.path / part, topdown=False):
                folder, known = Path(here), self.index.files_in(os.fsencode(Path(here).relative_to(self.path)))
                for path in (folder / name for name in names):
                    if os.fsencode(path.relative_to(self.path)) not in known:
                        path.unlink()
                        self.removed += 1
                if not known and folder.parent != self.path and not any(folder.iterdir()):
                    folder.rmdir()
        self.index.commit()


def _to_disk(path):
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _make_above(path):
    missing = [folder for folder in path.parents if not folder.is_dir()]
    for folder in reversed(missing):
        _make(folder)


def _distinguish(new, old):
    """Give `new` another time than `old`, in seconds: nginx makes an ETag of a file’s time and size."""
    try:
        before = int(old.stat().st_mtime)
    except OSError:
        return
    if int(new.stat().st_mtime) <= before:
        os.utime(new, (before + 1, before + 1))
