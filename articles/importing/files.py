"""Finds the files of a delivery, and says which are passed over: links that lead out of it, pipes, devices."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """A file of a delivery; `refused` says why it is not to be opened, "" if it may be."""

    path: Path
    refused: str = ""


def files_in(paths) -> Iterator[Found]:
    """Every file of `paths`, folders gone through in order of names; hidden ones are passed over.

    A link in `paths` is followed. One inside a folder may lead to a file of that folder; a linked folder is not
    gone through, as it is met where it stands, or lies outside.
    """
    for path in paths:
        if not path.is_dir():
            yield Found(path, _refusal(path))
            continue
        root = os.path.realpath(path)
        closed = []
        for folder, folders, names in os.walk(path, onerror=closed.append):
            yield from _closed(closed)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                linked = Path(folder) / name
                if linked.is_symlink() and (refused := _leads_out(linked, root)):
                    yield Found(linked, refused)
            for name in sorted(names):
                if not name.startswith("."):
                    file = Path(folder) / name
                    yield Found(file, _leads_out(file, root) or _refusal(file))
        yield from _closed(closed)


def shown_path(path):
    """A path as text; bytes that are no UTF-8 stand as `\\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _closed(errors):
    while errors:
        error = errors.pop(0)
        yield Found(Path(error.filename), f"The folder cannot be opened: {error.strerror}.")


def _leads_out(path, root):
    if not path.is_symlink():
        return ""
    if Path(os.path.realpath(path)).is_relative_to(root):
        return ""
    return "It is a link that leads out of the folder: give the file itself, or copy it there."


def _refusal(path):
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"The file cannot be opened: {error.strerror}."
    if not stat.S_ISREG(mode):
        return "It is no regular file (but a pipe, a device or the like): nothing was read."
    return ""
