"""The search operation: the results of the search page as data."""

from typing import Annotated

from ninja import Query
from ninja.errors import HttpError

from articles.derived import search as searching
from articles.derived.reviews import review_states
from articles.models import Episode
from articles.views import serializers
from articles.views.http import origin

from . import pagination
from .base import operation
from .params import Cursor
from .schemas import search as schemas
from .schemas.base import Problem

TOO_LONG = "“q” is longer than 200 characters. Search for the few words that matter most."
NO_WORD = "“q” contains no word. Give at least one letter or number."


@operation("/search/", schemas.Search, "Search articles", tag="Search", problems={400: Problem})
def search(
    request,
    q: Annotated[
        str,
        Query(description="Words, in any inflected form; use quotation marks for phrases.", examples=["sleep"]),
    ],
    cursor: Cursor = None,
):
    """The same results as the search page, best first, ten per page. Newly published articles may shift them."""
    (number,) = pagination.decode_cursor(cursor, "search", int) or [1]
    results = searching.find(q, number)
    if results.query.is_too_long or not results.query.terms:
        raise HttpError(400, TOO_LONG if results.query.is_too_long else NO_WORD)
    page = results.found if results.page == number else []  # the page may be gone since the cursor was made
    has_more = results.page == number and number < results.page_count
    return {
        "query": results.query.text,
        "count": results.count,
        "is_more": results.is_more,
        "is_beginning": results.is_beginning,
        "left_out": results.query.left_out,
        "results": _serialize(page, origin(request)),
        "next": pagination.url_with(request, pagination.encode_cursor("search", number + 1)) if has_more else None,
    }


def _serialize(results, root):
    moments = [moment for result in results for place in result.places for moment in place.moments]
    review_states.set_states(result.article.published_revision for result in results)
    episodes = Episode.objects.select_related("show").in_bulk({moment.episode_id for moment in moments})
    return [
        {
            **serializers.article_link(result.article, result.article.published_revision, root),
            **serializers.review_and_notice(result.article.published_revision),
            "headings": [_place(place, episodes, root) for place in result.headings],
            "places": [_place(place, episodes, root) for place in result.places],
        }
        for result in results
    ]


def _place(place, episodes, root):
    return {
        "url": f"{root}{place.address}",
        "heading": place.heading,
        "text": "".join(run.text for run in place.runs),
        "runs": [{"text": run.text, "is_found": run.is_found} for run in place.runs],
        "moments": [
            {
                "episode": episodes[moment.episode_id].reference,
                "start": moment.start_seconds,
                "end": moment.end_seconds,
                "hear": serializers.absolute(moment.href, root),
            }
            for moment in place.moments
        ],
    }
