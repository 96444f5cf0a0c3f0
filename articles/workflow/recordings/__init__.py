"""The only way to change a show, an episode, its chapters, its editions or its transcript.

Articles rest on recordings, so every change takes the same steps: lock the articles that cite the recording, save,
check their citations again, derive their texts and store their pages, and write into their logs what has changed.
"""

from .episodes import EpisodeChange, change_episode, get_or_create_show, save_episode, save_show, save_stretches
from .transcripts import digest_of, remove_transcript, replace_transcript

__all__ = [
    "EpisodeChange",
    "change_episode",
    "digest_of",
    "get_or_create_show",
    "remove_transcript",
    "replace_transcript",
    "save_episode",
    "save_show",
    "save_stretches",
]
