"""The published text and its moments as files: Markdown, JSON, chapters, and a track of the citations."""

import json

from django.db.models import Q
from django.shortcuts import get_object_or_404

from articles.core import formats
from articles.core.recordings import chapters
from articles.core.timestamps import format_timestamp
from articles.derived.checks.labels import labels_of
from articles.importing.export import export_value
from articles.models import Citation, Episode
from articles.views import serializers
from articles.views.base import published_or_redirect
from articles.views.http import origin, public_resource, respond

MAX_AGE = 60  # seconds: a correction is out soon
CUE_SECONDS = 10  # how long a track shows a citation that has a start only

# As JSON writes these inside a text: no “-->”, no tag and no entity is left for a reader of WebVTT to find.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@public_resource(MAX_AGE)
@published_or_redirect()
def article_markdown(request, article):
    """The text as an editor writes it; an import reads it back."""
    text = formats.write_markdown(export_value(article.published_revision))
    return _file_of(request, article, text, "text/markdown; charset=utf-8")


@public_resource(MAX_AGE)
@published_or_redirect()
def article_json(request, article):
    """The text with its citations and how each of them stands."""
    text = json.dumps(serializers.article(article, origin(request)), ensure_ascii=False, indent=1)
    return _file_of(request, article, f"{text}\n", "application/json")


@public_resource(MAX_AGE)
def episode_chapters(request, handle, slug):
    """Podcasting 2.0 chapters: https://github.com/Podcastindex-org/podcast-namespace, JSON Chapters Format 1.2."""
    episode = _episode(handle, slug)
    lines = [chapters.ChapterLine(chapter.start_seconds, chapter.title) for chapter in episode.course]
    text = chapters.write_json(lines, title=episode.title, podcast_name=episode.show.title)
    return respond(request, text, "application/json+chapters")


@public_resource(MAX_AGE)
def episode_citations(request, handle, slug):
    """What published articles cite of the episode, as a WebVTT track of kind “metadata”: JSON in each cue."""
    episode = _episode(handle, slug)
    public = Citation.objects.filter(Q(revision__published_for__isnull=False), episode=episode)
    citations = list(
        public.select_related("finding", "revision__published_for").order_by("start_seconds", "revision_id", "position")
    )
    root = origin(request)
    cues = ["WEBVTT"]
    for number, (citation, label) in enumerate(zip(citations, labels_of(citations), strict=True), 1):
        end = citation.end_seconds or _shown_until(citation.start_seconds, episode.duration_seconds)
        value = {
            "claim": citation.claim,
            "article": citation.revision.title,
            "url": f"{root}{citation.revision.published_for.get_absolute_url()}#{citation.anchor}",
            "start": citation.start_seconds,
            "end": citation.end_seconds,
            "state": label.state,
            "stands": label.text,
        }
        payload = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
        times = f"{format_timestamp(citation.start_seconds)}.000 --> {format_timestamp(end)}.000"
        cues.append(f"{number}\n{times}\n{payload}")
    return respond(request, "\n\n".join(cues) + "\n", "text/vtt; charset=utf-8")


def _episode(handle, slug):
    """An episode that the public knows."""
    found = Episode.objects.cited().select_related("show").filter(show__handle=handle, slug=slug)
    return get_object_or_404(found)


def _file_of(request, article, text, content_type):
    """The text of the article as a file; the page stays the address to find and to name."""
    canonical = f'<{origin(request)}{article.get_absolute_url()}>; rel="canonical"'
    return respond(request, text, content_type, headers={"Link": canonical})


def _shown_until(start_seconds, duration_seconds):
    """When a cue ends whose citation does not say it: soon, and not after the episode; a cue ends after it starts."""
    end = start_seconds + CUE_SECONDS
    return max(min(end, duration_seconds or end), start_seconds + 1)
