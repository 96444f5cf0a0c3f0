"""What is said in an episode, as rows of an admin page: a part of its cues, or the places at which words are said."""

from bisect import bisect_right

from django.core.paginator import Paginator

from articles.core.recordings import transcripts
from articles.core.timestamps import format_label
from articles.models import Cue

PER_PAGE = 200
RESULTS = 50


def around(episode, given):
    """A part of the cues: that with the number `page` in `given`, or the one that holds the second `at`."""
    ordered = _ordered(episode)
    number, at = given.get("page", 1), given.get("at", "")
    has_moment = at.isascii() and at.isdigit() and len(at) < 8
    if has_moment:
        number = max(ordered.filter(start_seconds__lte=int(at)).count() - 1, 0) // PER_PAGE + 1
    shown = Paginator(ordered, PER_PAGE).get_page(number)
    there = max(0, bisect_right([cue.start_seconds for cue in shown], int(at)) - 1) if has_moment else None
    rows, title = [], ""
    for index, cue in enumerate(shown):
        row = _row(episode, cue.start_seconds, cue.text, cue.speaker)
        rows.append(row | {"is_there": index == there, "heading": row["chapter"] if row["chapter"] != title else ""})
        title = row["chapter"]
    return {"shown": shown, "rows": rows}


def found(episode, query):
    """The places at which all words of `query` are said, in the order of time."""
    columns = _ordered(episode).values_list("start_seconds", "end_seconds", "speaker", "text")
    places = transcripts.search([transcripts.Cue(*row) for row in columns], query, RESULTS)
    results = [_row(episode, place.start_seconds, place.excerpt) for place in places]
    return {"results": results, "is_cut": len(results) == RESULTS}


def _ordered(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")


def _row(episode, start_seconds, text, speaker=""):
    seconds = int(start_seconds)
    return {
        "seconds": seconds,
        "label": format_label(seconds),
        "href": episode.link_at(seconds),
        "chapter": episode.chapter_title_at(seconds),
        "speaker": speaker,
        "text": text,
    }
