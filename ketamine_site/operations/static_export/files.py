"""Files that the site sends as they are: static files, with their codings next to them, and uploads."""

import hashlib
import os
import re
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage

from ketamine_site.static_files import JoinedStaticFilesStorage

from . import layout, nginx


def static_files():
    """Yield the names of all static files but the list of them and those that are another one in a coding."""
    for folder, _, names in os.walk(settings.STATIC_ROOT):
        present = set(names)
        for name in sorted(names):
            is_coded = name.endswith((".br", ".gz")) and name[:-3] in present
            if not is_coded and name != JoinedStaticFilesStorage.manifest_name:
                yield Path(folder, name).relative_to(settings.STATIC_ROOT).as_posix()


def in_codings(path, codings):
    """Return {ending of a coding: path} of the file at `path` and of those in `codings` next to it, if there are any."""
    paths = {layout.CODINGS[coding]: Path(f"{path}{layout.CODINGS[coding]}") for coding in codings}
    return {ending: path for ending, path in paths.items() if path.is_file()}


def version_of(paths):
    """Return a whole number for the present state of files, as `in_codings` returns them."""
    states = [(ending, path.stat().st_size, path.stat().st_mtime_ns) for ending, path in paths.items()]
    return int.from_bytes(hashlib.blake2b(repr(states).encode(), digest_size=7).digest())


def version_in_bucket(name):
    """Return a whole number for the present state of an upload in a bucket, None if that can't be read."""
    try:
        return int(default_storage.get_modified_time(name).timestamp() * 1000)
    except (FileNotFoundError, ValueError, SuspiciousOperation):
        return 0
    except OSError:
        return None


def variant_of(kind, address):
    """Return the variant of a file of a `kind`, static or upload: files with the same ending have the same headers."""
    name = PurePosixPath(address).name
    is_hashed = kind == nginx.STATIC and re.search(rf"{nginx.HASHED}\.[^.]+$", name)
    return f"{kind}{' hashed' if is_hashed else ''} {PurePosixPath(name).suffix}"


def pieces(path):
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            yield piece
