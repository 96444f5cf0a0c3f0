"""The published article as readers see it: the text with how each citation stands, and the instruments around it.

It is stored, so that a request renders nothing, and made again when the text, a check or a confirmation changes.
"""

import re
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils.html import escape

from articles import markup, outline, risk, search, standing, structured, tape, verdicts
from articles.models import Article, Rendering, Review
from articles.timestamps import format_iso, format_label

EXCERPT_LENGTH = 160  # characters of a transcript that stand in public, where the episode allows any

# As markup writes a citation with its note; the note says nothing yet of how the citation stands.
_NOTE = re.compile(
    r'(<a class="citation" id="(?P<anchor>[^"]+)"[^>]*>(?:(?!</a>).)*</a>'
    r'<span class="cite-note">(?:<span class="cite-note__chapter">[^<]*</span> )?<span class="cite-note__verdict)">'
    r"not checked</span>"
)


@dataclass(frozen=True)
class Shown:
    """A citation in the list under the article."""

    anchor: str
    claim: str
    label: str
    iso: str
    chapter: str
    href: str
    start_seconds: int
    end_seconds: int | None
    words: verdicts.Words
    excerpt: str


def render(article):
    """Store the page of what is published of `article`, and for lists what the public sees of its citations."""
    article = Article.objects.select_related("published_revision__rendering").get(pk=article.pk)
    revision = article.published_revision
    risk.publish(article)
    search.index(article)
    if revision is None:
        return
    review = review_of(revision)
    revision.article = article
    risk.restamp(revision.citation_set.all())
    shown = values(revision)
    data = structured.script(article, revision, review, shown["recordings"])
    context = {"article": article, "review": review, "structured_data": data, **shown}
    html = render_to_string("articles/derived/page.html", context)
    Rendering.objects.filter(pk=revision.pk).update(page_html=html)


def review_of(revision):
    """The last review that found the revision right, None where there was none."""
    found_right = [Review.Decision.APPROVED, Review.Decision.CONFIRMED]
    return revision.review_set.filter(decision__in=found_right).order_by("-pk").first()


def render_citing(episode):
    """Store the pages of all published articles that cite `episode` anew, one after the other; how many."""
    articles = Article.objects.published().filter(published_revision__source__episode=episode).distinct()
    count = 0
    for article in articles.iterator(chunk_size=100):
        render(article)
        count += 1
    return count


def values(revision):
    """What the templates of a revision's page show: a fixed number of queries, whatever its length."""
    rendering = revision.rendering
    sources = revision.source_set.select_related("episode__show").prefetch_related(
        "episode__chapter_set", "episode__edition_set"
    )
    episodes = list(dict.fromkeys(source.episode for source in sources))
    own = {episode.pk: episode for episode in episodes}
    cited = standing.of_revision(revision)
    for citation, _ in cited:
        citation.episode = own.get(citation.episode_id, citation.episode)
    sections = revision.section_set.all()
    words = {citation.anchor: verdicts.words(citation, stands) for citation, stands in cited}
    return {
        "revision": revision,
        "rendering": rendering,
        "lead_html": told(rendering.lead_html, words),
        "text_html": told(rendering.text_html, words),
        "outline": outline.build([(s.level, markup.plain_heading(s.heading), s.anchor) for s in sections]),
        "episodes": episodes,
        "tape": _tape(episodes, cited),
        "recordings": _recordings(episodes, cited, words),
        "tally": verdicts.tally(words.values()),
    }


def told(html, words):
    """Stored HTML with each citation's note saying how it stands; `words` are `verdicts.Words` by anchor."""

    def fill(match):
        of_citation = words.get(match["anchor"])
        if of_citation is None:
            return match[0]
        return f'{match[1]} cite-note__verdict--{of_citation.state}">{escape(of_citation.text)}</span>'

    return _NOTE.sub(fill, html)


def _tape(episodes, cited):
    """The strip of the first source, with every citation of it."""
    default = episodes[0] if episodes else None
    if default is None or not default.duration_seconds:
        return None
    strip = tape.lay_out(
        default.duration_seconds,
        [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in default.course],
        [(citation.anchor, citation.start_seconds) for citation, _ in cited if citation.episode_id == default.pk],
    )
    return asdict(strip)


def _recordings(episodes, cited, words):
    """The cited episodes with their moments in time order: what the list under an article shows."""
    recordings = []
    for episode in episodes:
        of_episode = [(citation, stands) for citation, stands in cited if citation.episode_id == episode.pk]
        of_episode.sort(key=lambda pair: (pair[0].start_seconds, pair[0].position))
        moments = [
            Shown(
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
    return text if len(text) <= EXCERPT_LENGTH else f"{text[:EXCERPT_LENGTH].rsplit(' ', 1)[0]} …"
