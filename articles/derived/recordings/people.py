"""Who is heard in a recording: the names of its voices, which an episode's people give before those of its show."""

import re
from dataclasses import replace

from articles.core.recordings.people import folded, merged, name_of, names_of_voices, read_people
from articles.models import Cue

VOICES = 20
GENERIC = re.compile(r"\d|unknown|speaker", re.IGNORECASE)  # what programs call voices: SPEAKER_00, Speaker 1, S2


def people_of(episode):
    """Return the `Person`s heard in an episode: its own, then those of its show."""
    return merged(read_people(episode.people), read_people(episode.show.people))


def voices_of(episode):
    """Return {folded voice: name} for `name_of`."""
    return names_of_voices(read_people(episode.people), read_people(episode.show.people))


def unnamed_voices(episode):
    """Return the first `VOICES` speakers of the transcript, in alphabetical order, whom nobody has named."""
    names = voices_of(episode)
    known = {*names, *map(folded, names.values())}
    speakers = Cue.objects.filter(episode=episode).exclude(speaker="").order_by("speaker")
    speakers = speakers.values_list("speaker", flat=True).distinct()
    return [speaker for speaker in speakers if folded(speaker) not in known and GENERIC.search(speaker)][:VOICES]


def with_names(episode, cues):
    """Return the episode's `cues` with the names of their speakers; a voice that nobody has named stays as it is."""
    names = voices_of(episode)
    return [replace(cue, speaker=name_of(names, cue.speaker)) for cue in cues] if names else list(cues)
