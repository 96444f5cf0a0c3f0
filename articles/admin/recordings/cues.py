"""An episode's transcript as rows of an admin page: one page of its cues, or the results of a search."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from django.core.paginator import Paginator

from articles.derived import search
from articles.models import Cue

PER_PAGE = 200
RESULTS = 50


@dataclass(frozen=True)
class Row(search.Said):
    """A cue; `heading` is the title of the chapter that starts with it, or ""."""

    heading: str = ""


def around(episode, given):
    """Template context with one page of the cues: number `page` in `given`, or the page with second `at`."""
    ordered = _ordered(episode)
    number, at = given.get("page", 1), given.get("at", "")
    has_moment = at.isascii() and at.isdigit() and len(at) < 8
    if has_moment:
        number = max(ordered.filter(start_seconds__lte=int(at)).count() - 1, 0) // PER_PAGE + 1
    cues = Paginator(ordered, PER_PAGE).get_page(number)
    current = max(0, bisect_right([cue.start_seconds for cue in cues], int(at)) - 1) if has_moment else None
    rows, title = [], ""
    for index, cue in enumerate(cues):
        row = Row(episode, int(cue.start_seconds), cue.text, speaker=cue.speaker, is_there=index == current)
        chapter = row.chapter
        rows.append(row if chapter == title else replace(row, heading=chapter))
        title = chapter
    return {"page_of_cues": cues, "rows": rows}


def search_results(episode, query):
    """Template context with the first places where all words of `query` are said, in time order."""
    results = search.find_in(episode, query, RESULTS)
    return {"results": results, "is_cut": len(results) == RESULTS}


def _ordered(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
