"""Schemas of search results."""

from ninja import Schema
from pydantic import Field

from .articles import ArticleLink, Moment, Reviewed, notice_field, reviewed_field
from .base import Page, described, url_field


class Run(Schema):
    text: str = described("A piece of the sentence; joined, the pieces are the whole sentence.", "clears ")
    is_found: bool = described("Whether it matches the query.", False)


class FoundMoment(Moment):
    pass


class Place(Schema):
    url: str = url_field("The place in the article.", "/articles/sleep/#c-391")
    heading: str = described("The heading of its section; may be empty.", "Why we sleep")
    text: str = described("The sentence.", "The brain clears waste at night.")
    runs: list[Run]
    moments: list[FoundMoment] = Field(description="The timestamps the sentence cites; empty if it is uncited.")


class Found(ArticleLink):
    reviewed: Reviewed | None = reviewed_field()
    notice: str = notice_field()
    headings: list[Place] = Field(description="At most three sections whose heading matches.")
    places: list[Place] = Field(description="At most three matching sentences.")


class Search(Page):
    query: str = described("The query as it was understood.", "waste at night")
    count: int = described("Number of articles found.", 1)
    is_more: bool = described("Whether there may be more than “count”: add a word to narrow the search.", False)
    is_beginning: bool = described(
        "Whether no text contains the last word, and these contain words that begin with it.", False
    )
    left_out: int = described("Number of words ignored, since a query has at most 16.", 0)
    results: list[Found]
