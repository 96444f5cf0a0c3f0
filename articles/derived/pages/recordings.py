"""The list of cited recordings with their citations below an article."""

from dataclasses import dataclass

from articles.core.language.shorten import shorten_at_word
from articles.core.timestamps import format_iso, format_label
from articles.derived.checks import labels

EXCERPT_LENGTH = 160  # characters of a transcript shown publicly, if the episode allows it


@dataclass(frozen=True)
class CitedMoment:
    """A citation in the list; `words` is the label of its status."""

    anchor: str
    claim: str
    label: str
    iso: str
    chapter: str
    href: str
    start_seconds: int
    end_seconds: int | None
    words: labels.StatusLabel
    excerpt: str


def recordings_of(episodes, cited, words):
    """Return [{"episode", "moments"}] of the cited episodes, with their `CitedMoment`s in order of time.

    `cited` are (citation, `CitationStatus`) pairs, `words` is {anchor: `StatusLabel`}.
    """
    recordings = []
    for episode in episodes:
        of_episode = [pair for pair in cited if pair[0].episode_id == episode.pk]
        of_episode.sort(key=lambda pair: (pair[0].start_seconds, pair[0].position))
        moments = [
            CitedMoment(
                anchor=citation.anchor,
                claim=citation.claim,
                label=format_label(citation.start_seconds),
                iso=format_iso(citation.start_seconds),
                chapter=episode.chapter_title_at(citation.start_seconds),
                href=episode.link_at(citation.start_seconds, citation.end_seconds),
                start_seconds=citation.start_seconds,
                end_seconds=citation.end_seconds,
                words=words[citation.anchor],
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
