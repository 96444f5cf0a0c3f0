"""Brings received articles into the database and gives them back, by the workflow's rules and idempotently."""

from .delivery import Delivery, FileResult, Totals
from .episodes import save_episode
from .exporting import export_value
from .feeds import FeedDelivery, FeedOutcome, FeedReport
from .files import files_in, shown_path
from .known import EpisodesError, KnownEpisode, KnownEpisodes, read_episodes
from .recordings import NoEpisodeError, episode_named
from .reports import ProblemReport, Progress, summary
from .texts import Imported, Outcome, import_article
from .transcript_files import TranscriptDelivery, TranscriptOutcome, TranscriptReport
from .transcripts import ImportedTranscript, forget_checks, import_transcript, remove_transcript

__all__ = [
    "Delivery",
    "EpisodesError",
    "FeedDelivery",
    "FeedOutcome",
    "FeedReport",
    "FileResult",
    "Imported",
    "ImportedTranscript",
    "KnownEpisode",
    "KnownEpisodes",
    "NoEpisodeError",
    "Outcome",
    "ProblemReport",
    "Progress",
    "Totals",
    "TranscriptDelivery",
    "TranscriptOutcome",
    "TranscriptReport",
    "episode_named",
    "export_value",
    "files_in",
    "forget_checks",
    "import_article",
    "import_transcript",
    "read_episodes",
    "remove_transcript",
    "save_episode",
    "shown_path",
    "summary",
]
