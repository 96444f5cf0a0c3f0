"""The only way to change a show, an episode, its chapters, its editions or its transcript.

Articles depend on recordings, so every change takes the same steps: lock the articles that cite the recording, save,
recheck their citations, derive their texts again, store their pages, and record the change in their logs.
"""

from .episodes import EpisodeChange, change_episode, get_or_create_show, save_episode, save_show, save_stretches
from .transcripts import ReplacedTranscript, digest_of, remove_transcript, replace_transcript
