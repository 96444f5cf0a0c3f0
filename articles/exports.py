"""The published text and its moments as files: Markdown, JSON, chapters, and a track of the citations."""

import json
from dataclasses import replace

from django.conf import settings
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles import chapters, formats, pages, standing, verdicts
from articles.answering import answer, for_programs, origin
from articles.importing.exporting import export_value
from articles.models import Article, Citation, Dismissal, Episode
from articles.timestamps import format_timestamp
from articles.views import moved

MAX_AGE = 60  # seconds: a correction is out soon
CUE_SECONDS = 10  # how long a track shows a citation that has a start only

# As JSON writes these inside a text: no “-->”, no tag and no entity is left for a reader of WebVTT to find.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@for_programs(MAX_AGE)
def article_markdown(request, slug):
    """The text as an editor writes it; an import reads it back."""
    article = _published(slug)
    if article is None:
        return moved(slug, "article_markdown")
    text = formats.write_markdown(export_value(article.published_revision))
    return _file_of(request, article, text, "text/markdown; charset=utf-8")


@for_programs(MAX_AGE)
def article_json(request, slug):
    """The text with its citations and how each of them stands."""
    article = _published(slug)
    if article is None:
        return moved(slug, "article_json")
    text = json.dumps(_value(article, origin(request)), ensure_ascii=False, indent=1)
    return _file_of(request, article, f"{text}\n", "application/json")


@for_programs(MAX_AGE)
def episode_chapters(request, handle, slug):
    """Podcasting 2.0 chapters: https://github.com/Podcastindex-org/podcast-namespace, JSON Chapters Format 1.2."""
    episode = _episode(handle, slug)
    lines = [chapters.ChapterLine(chapter.start_seconds, chapter.title) for chapter in episode.course]
    text = chapters.write_json(lines, title=episode.title, podcast_name=episode.show.title)
    return answer(request, text, "application/json+chapters")


@for_programs(MAX_AGE)
def episode_citations(request, handle, slug):
    """What published articles cite of the episode, as a WebVTT track of kind “metadata”: JSON in each cue."""
    episode = _episode(handle, slug)
    public = Citation.objects.filter(Q(revision__published_for__isnull=False), episode=episode)
    citations = list(
        public.select_related("finding", "revision__published_for").order_by("start_seconds", "revision_id", "position")
    )
    root = origin(request)
    cues = ["WEBVTT"]
    for number, (citation, words) in enumerate(zip(citations, _words(citations), strict=True), 1):
        end = citation.end_seconds or _shown_until(citation.start_seconds, episode.duration_seconds)
        value = {
            "claim": citation.claim,
            "article": citation.revision.title,
            "url": f"{root}{citation.revision.published_for.get_absolute_url()}#{citation.anchor}",
            "start": citation.start_seconds,
            "end": citation.end_seconds,
            "state": words.state,
            "stands": words.text,
        }
        payload = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
        times = f"{format_timestamp(citation.start_seconds)}.000 --> {format_timestamp(end)}.000"
        cues.append(f"{number}\n{times}\n{payload}")
    return answer(request, "\n\n".join(cues) + "\n", "text/vtt; charset=utf-8")


def _published(slug):
    """The published article with this slug and what is shown of it, or None."""
    found = Article.objects.published().filter(slug=slug).select_related("published_revision__rendering").first()
    if found is not None:
        found.published_revision.article = found
    return found


def _episode(handle, slug):
    """An episode that the public knows."""
    found = Episode.objects.cited().select_related("show").filter(show__handle=handle, slug=slug)
    return get_object_or_404(found)


def _file_of(request, article, text, content_type):
    """The text of the article as a file; the page stays the address to find and to name."""
    canonical = f'<{origin(request)}{article.get_absolute_url()}>; rel="canonical"'
    return answer(request, text, content_type, headers={"Link": canonical})


def _value(article, root):
    """The published article as plain data. Times in seconds from the start of the episode; `text` is Markdown."""
    revision = article.published_revision
    permalink = f"{root}{reverse('public_revision', args=[article.slug, revision.number])}"
    page = f"{root}{article.get_absolute_url()}"
    sources = list(revision.source_set.select_related("episode__show"))
    sections = list(revision.section_set.all())
    anchors = {section.pk: section.anchor for section in sections}
    cited = [(citation, verdicts.words(citation, stands)) for citation, stands in standing.of_revision(revision)]
    return {
        "title": revision.title,
        "slug": article.slug,
        "url": page,
        "permalink": permalink,
        "revision": revision.number,
        "published_at": _time(article.first_published_at),
        "updated_at": _time(article.published_at),
        "reviewed": _reviewed(pages.review_of(revision)),
        "notice": revision.notice,
        "note": revision.public_note,
        "site": settings.SITE_NAME,
        "lead": revision.lead,
        "sections": [
            {
                "level": section.level,
                "heading": section.heading,
                "anchor": section.anchor,
                "url": f"{page}#{section.anchor}",
                "text": section.body,
            }
            for section in sections
        ],
        "sources": [_source(source, root) for source in sources],
        "citations": [
            {
                "url": f"{page}#{citation.anchor}",
                "section": anchors.get(citation.section_id),
                "episode": citation.episode.reference,
                "start": citation.start_seconds,
                "end": citation.end_seconds,
                "claim": citation.claim,
                "hear": _absolute(citation.episode.link_at(citation.start_seconds, citation.end_seconds), root),
                "state": words.state,
                "stands": words.text,
            }
            for citation, words in cited
        ],
    }


def _source(source, root):
    episode = source.episode
    return {
        "key": source.key,
        "episode": episode.reference,
        "title": episode.title,
        "show": episode.show.title,
        "url": f"{root}{episode.get_absolute_url()}",
        "published_on": episode.published_on and episode.published_on.isoformat(),
        "duration": episode.duration_seconds,
        "youtube_id": episode.youtube_id,
        "audio_url": episode.audio_url,
    }


def _reviewed(review):
    """Who found the text right and when; None where nobody but its writers did."""
    if review is None or review.is_override:
        return None
    is_later = review.decision == review.Decision.CONFIRMED
    return {"by": review.by_name, "at": _time(review.at), "after_publishing": is_later}


def _words(citations):
    """The `verdicts.Words` of each of `citations`, which are of many articles: three queries, whatever their number."""
    stands = standing.standings(None, citations, [citation.finding for citation in citations])
    keys = {citation.claim_key for citation in citations}
    dismissed = {
        (one.article_id, one.code, one.subject): one for one in Dismissal.objects.standing().filter(subject__in=keys)
    }
    found = []
    for citation, one in zip(citations, stands, strict=True):
        dismissal = dismissed.get((citation.revision.article_id, one.verdict, citation.claim_key))
        found.append(verdicts.words(citation, replace(one, dismissal=dismissal)))
    return found


def _shown_until(start_seconds, duration_seconds):
    """When a cue ends whose citation does not say it: soon, and not after the episode; a cue ends after it starts."""
    end = start_seconds + CUE_SECONDS
    return max(min(end, duration_seconds or end), start_seconds + 1)


def _absolute(address, root):
    return f"{root}{address}" if address.startswith("/") else address


def _time(moment):
    return moment and moment.isoformat(timespec="seconds")
