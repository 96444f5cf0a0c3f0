"""Finds the episode of a transcript, by what a user types or by the name of the file and its folders."""

import re
from pathlib import Path

from articles.models import Episode, with_name

_SUFFIXES = ".vtt .srt .sbv .sub .ttml .dfxp .xml .srv1 .srv2 .srv3 .json .json3 .jsonl .txt .md .lrc .tsv .csv"
SUFFIXES = frozenset(_SUFFIXES.split())
NAMED = 5  # episodes listed in a message

_ID = r"[A-Za-z0-9_-]{11}"
# talk [AbCdEfGhIjK].en.vtt · AbCdEfGhIjK.vtt · talk-AbCdEfGhIjK.vtt · AbCdEfGhIjK_talk.vtt
_YOUTUBE_ID = re.compile(
    rf"(?<=\[)({_ID})(?=\])|(?<![A-Za-z0-9_-])({_ID})(?![A-Za-z0-9_-])|(?<=[-_ ])({_ID})\Z|\A({_ID})(?=[-_ ])"
)
_LANGUAGE = re.compile(r"\A[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?:-orig)?\Z")


class NoEpisodeError(LookupError):
    """No episode, or more than one, matches a name; the message says what was searched for and what to do."""


def episode_named(name: str) -> Episode:
    """Return the episode with this `handle/slug`, YouTube id, unique slug or number. Raises NoEpisodeError."""
    handle, _, slug = name.rpartition("/")
    episodes = Episode.objects.select_related("show")
    matches = list(with_name(episodes, show__handle=handle, slug=slug) if handle else episodes.filter(youtube_id=name))
    if not matches and not handle:
        matches = list(with_name(episodes, slug=name)[: NAMED + 1])
    if not matches and name.isascii() and name.isdigit() and len(name) <= 18:
        matches = list(episodes.filter(pk=int(name)))
    if not matches:
        raise NoEpisodeError(f"There is no episode “{name}”. Give its handle/slug, YouTube id or number.")
    return _only(matches, f"Several episodes are called “{name}”")


def episode_of(path: Path) -> Episode:
    """Return the episode identified by the name of a file or its folder: a YouTube id first, then a slug.

    Raises NoEpisodeError.
    """
    names = [_stem(path), path.parent.name]
    for name in names:
        ids = {group for match in _YOUTUBE_ID.finditer(name) for group in match.groups() if group}
        matches = list(Episode.objects.filter(youtube_id__in=ids).select_related("show")[: NAMED + 1]) if ids else []
        if matches:
            return _only(matches, f"Several episodes have an id in “{name}”")
    for depth, name in enumerate(names):
        matches = list(Episode.objects.filter(slug=name).select_related("show")) if name else []
        folders = {folder.name for folder in list(path.parents)[depth:]}
        in_folder = [episode for episode in matches if episode.show.handle in folders]
        if matches:
            return _only(in_folder or matches, f"Several episodes are called “{name}”")
    raise NoEpisodeError(
        f"“{names[0]}” matches no episode’s YouTube id or slug. Rename the file or its folder, or import it on its own: "
        "import_transcript EPISODE FILE."
    )


def _stem(path: Path) -> str:
    """Return the file name without its extension and language: `talk` for talk.en-GB.vtt."""
    stem = path.stem
    before, _, last = stem.rpartition(".")
    return before if before and _LANGUAGE.match(last) else stem


def _only(matches: list[Episode], several: str) -> Episode:
    if len(matches) == 1:
        return matches[0]
    named = ", ".join(episode.reference for episode in matches[:NAMED])
    raise NoEpisodeError(f"{several}: {named}{' and more' if len(matches) > NAMED else ''}. Give the handle/slug.")
