"""Published texts, citations and transcripts as files: Markdown, JSON, chapters, WebVTT, soundbites, playlists."""

import json
from dataclasses import replace

from django.http import Http404

from articles.core import formats
from articles.core.recordings import chapters, cited_moments, transcripts
from articles.core.recordings.people import read_people
from articles.core.timestamps import format_timestamp
from articles.derived.checks import labels
from articles.derived.recordings.people import with_names
from articles.derived.reviews import review_states
from articles.importing import export_value
from articles.models import Cue, Transcript
from articles.views import serializers
from articles.views.base import published_or_redirect
from articles.views.http import origin, public_view, respond, respond_long
from articles.views.http.pagination import batches
from articles.views.recordings.pages import BY_START, cited_episode, public_citations, transcribed_episode
from articles.views.serializers import absolute, time

BATCH = 1000  # citations loaded at a time
CUE_SECONDS = 10  # how long a track shows a citation without an end

# JSON escapes for these characters, so that WebVTT parsers see no “-->”, tag or entity in a payload.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@public_view
@published_or_redirect()
def article_markdown(request, article):
    """The article's Markdown source, which can be imported again."""
    revision = article.published_revision
    publication = {
        "revision": str(revision.number),
        "published": time(article.published_at),
        "review": review_states.states_of([revision.pk])[revision.pk].label,
        "permalink": serializers.permalink(article, revision, origin(request)),
    }
    text = formats.write_markdown(export_value(revision), publication)
    return _file_of(request, article, text, "text/markdown; charset=utf-8")


@public_view
@published_or_redirect()
def article_json(request, article):
    """The article's text with its citations and their statuses."""
    text = json.dumps(serializers.article(article, origin(request)), ensure_ascii=False, indent=1)
    return _file_of(request, article, f"{text}\n", "application/json")


@public_view
def episode_chapters(request, handle, slug):
    """Podcasting 2.0 chapters: https://github.com/Podcastindex-org/podcast-namespace, JSON Chapters Format 1.2."""
    episode = cited_episode(handle, slug)
    lines = [chapters.ChapterLine(chapter.start_seconds, chapter.title) for chapter in episode.chapters]
    text = chapters.write_json(lines, title=episode.title, podcast_name=episode.show.title)
    return respond(text, "application/json+chapters")


@public_view
def episode_citations(request, handle, slug):
    """All citations of the episode in published articles, as a WebVTT track of kind “metadata” with JSON cues."""
    cues = _cues(cited_episode(handle, slug), origin(request))
    return respond_long(request, cues, "text/vtt; charset=utf-8")


@public_view
def episode_soundbites(request, handle, slug):
    """The citations of the episode as `podcast:soundbite` in an RSS feed, for whoever publishes the show's own.

    A soundbite's title says what is said there, so those for which that is doubted, unclear or unchecked are left out.
    """
    episode, root = cited_episode(handle, slug), origin(request)
    moments = (moment for moment, label in _moments(episode, root) if label.state not in labels.UNVERIFIED)
    pieces = cited_moments.soundbites(_recording(episode, root), moments)
    return respond_long(request, pieces, "application/rss+xml; charset=utf-8")


@public_view
def episode_playlist(request, handle, slug):
    """The citations of the episode as an M3U playlist."""
    episode, root = cited_episode(handle, slug), origin(request)
    pieces = cited_moments.playlist(_recording(episode, root), _with_doubts(_moments(episode, root), episode.title))
    return respond_long(request, pieces, "audio/x-mpegurl; charset=utf-8")


@public_view
def episode_transcript(request, handle, slug, form):
    """The episode's transcript as a file, if it is public."""
    return respond_long(request, [transcript_file(transcribed_episode(handle, slug), form)], content_type_of(form))


def transcript_file(episode, form, *, has_names=True):
    """Return the episode's transcript as text in a format of `transcripts.WRITERS`; the caller checks permissions.

    With `has_names`, voices have the names of people; without, the file can be imported again unchanged.
    Raises Http404 if the episode has none.
    """
    current = Transcript.objects.current().filter(episode=episode).values_list("language", flat=True).first()
    if current is None:
        raise Http404("The episode has no transcript.")
    rows = Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
    cues = [transcripts.Cue(*row) for row in rows.values_list("start_seconds", "end_seconds", "speaker", "text")]
    return transcripts.WRITERS[form].write(with_names(episode, cues) if has_names else cues, current)


def content_type_of(form):
    return transcripts.WRITERS[form].content_type


def _recording(episode, root):
    return cited_moments.Recording(
        title=episode.title,
        address=absolute(episode.get_absolute_url(), root),
        show_title=episode.show.title,
        show_address=absolute(episode.show.get_absolute_url(), root),
        length_seconds=episode.duration_seconds,  # not where its transcript ends: it may go on
        people=read_people(episode.people),
        show_people=read_people(episode.show.people),
    )


def _moments(episode, root):
    """Yield the episode's citations as `CitedMoment`s with their `StatusLabel`s in order of time, in batches."""
    for citations in batches(public_citations(episode), BY_START, BATCH):
        for citation, label in zip(citations, labels.labels_of(citations), strict=True):
            times = citation.start_seconds, citation.end_seconds
            address = absolute(episode.link_at(*times), root) if episode.can_be_heard else ""
            yield cited_moments.CitedMoment(*times, citation.claim, address), label


def _with_doubts(moments, title):
    """Yield the moments, with the label in the claim (or `title`) of those for which it is doubted, unclear or unchecked."""
    for moment, label in moments:
        is_verified = label.state not in labels.UNVERIFIED
        yield moment if is_verified else replace(moment, claim=f"{moment.claim or title} – {label.text}")


def _cues(episode, root):
    """Yield the pieces of the episode's track, in batches of citations."""
    yield "WEBVTT\n"
    number = 0
    for citations in batches(public_citations(episode), BY_START, BATCH):
        for citation, label in zip(citations, labels.labels_of(citations), strict=True):
            number += 1
            yield f"\n{number}\n{_cue(citation, label, episode.duration_seconds, root)}\n"


def _cue(citation, label, duration_seconds, root):
    """Return the times and the payload of a citation's cue."""
    end = citation.end_seconds or citation.start_seconds + CUE_SECONDS
    end = max(min(end, duration_seconds or end), citation.start_seconds + 1)  # within the episode, but after the start
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
    return f"{format_timestamp(citation.start_seconds)}.000 --> {format_timestamp(end)}.000\n{payload}"


def _file_of(request, article, text, content_type):
    """Respond with a file of the article's text, whose canonical URL is the article's page."""
    canonical = f'<{origin(request)}{article.get_absolute_url()}>; rel="canonical"'
    return respond(text, content_type, headers={"Link": canonical})
