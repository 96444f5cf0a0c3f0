"""Public articles, citations and recordings as plain data, for both the export files and the API.

Timestamps are whole seconds from the start of the episode, dates are ISO 8601, URLs are absolute under `root`, and
`lead` and `text` are Markdown. Missing values are None.
"""

from .articles import (
    article,
    article_entry,
    article_link,
    citation_of,
    citations_in_articles,
    head,
    permalink,
    review_and_notice,
    revision,
    revision_entry,
    source_of,
    topic,
)
from .recordings import episode, episode_entry, show
from .values import absolute, time
