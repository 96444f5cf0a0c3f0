"""The template context of a revision's page: its text with the status of each citation, timeline, and sources."""

import re

from django.utils.html import escape

from articles.core import markdown, outline
from articles.derived.checks import labels, status

from .recordings import recordings_of
from .timeline import timeline_of

# A citation as core.markdown writes it, with a note whose status is still the default.
_NOTE = re.compile(
    r'(<a class="citation" id="(?P<anchor>[^"]+)"[^>]*>(?:(?!</a>).)*</a>'
    r'<span class="cite-note">(?:<span class="cite-note__chapter">[^<]*</span> )?<span class="cite-note__verdict)">'
    r"not checked</span>"
)


def page_context(revision, *, has_excerpts=True):
    """Return the template context of the page of `revision`, in a fixed number of queries.

    The excerpts of an earlier version don't count towards the share of a transcript that may be public, so its page has
    none.
    """
    rendering = revision.rendering
    sources = revision.source_set.select_related("episode__show").prefetch_related(
        "episode__chapter_set", "episode__edition_set"
    )
    episodes = list(dict.fromkeys(source.episode for source in sources))
    prefetched = {episode.pk: episode for episode in episodes}
    citations = list(revision.citation_set.select_related("finding").order_by("position"))
    for citation in citations:
        citation.episode = prefetched.get(citation.episode_id) or citation.episode
    cited = status.of_revision(revision, citations)
    sections = revision.section_set.all()
    status_labels = {citation.anchor: labels.label_of(citation_status) for citation, citation_status in cited}
    return {
        "revision": revision,
        "rendering": rendering,
        "lead_html": annotate_html(rendering.lead_html, status_labels),
        "text_html": annotate_html(rendering.text_html, status_labels),
        "outline": outline.build([(s.level, markdown.plain_heading(s.heading), s.anchor) for s in sections]),
        "episodes": episodes,
        "timeline": _timeline(episodes[0], cited, status_labels) if episodes else None,
        "recordings": recordings_of(episodes, cited, status_labels, has_excerpts=has_excerpts),
        "tally": labels.tally(status_labels.values()),
    }


def annotate_html(html, status_labels):
    """Return stored HTML with each citation's status in its note; `status_labels` is {anchor: `StatusLabel`}."""

    def fill(match):
        label = status_labels.get(match["anchor"])
        if label is None:
            return match[0]
        return f'{match[1]} status status--{label.state}">{escape(label.text)}</span>'

    return _NOTE.sub(fill, html)


def _timeline(episode, cited, status_labels):
    rows = [citation for citation, _ in cited if citation.episode_id == episode.pk]
    return timeline_of(
        episode, [(row.anchor, row.start_seconds, row.end_seconds, status_labels[row.anchor]) for row in rows]
    )
