"""Finds the episode that a transcript belongs to: by what somebody types, or by the name of a file and its folders."""

import re
from pathlib import Path

from articles.models import Episode

SUFFIXES = frozenset({".vtt", ".srt", ".json", ".txt"})
NAMED = 5  # episodes in a message

_ID = r"[A-Za-z0-9_-]{11}"
# talk [AbCdEfGhIjK].en.vtt · AbCdEfGhIjK.vtt · talk-AbCdEfGhIjK.vtt · AbCdEfGhIjK_talk.vtt
_YOUTUBE_ID = re.compile(
    rf"(?<=\[)({_ID})(?=\])|(?<![A-Za-z0-9_-])({_ID})(?![A-Za-z0-9_-])|(?<=[-_ ])({_ID})\Z|\A({_ID})(?=[-_ ])"
)
_LANGUAGE = re.compile(r"\A[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?:-orig)?\Z")


class NoEpisodeError(LookupError):
    """Nothing, or too much, answers to a name; the message says what was looked for and what to do."""


def episode_named(name: str) -> Episode:
    """The episode with this `handle/slug`, YouTube id or number, or with this slug where only one has it."""
    handle, _, slug = name.rpartition("/")
    episodes = Episode.objects.select_related("show")
    found = list(episodes.filter(show__handle=handle, slug=slug) if handle else episodes.filter(youtube_id=name))
    if not found and not handle:
        found = list(episodes.filter(slug=name)[: NAMED + 1])
    if not found and name.isascii() and name.isdigit() and len(name) <= 18:
        found = list(episodes.filter(pk=int(name)))
    if not found:
        raise NoEpisodeError(f"There is no episode “{name}”: give its handle/slug, its YouTube id or its number.")
    return _only(found, f"Several episodes are called “{name}”")


def episode_of(path: Path) -> Episode:
    """The episode that the name of a file or the folders around it say: a YouTube id first, then a slug."""
    names = [_stem(path), path.parent.name]
    for name in names:
        ids = {found for match in _YOUTUBE_ID.finditer(name) for found in match.groups() if found}
        found = list(Episode.objects.filter(youtube_id__in=ids).select_related("show")[: NAMED + 1]) if ids else []
        if found:
            return _only(found, f"Several episodes have an id in “{name}”")
    for depth, name in enumerate(names):
        found = list(Episode.objects.filter(slug=name).select_related("show")) if name else []
        folders = {folder.name for folder in list(path.parents)[depth:]}
        of_folder = [episode for episode in found if episode.show.handle in folders]
        if found:
            return _only(of_folder or found, f"Several episodes are called “{name}”")
    raise NoEpisodeError(
        f"No episode has “{names[0]}” in it as its YouTube id or as its slug: name the file or its folder so, "
        "or import it alone: import_transcript EPISODE FILE."
    )


def _stem(path: Path) -> str:
    """The file's name without its ending and the language before it: talk.en-GB.vtt is talk."""
    stem = path.stem
    before, _, last = stem.rpartition(".")
    return before if before and _LANGUAGE.match(last) else stem


def _only(found: list[Episode], several: str) -> Episode:
    if len(found) == 1:
        return found[0]
    named = ", ".join(episode.reference for episode in found[:NAMED])
    raise NoEpisodeError(f"{several}: {named}{' and more' if len(found) > NAMED else ''}. Give handle/slug.")
