"""The cited recordings with their moments: the list under an article."""

from dataclasses import dataclass

from articles.core.language.shorten import shorten_at_word
from articles.core.timestamps import format_iso, format_label
from articles.derived.checks import labels

EXCERPT_LENGTH = 160  # characters of a transcript shown in public, where the episode allows any


@dataclass(frozen=True)
class CitedMoment:
    """A citation in the list under the article."""

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
    """The cited episodes with their moments in time order: what the list under an article shows."""
    recordings = []
    for episode in episodes:
        of_episode = [(citation, stands) for citation, stands in cited if citation.episode_id == episode.pk]
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
                excerpt=_excerpt(episode, stands),
            )
            for citation, stands in of_episode
        ]
        if moments:
            recordings.append({"episode": episode, "moments": moments})
    return recordings


def _excerpt(episode, stands):
    """What is said at the moment, short; only where the episode allows it."""
    if not episode.allows_excerpts or stands.check is None:
        return ""
    text = stands.check.excerpt
    return shorten_at_word(text, EXCERPT_LENGTH)
