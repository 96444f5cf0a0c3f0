"""Brings received articles into the database and gives them back, by the workflow's rules and idempotently."""

from .delivery import Delivery, FileResult, Totals
from .episodes import EpisodesError, KnownEpisode, KnownEpisodes, read_episodes, save_episode
from .exporting import export_value
from .files import files_in, shown_path
from .reports import ProblemReport, Progress, summary
from .texts import Imported, Outcome, import_article

__all__ = [
    "Delivery",
    "EpisodesError",
    "FileResult",
    "Imported",
    "KnownEpisode",
    "KnownEpisodes",
    "Outcome",
    "ProblemReport",
    "Progress",
    "Totals",
    "export_value",
    "files_in",
    "import_article",
    "read_episodes",
    "save_episode",
    "shown_path",
    "summary",
]
