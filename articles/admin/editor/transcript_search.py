"""The transcript as editors may read it: searched, and what is said around a moment. It is a third party's text."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from articles.admin.evidence.edits import mark_at
from articles.core.recordings import transcripts
from articles.core.timestamps import format_label
from articles.derived.checks import run

from .preview import editors_only, episodes_of, refuse, sources_in

BEFORE, AFTER = 45, 75  # seconds around a moment
RESULTS = 20
QUERY_MAX = 200


@dataclass(frozen=True)
class SearchHit:
    """Something that is said: when, by whom, in which source, and the mark that cites it."""

    start_seconds: int
    label: str
    text: str
    url: str
    chapter: str
    episode: object
    key: str
    mark: str
    speaker: str = ""
    is_there: bool = False
    number: int = 0

    @property
    def action(self):
        return f"append:{self.start_seconds}:{self.key}"


@dataclass(frozen=True)
class Results:
    """What a search found, and in how many words of which sources."""

    query: str
    passages: tuple[SearchHit, ...]
    has_several_sources: bool = False

    @property
    def summary(self):
        count = len(self.passages)
        if not count:
            return gettext("“%(query)s” is not said in these words.") % {"query": self.query}
        values = {"query": self.query, "count": count}
        if count == RESULTS:
            return gettext("“%(query)s”: %(count)s or more places.") % values
        return ngettext("“%(query)s”: %(count)s place.", "“%(query)s”: %(count)s places.", count) % values


def search(episodes, query):
    """Look for words and phrases in the transcripts of ``{key: Episode}``, source by source; `Results`."""
    found = []
    query = query[:QUERY_MAX]
    for number, (key, episode) in enumerate(episodes.items()):
        transcript = run.transcript_of(episode)
        if transcript is None:
            continue
        for one in transcripts.search(transcript.cues, query, RESULTS):
            found.append(_passage(episode, "" if number == 0 else key, one.start_seconds, one.excerpt, len(found) + 1))
    return Results(query, tuple(found[:RESULTS]), len(episodes) > 1)


def around(episode, seconds):
    """What is said around a moment: the cues as they are, those of the moment itself marked."""
    transcript = run.transcript_of(episode)
    return [
        _passage(
            episode,
            "",
            cue.start_seconds,
            cue.text,
            speaker=cue.speaker,
            is_there=cue.start_seconds <= seconds < cue.end_seconds,
        )
        for cue in (transcript.cues if transcript else ())
        if cue.end_seconds > seconds - BEFORE and cue.start_seconds < seconds + AFTER
    ]


@editors_only(refuse)
@require_http_methods(["GET", "POST"])
def passages(request):
    """What is said around the moment `at` of the first `source`, or where `q` is said in all of them.

    `source=<key>:<show>/<episode>`, the first is the default. With `part` only the passages themselves. A POST asks
    the same: sources can be more than an address holds.
    """
    episodes = episodes_of(sources_in(request))
    asked = request.POST if request.method == "POST" else request.GET
    query = asked.get("q", "").strip()
    at = asked.get("at", "")
    context = {"sources": list(episodes.items()), "query": query}
    if query:
        context["results"] = search(episodes, query)
    elif at.isdecimal() and len(at) < 7 and episodes:
        episode = next(iter(episodes.values()))
        context |= {"around": around(episode, int(at)), "episode": episode, "label": format_label(int(at))}
    elif "part" in asked:
        return HttpResponseBadRequest(gettext("Say what to look for, or at which moment."), content_type="text/plain")
    if "part" in asked:
        return render(request, "admin/articles/evidence/_transcript_results.html", context)
    context |= {**admin.site.each_context(request), "title": gettext("In the transcript")}
    return render(request, "admin/articles/editor/transcript_search.html", context)


def _passage(episode, key, seconds, text, number=0, **more):
    seconds = int(seconds)
    return SearchHit(
        start_seconds=seconds,
        label=format_label(seconds),
        text=text,
        url=episode.link_at(seconds),
        chapter=episode.chapter_title_at(seconds),
        episode=episode,
        key=key,
        mark=mark_at(seconds, key),
        number=number,
        **more,
    )
