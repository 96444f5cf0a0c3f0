"""What the templates of a revision's page show: its text with the status of each citation, and what surrounds it."""

import re

from django.utils.html import escape

from articles.core import markdown, outline
from articles.derived.checks import labels, status

from .recordings import recordings_of
from .timeline import timeline_of

# As markup writes a citation with its note; the note says nothing yet of how the citation stands.
_NOTE = re.compile(
    r'(<a class="citation" id="(?P<anchor>[^"]+)"[^>]*>(?:(?!</a>).)*</a>'
    r'<span class="cite-note">(?:<span class="cite-note__chapter">[^<]*</span> )?<span class="cite-note__verdict)">'
    r"not checked</span>"
)


def page_context(revision):
    """What the templates of a revision's page show: a fixed number of queries, whatever its length."""
    rendering = revision.rendering
    sources = revision.source_set.select_related("episode__show").prefetch_related(
        "episode__chapter_set", "episode__edition_set"
    )
    episodes = list(dict.fromkeys(source.episode for source in sources))
    own = {episode.pk: episode for episode in episodes}
    cited = status.of_revision(revision)
    for citation, _ in cited:
        citation.episode = own.get(citation.episode_id, citation.episode)
    sections = revision.section_set.all()
    words = {citation.anchor: labels.label_of(found) for citation, found in cited}
    return {
        "revision": revision,
        "rendering": rendering,
        "lead_html": annotate_html(rendering.lead_html, words),
        "text_html": annotate_html(rendering.text_html, words),
        "outline": outline.build([(s.level, markdown.plain_heading(s.heading), s.anchor) for s in sections]),
        "episodes": episodes,
        "tape": _timeline(episodes, cited, words),
        "recordings": recordings_of(episodes, cited, words),
        "tally": labels.tally(words.values()),
    }


def annotate_html(html, words):
    """Stored HTML with each citation's status in its note; `words` are the `StatusLabel`s by anchor."""

    def fill(match):
        of_citation = words.get(match["anchor"])
        if of_citation is None:
            return match[0]
        return f'{match[1]} status status--{of_citation.state}">{escape(of_citation.text)}</span>'

    return _NOTE.sub(fill, html)


def _timeline(episodes, cited, words):
    """The strip of the first source, with every citation of it."""
    default = episodes[0] if episodes else None
    if default is None:
        return None
    of_default = [citation for citation, _ in cited if citation.episode_id == default.pk]
    return timeline_of(
        default, [(one.anchor, one.start_seconds, one.end_seconds, words[one.anchor]) for one in of_default]
    )
