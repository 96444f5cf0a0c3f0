"""What is said in an episode, as rows of an admin page: a part of its cues, or the places at which words are said."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from django.core.paginator import Paginator

from articles.derived import search
from articles.models import Cue

PER_PAGE = 200
RESULTS = 50


@dataclass(frozen=True)
class Row(search.Said):
    """A cue; `heading` is the title of the chapter that begins with it."""

    heading: str = ""


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
        row = Row(episode, int(cue.start_seconds), cue.text, speaker=cue.speaker, is_there=index == there)
        chapter = row.chapter
        rows.append(row if chapter == title else replace(row, heading=chapter))
        title = chapter
    return {"shown": shown, "rows": rows}


def found(episode, query):
    """The places at which all words of `query` are said, in the order of time."""
    results = search.find_in(episode, query, RESULTS)
    return {"results": results, "is_cut": len(results) == RESULTS}


def _ordered(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
