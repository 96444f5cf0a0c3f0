"""The heads that were signed, in an append-only file outside the database.

It reveals an older copy of the database or a rewritten chain, and then nothing is signed. A line is the head, the time,
the key's id and the signature. A line that begins with “restored” says that an operator has restored the database up to
that head, so that later ones may be missing.
"""

import logging
import os
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from articles.models import ChainLink

RESTORED = "restored"
BATCH = 500
_TAIL = 4096  # bytes; a line has at most 220

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedHead:
    """A line of the file; `head` is `<number>:<digest>`."""

    head: str
    at: str
    key_id: str
    signature: str
    is_restore: bool = False

    @classmethod
    def parse(cls, line):
        """Return the `SignedHead` in a line, None if it can't be read."""
        words = line.split()
        is_restore = words[:1] == [RESTORED]
        words = words[is_restore:]
        if len(words) != 4 or not words[0].partition(":")[0].isdecimal():
            return None
        return cls(*words, is_restore=is_restore)

    def __str__(self):
        words = [RESTORED] if self.is_restore else []
        return " ".join([*words, self.head, self.at, self.key_id, self.signature])

    @property
    def number(self):
        return int(self.head.partition(":")[0])

    @property
    def digest(self):
        return self.head.partition(":")[2]

    @property
    def statement(self):
        """What the signature signs."""
        return f"{RESTORED} {self.head}" if self.is_restore else self.head


def append(signed):
    """Add a `SignedHead`. Raises `OSError`."""
    settings.SIGNED_HEADS_FILE.parent.mkdir(parents=True, exist_ok=True)
    # One write to a file opened for appending, so that lines of several processes don't mix.
    descriptor = os.open(settings.SIGNED_HEADS_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        file.write(f"{signed}\n".encode("ascii"))


def note(keys, head, *, is_restore=False):
    """Sign `head` (`<number>:<digest>`) as restored or reached, and add it."""
    now = timezone.now().isoformat(timespec="seconds")
    unsigned = SignedHead(head, now, "", "", is_restore)
    append(SignedHead(head, now, *keys.sign(unsigned.statement), is_restore))


def last():
    """Return the last line as a `SignedHead`, None without one. Raises `OSError`."""
    try:
        with settings.SIGNED_HEADS_FILE.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            lines = file.read().decode("ascii", "replace").split("\n")
    except FileNotFoundError:
        return None
    return next((found for line in reversed(lines) if (found := SignedHead.parse(line))), None)


def contradicts(newest):
    """Return what is wrong with the chain whose newest sealed link is `newest` (or None), according to the last line.

    Returns None if nothing is; at most one query, and none if nothing was sealed in between.
    """
    noted = last()
    if noted is None or noted.number == 0:
        return None
    if newest is not None and (newest.number, newest.digest) == (noted.number, noted.digest):
        return None
    if ChainLink.objects.filter(number=noted.number, digest=noted.digest).exists():
        return None
    return _missing(noted)


def is_signed_by(keys, link):
    """Whether the file has the head at `link` with a signature of the current one of `keys`. Raises `OSError`."""
    head = f"{link.number}:{link.digest}"
    return any(
        line.head == head
        and line.key_id == keys.current_id
        and keys.has_signed(line.statement, line.key_id, line.signature)
        for _, line in _lines()
        if line
    )


def problems(keys):
    """Yield (place, problem) for every line that can't be read, isn't signed by `keys`, or that the chain lacks."""
    name = settings.SIGNED_HEADS_FILE.name
    try:
        lines = _lines()
    except OSError as error:
        yield name, f"it can’t be read: {error.strerror}"
        return
    for number, line in lines:
        if line is None:
            yield f"{name}, line {number}", "it can’t be read, so somebody has changed it"
        elif keys is not None and not keys.has_signed(line.statement, line.key_id, line.signature):
            yield f"{name}, line {number}", f"no known key has signed it (key {line.key_id})"
    for number, line in _required(lines):
        yield f"{name}, line {number}", _missing(line)


def _lines():
    """Return [(number, `SignedHead`, or None if it can't be read)] of the whole file."""
    try:
        with settings.SIGNED_HEADS_FILE.open(encoding="ascii", errors="replace") as file:
            return list(enumerate(map(SignedHead.parse, file), 1))
    except FileNotFoundError:
        return []


def _required(lines):
    """Yield those of `lines` that the chain should contain but doesn't."""
    # A restore's head fixes what was left of everything before it.
    restores = [place for place, (_, line) in enumerate(lines) if line and line.is_restore]
    required = [(number, line) for number, line in lines[restores[-1] if restores else 0 :] if line]
    for start in range(0, len(required), BATCH):
        batch = required[start : start + BATCH]
        links = ChainLink.objects.filter(number__in=[line.number for _, line in batch])
        present = set(links.values_list("number", "digest"))
        yield from (
            (number, line) for number, line in batch if line.number and (line.number, line.digest) not in present
        )


def _missing(line):
    return (
        f"the site’s chain doesn’t contain {line.head}, which was signed at {line.at}: the database is older than that, or "
        "its chain has been rewritten. If you have restored a backup, `manage.py signing_key --restored` says so"
    )
