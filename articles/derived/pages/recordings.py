"""The list of cited recordings with their citations below an article."""

from dataclasses import dataclass

from articles.derived.checks import labels
from articles.derived.recordings import excerpts
from articles.models import Citation, Transcript


@dataclass(frozen=True)
class CitedMoment:
    """A citation in the list; `status_label` is the label of its status."""

    citation: Citation
    chapter: str
    href: str
    status_label: labels.StatusLabel
    excerpt: str


def recordings_of(episodes, cited, status_labels, *, has_excerpts=True):
    """Return [{"episode", "moments", "transcript"}] of the cited episodes, with their `CitedMoment`s in order of time.

    "transcript" says where the transcript is from, "" if no moment was checked with it. One query.

    `cited` are (citation, `CitationStatus`) pairs, `status_labels` is {anchor: `StatusLabel`}.
    """
    current = Transcript.objects.current().with_corrections().filter(episode__in=episodes).defer("problems")
    transcripts = {transcript.episode_id: transcript for transcript in current}
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
                excerpt=excerpts.public_excerpt(episode, citation_status.check) if has_excerpts else "",
            )
            for citation, citation_status in of_episode
        ]
        if moments:
            is_checked = any(moment.status_label.state in labels.AUTOMATIC for moment in moments)
            origin = labels.transcript_origin(transcripts.get(episode.pk)) if is_checked else ""
            recordings.append({"episode": episode, "moments": moments, "transcript": origin})
    return recordings
