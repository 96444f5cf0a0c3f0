"""The published article as readers see it: the text with how each citation stands, and the instruments around it.

It is stored, so that a request renders nothing, and made again when the text, a check or a confirmation changes.
"""

import re
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils.html import escape

from articles.core import markdown, outline
from articles.core.recordings import timeline
from articles.core.timestamps import format_iso, format_label
from articles.derived import reviewers, search
from articles.derived.checks import labels, risk, status
from articles.models import Article, Contributor, LogEntry, Rendering, Review, Revision

from . import cite_this, json_ld

CHANGES_SHOWN = 3
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
    words: labels.Words
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
    reviewers.link([review])
    revision.article = article
    risk.restamp(revision.citation_set.all())
    shown = values(revision)
    data = json_ld.script(article, revision, review, shown["recordings"])
    topics = list(article.topics.all())
    writers = writers_of(revision)
    context = {
        "article": article,
        "review": review,
        "topics": topics,
        "writers": writers,
        "cite": cite_this.block(article, revision, writers),
        "changes": changes_of(article),
        "structured_data": data,
        **shown,
    }
    html = render_to_string("articles/stored/page.html", context)
    Rendering.objects.filter(pk=revision.pk).update(page_html=html)


def review_of(revision):
    """The last review that found the revision right, None where there was none."""
    found_right = [Review.Decision.APPROVED, Review.Decision.CONFIRMED]
    return revision.review_set.filter(decision__in=found_right).order_by("-pk").first()


def writers_of(revision):
    """Who wrote the text: {"names": in the order in which they came, "is_received": whether it first came from elsewhere}."""
    so_far = {"revision__article": revision.article_id, "revision__number__lte": revision.number}
    found = Contributor.objects.filter(**so_far, revision__status=Revision.Status.APPROVED).order_by("pk")
    names = list(dict.fromkeys(found.values_list("user_name", flat=True)))
    received = revision.article.revision_set.filter(number__lte=revision.number, status=Revision.Status.RECEIVED)
    return {"names": names, "is_received": received.exists()}


def changes_of(article):
    """The last texts that readers were shown, newest first, as log entries with their revision; one query."""
    moves = [LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED]
    entries = LogEntry.objects.filter(article=article, action__in=moves).select_related("revision")
    return list(entries.order_by("-number")[:CHANGES_SHOWN])


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
    cited = status.of_revision(revision)
    for citation, _ in cited:
        citation.episode = own.get(citation.episode_id, citation.episode)
    sections = revision.section_set.all()
    words = {citation.anchor: labels.words(citation, stands) for citation, stands in cited}
    return {
        "revision": revision,
        "rendering": rendering,
        "lead_html": told(rendering.lead_html, words),
        "text_html": told(rendering.text_html, words),
        "outline": outline.build([(s.level, markdown.plain_heading(s.heading), s.anchor) for s in sections]),
        "episodes": episodes,
        "tape": _tape(episodes, cited, words),
        "recordings": _recordings(episodes, cited, words),
        "tally": labels.tally(words.values()),
    }


def told(html, words):
    """Stored HTML with each citation's note saying how it stands; `words` are `verdicts.Words` by anchor."""

    def fill(match):
        of_citation = words.get(match["anchor"])
        if of_citation is None:
            return match[0]
        return f'{match[1]} status status--{of_citation.state}">{escape(of_citation.text)}</span>'

    return _NOTE.sub(fill, html)


def _tape(episodes, cited, words):
    """The strip of the first source, with every citation of it."""
    default = episodes[0] if episodes else None
    if default is None:
        return None
    of_default = [citation for citation, _ in cited if citation.episode_id == default.pk]
    return strip(default, [(one.anchor, one.start_seconds, one.end_seconds, words[one.anchor]) for one in of_default])


def strip(episode, cited):
    """A recording as strip, as the same in lines, and as a table; None where its length is not known.

    `cited` are (anchor, start in seconds, end or None, `verdicts.Words`); `course` is the table: for each chapter its
    label, title, whether it is a sponsor, and its moments as (anchor, label, `Words`). `gap` is the longest stretch
    without a moment.
    """
    length = episode.duration_seconds
    if not length:
        return None
    chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.course]
    pins = [(anchor, start) for anchor, start, _, _ in cited]
    stands = {anchor: (words.state, words.text) for anchor, _, _, words in cited}
    laid = timeline.lay_out(length, chapters, pins, stands)
    ends = [start for start, _, _ in chapters[1:]] + [length]
    sponsors = [(start, end) for (start, _, is_sponsor), end in zip(chapters, ends, strict=False) if is_sponsor]
    moments = [(start, end) for _, start, end, _ in cited]
    gap = (
        timeline.longest_gap(length, moments, [one for one in sponsors if one[0] < one[1] <= length]) if cited else None
    )
    return {
        **asdict(laid),
        "lines": [asdict(line) for line in timeline.wrap(length, chapters, pins, stands)],
        "course": _course(episode, cited),
        "gap": asdict(gap) | {"start": format_label(gap.start_seconds), "end": format_label(gap.end_seconds)}
        if gap
        else None,
        "gap_minutes": round((gap.end_seconds - gap.start_seconds) / 60) if gap else 0,
    }


def _course(episode, cited):
    rows = [
        {"label": format_label(one.start_seconds), "title": one.title, "is_sponsor": one.is_sponsor, "moments": []}
        for one in episode.course
    ]
    before = {"label": format_label(0), "title": "", "is_sponsor": False, "moments": []}
    places = {chapter.pk: row for chapter, row in zip(episode.course, rows, strict=True)}
    for anchor, start, _, words in sorted(cited, key=lambda one: one[1]):
        chapter = episode.chapter_at(start)
        row = places[chapter.pk] if chapter else before
        row["moments"].append({"anchor": anchor, "label": format_label(start), "words": words})
    return [before, *rows] if before["moments"] or not rows else rows


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
