"""The people heard in a recording: as lines that editors write, and as `podcast:person` of the podcast namespace.

https://github.com/Podcastindex-org/podcast-namespace, "Person".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten
from articles.core.recordings.transcripts import typed_text

NAME_MOST = 128  # characters of a name, a role and a group, as the podcast namespace recommends for a name
ADDRESS_MOST = 500
PEOPLE_MOST = 200
KEYS = ("voice", "role", "group", "link", "image")
_PART = re.compile(rf"({'|'.join(KEYS)})\s*[:=]\s*(.*)", re.IGNORECASE | re.DOTALL)
# Without a user and a password, which browsers would send, or show as if they were the host.
_ADDRESS = re.compile(r"https?://[^\s<>\"|/?#@]+(?:[/?#][^\s<>\"|]*)?\Z", re.IGNORECASE)


class PeopleError(ValueError):
    """A line that names no person; the message says which and what to do."""


@dataclass(frozen=True)
class Person:
    """Somebody heard in a recording, with the names that its transcripts give to their voice; "" if not given."""

    name: str
    role: str = ""
    group: str = ""
    link: str = ""
    image: str = ""
    voices: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The person as `parse_people` reads it."""
        parts = [("voice", voice) for voice in self.voices]
        parts += [(key, getattr(self, key)) for key in KEYS[1:] if getattr(self, key)]
        return " | ".join([self.name, *(f"{key}: {value}" for key, value in parts)])


def parse_people(text: str) -> tuple[Person, ...]:
    """Read people, one per line: `Ada Lovelace | voice: SPEAKER_00 | role: guest | link: https://ada.example/`.

    Keys are `KEYS`, each once, but `voice` as often as needed. Raises PeopleError for the first line that can't be read,
    for a voice that two people have, and for too many people.
    """
    people: list[Person] = []
    voices: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        person = _person(number, line)
        for voice in person.voices:
            if voices.setdefault(folded(voice), person.name) != person.name:
                raise PeopleError(
                    lazy_message("Line %(line)s: the voice “%(voice)s” has two names.", line=number, voice=voice)
                )
        people.append(person)
    if len(people) > PEOPLE_MOST:
        raise PeopleError(lazy_message("A recording can have at most %(most)s people.", most=PEOPLE_MOST))
    return tuple(people)


def read_people(text: str) -> tuple[Person, ...]:
    """Return the people of a stored text. Unlike `parse_people` it takes a line that it can't read as a name."""
    try:
        return parse_people(text)
    except PeopleError:
        return tuple(_person_or_name(line) for line in text.splitlines() if line.strip())


def _person_or_name(line: str) -> Person:
    try:
        return _person(1, line)
    except PeopleError:
        return Person(" ".join(line.split()))


def format_people(people: Iterable[Person]) -> str:
    return "\n".join(person.line for person in people)


def with_voices(people: Sequence[Person], known: Iterable[Person]) -> tuple[Person, ...]:
    """Return the `people` of a feed with the voices that those of the same name among `known` have."""
    voices = {folded(person.name): person.voices for person in known}
    return tuple(replace(person, voices=voices.get(folded(person.name), person.voices)) for person in people)


def merged(episode: Sequence[Person], show: Sequence[Person]) -> tuple[Person, ...]:
    """Return the people of an episode and those of its show whose names aren't among them."""
    names = {folded(person.name) for person in episode}
    return (*episode, *(person for person in show if folded(person.name) not in names))


def names_of_voices(episode: Sequence[Person], show: Sequence[Person]) -> dict[str, str]:
    """Return {folded voice: name}; the episode's own names come before its show's."""
    return {folded(voice): person.name for person in (*show, *episode) for voice in person.voices}


def name_of(names: Mapping[str, str], voice: str) -> str:
    """Return whom `voice` belongs to, or the voice itself if nobody has named it."""
    return names.get(folded(voice), voice)


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _person(number: int, line: str) -> Person:
    name, *parts = (typed_text(part) for part in line.split("|"))
    if not name or _PART.fullmatch(name):
        raise PeopleError(lazy_message("Line %(line)s has no name. Start it with the person’s name.", line=number))
    values: dict[str, str] = {}
    voices: list[str] = []
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None or not found[2]:
            raise PeopleError(
                lazy_message(
                    "Line %(line)s: write “%(part)s” as voice:, role:, group:, link: or image: and a value.",
                    line=number,
                    part=shorten(part, 80),
                )
            )
        key = found[1].lower()
        if key == "voice":
            voices.append(found[2])
        elif key in values:
            raise PeopleError(lazy_message("Line %(line)s: “%(key)s” is given twice.", line=number, key=key))
        elif key in ("link", "image") and not (_ADDRESS.fullmatch(found[2]) and len(found[2]) <= ADDRESS_MOST):
            raise PeopleError(
                lazy_message(
                    "Line %(line)s: “%(text)s” isn’t an address that starts with https:// or http://, without a user name.",
                    line=number,
                    text=shorten(found[2], 80),
                )
            )
        else:
            values[key] = found[2]
    texts = (name, values.get("role", ""), values.get("group", ""), *voices)
    if any(len(value) > (200 if value in voices else NAME_MOST) for value in texts):
        raise PeopleError(
            lazy_message("Line %(line)s: a name can have at most %(most)s characters.", line=number, most=NAME_MOST)
        )
    return Person(name, voices=tuple(dict.fromkeys(voices)), **values)
