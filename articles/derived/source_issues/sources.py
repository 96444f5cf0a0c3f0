"""What readers and programs are told about a text's citations of each recording as a whole."""

from collections import Counter
from dataclasses import dataclass

from articles.derived.texts import derivation
from articles.models import Source, SourceIssue

from . import wording
from .past_the_end import past_end


@dataclass(frozen=True)
class ReportedSource:
    """A source of a text, its stored issue or None, and how many timestamps are past the end of its recording.

    Those are no citations; `issue.citation_count` counts them all the same.
    """

    source: Source
    issue: SourceIssue | None
    past_end_count: int

    @property
    def in_words(self):
        """What readers are told; empty if nothing is wrong."""
        return wording.for_readers(self.issue, self.past_end_count, self.source.episode.length_seconds)


def reported(revision, sections=None):
    """Return a `ReportedSource` for each source of `revision`, in its order.

    Takes two queries, and another for the `sections` if they aren't given and a mark in the text cites nothing.
    """
    sources = list(revision.source_set.select_related("episode__show"))
    issues = {issue.episode_id: issue for issue in revision.sourceissue_set.all()}
    numbers = _past_end_counts(revision, sources, sections)
    return [ReportedSource(source, issues.get(source.episode_id), numbers[source.episode_id]) for source in sources]


def _past_end_counts(revision, sources, sections):
    """Return {primary key of an episode: number of timestamps past its end}."""
    if not revision.problem_count:
        return Counter()
    episodes = {source.key: source.episode for source in sources}
    sections = revision.section_set.all() if sections is None else sections
    parts = derivation.read(revision.lead, sections, episodes, known_slugs={})
    return Counter(mark.episode.pk for mark in past_end(parts, revision.lead, episodes))
