"""The editor's form: turns what was typed into a `Content`, complete or not, and keeps it if saving is refused."""

from .article import ArticleForm
from .fields import EpisodeField, episode_label
