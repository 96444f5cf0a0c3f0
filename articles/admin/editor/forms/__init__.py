"""The editor's form: what was typed becomes a `Content`, complete or not, and comes back unharmed if it is refused."""

from .article import ArticleForm
from .fields import EpisodeField, episode_label

__all__ = ["ArticleForm", "EpisodeField", "episode_label"]
