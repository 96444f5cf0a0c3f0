"""What the search found."""

from ninja import Schema
from pydantic import Field

from .base import Page, Seconds, described, url_field


class Run(Schema):
    text: str = described("A piece of the sentence; all of them together are it.", "clears ")
    is_found: bool = described("It is what was looked for.", False)


class FoundMoment(Schema):
    episode: str = described("Handle of the show, slash, slug.", "night-talks/on-sleep")
    start: Seconds = described("Seconds from the start of the episode.", 391)
    end: Seconds | None = described("Seconds; none for a moment.", None)
    hear: str = url_field("Where it can be heard.", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")


class Place(Schema):
    url: str = url_field("The place in the article.", "/articles/sleep/#c-391")
    heading: str = described("The heading of its section; may be empty.", "Why we sleep")
    text: str = described("The sentence.", "The brain clears waste at night.")
    runs: list[Run]
    moments: list[FoundMoment] = Field(description="Where it was said; none for a sentence that cites nothing.")


class Found(Schema):
    title: str = described("The title of the article.", "Sleep")
    slug: str = described("The article’s name in addresses.", "sleep")
    url: str = url_field("The article’s page.", "/articles/sleep/")
    api: str = url_field("The article in this API.", "/api/articles/sleep/")
    headings: list[Place] = Field(description="Sections whose heading answers, at most three.")
    places: list[Place] = Field(description="Sentences that answer, at most three.")


class Search(Page):
    query: str = described("What was looked for.", "waste at night")
    count: int = described("How many articles were found.", 1)
    is_more: bool = described("There may be more than that: add a word to narrow it down.", False)
    is_beginning: bool = described("Nothing has the last word itself: these have words that begin with it.", False)
    left_out: int = described("How many words were not looked for, since there were more than 16.", 0)
    results: list[Found]
