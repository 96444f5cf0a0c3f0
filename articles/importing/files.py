"""Finds the files of a delivery, and refuses links that lead out of it, pipes and devices."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a delivery; `refused` is the reason why it must not be opened, "" if it may be."""

    path: Path
    refused: str = ""


def files_in(paths) -> Iterator[DeliveredFile]:
    """Yield the files in `paths`, walking folders in name order and skipping hidden files and folders.

    Links in `paths` are followed. Links inside a folder may only lead to files in that folder; linked folders aren't
    walked, because they are either reached anyway or outside the folder.
    """
    for path in paths:
        if not path.is_dir():
            yield DeliveredFile(path, _refusal(path))
            continue
        root = os.path.realpath(path)
        errors = []
        for folder, folders, names in os.walk(path, onerror=errors.append):
            yield from _unopened(errors)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                linked = Path(folder) / name
                if linked.is_symlink() and (refused := _leads_out(linked, root)):
                    yield DeliveredFile(linked, refused)
            for name in sorted(names):
                if not name.startswith("."):
                    file = Path(folder) / name
                    yield DeliveredFile(file, _leads_out(file, root) or _refusal(file))
        yield from _unopened(errors)


def read_limited(path, limit):
    """Return the file's bytes, at most one more than the limit, from which the reader can tell that it is too large."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def shown_path(path):
    """Return a path as text, with bytes that aren't UTF-8 escaped as `\\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unopened(errors):
    while errors:
        error = errors.pop(0)
        yield DeliveredFile(Path(error.filename), f"Can’t open the folder: {error.strerror}.")


def _leads_out(path, root):
    if not path.is_symlink():
        return ""
    if Path(os.path.realpath(path)).is_relative_to(root):
        return ""
    return "The link leads out of the folder. Name the file itself, or copy it into the folder."


def _refusal(path):
    if any("\udc80" <= character <= "\udcff" for character in path.name):
        return "the file’s name is not valid UTF-8. Rename it."
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"Can’t open the file: {error.strerror}."
    if not stat.S_ISREG(mode):
        return "Not a regular file (but a pipe or device, for example); it was skipped."
    return ""


def refused_suffix(path, suffixes):
    """Return why the file at `path` isn't read, as its name has none of these `suffixes`."""
    kind = f"“{path.suffix}” files aren’t supported." if path.suffix else "The file’s name doesn’t say what is in it."
    return f"{kind} Use {', '.join(sorted(suffixes))}."
