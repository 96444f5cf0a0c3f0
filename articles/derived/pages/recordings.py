"""The list of cited recordings with their citations below an article."""

from dataclasses import dataclass

from articles.core.language.shorten import shorten_at_word
from articles.derived.checks.labels import StatusLabel
from articles.models import Citation

EXCERPT_LENGTH = 160  # characters of a transcript shown publicly, if the episode allows it


@dataclass(frozen=True)
class CitedMoment:
    """A citation in the list; `status_label` is the label of its status."""

    citation: Citation
    chapter: str
    href: str
    status_label: StatusLabel
    excerpt: str


def recordings_of(episodes, cited, status_labels):
    """Return [{"episode", "moments"}] of the cited episodes, with their `CitedMoment`s in order of time.

    `cited` are (citation, `CitationStatus`) pairs, `status_labels` is {anchor: `StatusLabel`}.
    """
    recordings = []
    for episode in episodes:
        of_episode = [pair for pair in cited if pair[0].episode_id == episode.pk]
        of_episode.sort(key=lambda pair: (pair[0].start_seconds, pair[0].position))
        moments = [
            CitedMoment(
                citation=citation,
                chapter=episode.chapter_title_at(citation.start_seconds),
                href=episode.link_at(citation.start_seconds, citation.end_seconds),
                status_label=status_labels[citation.anchor],
                excerpt=_excerpt(episode, citation_status),
            )
            for citation, citation_status in of_episode
        ]
        if moments:
            recordings.append({"episode": episode, "moments": moments})
    return recordings


def _excerpt(episode, citation_status):
    """Return a short transcript excerpt at the timestamp, or "" if the episode doesn't allow excerpts."""
    if not episode.allows_excerpts or citation_status.check is None:
        return ""
    return shorten_at_word(citation_status.check.excerpt, EXCERPT_LENGTH)
