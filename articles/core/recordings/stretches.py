"""The stretches of a recording that the sections of a new article begin from, and the section keys that name them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

MINUTES = (
    5,
    10,
    15,
    20,
    30,
    60,
)  # how long stretches are without chapters: the shortest with which `PARTS_MAX` are enough
PARTS_MAX = 12
OPEN_END = 2**31 - 1  # the end of the last stretch of a recording whose length nobody knows
EPISODE_MAX = 2**48 - 1

# RFC 9562, section 5.8: in version 8 all bits but version and variant are the application's own. Other keys of sections
# are random, version 4, so that neither is ever taken for the other.
_VERSION, _VARIANT = 8 << 76, 2 << 62
_TAG = 0x57A << 64  # the twelve bits after the version


@dataclass(frozen=True)
class Stretch:
    """A stretch of a recording in whole seconds, its end not included; `title` is that of its chapter, "" without one."""

    start_seconds: int
    end_seconds: int
    title: str = ""

    @property
    def known_end(self) -> int | None:
        """The end, None if it is that of a recording of unknown length."""
        return None if self.end_seconds == OPEN_END else self.end_seconds


def stretches(chapters: Sequence[tuple[int, str, bool]], length_seconds: int | None) -> list[Stretch]:
    """Return the stretches of a recording in order: its chapters, or parts of equal length if it has none.

    `chapters` are (start in seconds, title, whether it is advertising) in order of time; advertising is left out. The
    last one ends with the recording. Without chapters and without a length there are no stretches.
    """
    length = min(length_seconds or 0, OPEN_END)
    if not chapters:
        minutes = next((minutes for minutes in MINUTES if length <= minutes * 60 * PARTS_MAX), MINUTES[-1])
        starts = range(0, length, minutes * 60)
        return [Stretch(start, min(start + minutes * 60, length)) for start in starts]
    last = chapters[-1][0]
    ends = [start for start, _, _ in chapters[1:]] + [length if length > last else OPEN_END]
    both = zip(chapters, ends, strict=True)
    return [Stretch(start, end, title) for (start, title, is_sponsor), end in both if not is_sponsor]


def key_of(episode: int, stretch: Stretch) -> uuid.UUID:
    """Return the key of the section that begins from a stretch of the episode with this primary key.

    The key itself says which stretch that is, so that the section is bound to it as long as it exists: whatever its
    heading and place become, and whatever becomes of the chapters.
    """
    if not (0 < episode <= EPISODE_MAX and 0 <= stretch.start_seconds < stretch.end_seconds <= OPEN_END):
        raise ValueError("This episode or stretch is beyond what a key can hold.")
    return uuid.UUID(int=episode << 80 | _VERSION | _TAG | _VARIANT | stretch.start_seconds << 31 | stretch.end_seconds)


def stretch_of(key: uuid.UUID) -> tuple[int, Stretch] | None:
    """Return the episode's primary key and the stretch that a section's key names, None for other keys."""
    low = key.int & (1 << 62) - 1
    episode, stretch = key.int >> 80, Stretch(low >> 31, low & (1 << 31) - 1)
    try:
        return (episode, stretch) if key_of(episode, stretch) == key else None
    except ValueError:
        return None
