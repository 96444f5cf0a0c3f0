"""Imports articles, recordings and transcripts, and exports articles.

Importing is idempotent and follows the workflow.
"""

from .articles.article import import_article
from .articles.batch import Delivery
from .export import export_value
from .files import files_in, shown_path
from .outcomes import Outcome
from .recordings.episodes_file import EpisodesError, KnownEpisodes, read_episodes
from .recordings.feed_batch import FeedDelivery
from .recordings.feed_report import FeedReport
from .recordings.other_recording import other_recording, published_citations
from .recordings.playback import is_playable, why_blocked
from .recordings.visible_changes import newest_change, visible_changes
from .reports import ImportProgress, ProblemReport
from .transcripts.batch import TranscriptDelivery, TranscriptOutcome, TranscriptReport
from .transcripts.episode_lookup import SUFFIXES, NoEpisodeError, episode_named
from .transcripts.transcript import import_transcript
