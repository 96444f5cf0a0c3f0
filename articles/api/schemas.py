"""What the API answers, as types with units and examples: the OpenAPI value and the documentation are made of them."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from articles.derived.checks import labels

State = Literal[tuple(labels.STATES)]
_TIME = "2026-11-23T12:00:00+00:00"
_SITE = "https://example.org"


def _time(description):
    return Field(description=description, examples=[_TIME], json_schema_extra={"format": "date-time"})


def _address(description, path):
    example = path if path.startswith("http") else f"{_SITE}{path}"
    return Field(description=description, examples=[example], json_schema_extra={"format": "uri"})


def _told(description, example):
    return Field(description=description, examples=[example])


Seconds = Annotated[int, Field(ge=0)]


class Problem(Schema):
    """What went wrong (RFC 9457), sent as application/problem+json."""

    type: str = _told("Always “about:blank”: the status says what kind of problem it is.", "about:blank")
    title: str = _told("The name of the status.", "Bad Request")
    status: int = _told("The status of the answer.", 400)
    detail: str = _told("What was wrong and what to do, in a sentence.", "“limit” has to be 100 at most.")


class TopicName(Schema):
    slug: str = _told("The topic’s name in addresses.", "sleep")
    title: str = _told("As readers see it.", "Sleep")
    url: str = _address("The topic’s page.", "/topics/sleep/")
    api: str = _address("The topic in this API.", "/api/topics/sleep/")


class Topic(TopicName):
    description: str = _told("What it is about, in a sentence; may be empty.", "What a night does.")
    article_count: int = _told("How many published articles are filed under it.", 3)


class Reviewed(Schema):
    by: str = _told("The name of who found the text right.", "R. Reviewer")
    at: str = _time("When.")
    after_publishing: bool = _told("It had gone out before.", False)


class Section(Schema):
    level: int = _told("1 stands directly under the title.", 1)
    heading: str = _told("May hold Markdown.", "Why we sleep")
    anchor: str = _told("Its id in the page.", "why-we-sleep")
    url: str = _address("The section in its page.", "/articles/sleep/#why-we-sleep")
    text: str = _told("Markdown, with its citations as marks.", "The brain clears waste at night [00:06:31].")


class EpisodeName(Schema):
    episode: str = _told("How citations name it: handle of the show, slash, slug.", "night-talks/on-sleep")
    title: str = _told("As its publisher calls it.", "On sleep")
    show: str = _told("The title of the show.", "Night Talks")
    url: str = _address("Its page on this site.", "/shows/night-talks/on-sleep/")
    published_on: str | None = Field(
        description="The day it came out, if known.", examples=["2026-01-31"], json_schema_extra={"format": "date"}
    )
    duration: int | None = _told("Seconds, if known.", 6161)
    youtube_id: str = _told("Empty where there is no video.", "abcdefghijk")
    audio_url: str = _told("Address of an audio file; empty where there is none.", "")


class Source(EpisodeName):
    key: str = _told("How marks in the text name it; the first source needs no name.", "e1")


class Citation(Schema):
    """A moment that a claim rests on, and how far anybody checked that it was said there."""

    url: str = _address("The citation in its page.", "/articles/sleep/#c-391")
    section: str | None = _told("The anchor of its section; none in the lead.", "why-we-sleep")
    episode: str = _told("Handle of the show, slash, slug.", "night-talks/on-sleep")
    start: Seconds = _told("Seconds from the start of the episode.", 391)
    end: Seconds | None = _told("Seconds; none for a moment.", None)
    claim: str = _told("The sentence that rests on it, without marks.", "The brain clears waste at night.")
    hear: str = _address("Where the moment can be heard.", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")
    state: State = _told(
        "How it stands, in a word. “found” and the others by machine are what a program found, not that it is true.",
        "confirmed",
    )
    stands: str = _told(
        "The same as readers are told, with who or what found it and when; in the language of the site.",
        "confirmed by R. Reviewer, 23 November 2026",
    )


class ArticleName(Schema):
    title: str = _told("The title.", "Sleep")
    slug: str = _told("The article’s name in addresses; an earlier one goes on leading to it.", "sleep")
    url: str = _address("The article’s page.", "/articles/sleep/")
    api: str = _address("The article in this API.", "/api/articles/sleep/")
    permalink: str = _address("This text of it for ever: the address to cite.", "/articles/sleep/revisions/3/")


class CitationInArticle(Citation):
    article: ArticleName


class ArticleEntry(ArticleName):
    revision: int = _told("The number of the text that is public.", 3)
    published_at: str = _time("When the article first went out.")
    updated_at: str = _time("When this text did.")
    summary: str = _told("The lead as plain text.", "What a night of sleep does.")
    notice: str = _told("“health” is information and not advice, and has to be shown so; else “none”.", "health")
    language: str = _told("Of the text, as a tag (BCP 47).", "en")
    words: int = _told("How long the text is, in words.", 640)
    citation_count: int = _told("How many moments it cites.", 12)
    episodes: list[str] = _told("What it draws on, as handle/slug.", ["night-talks/on-sleep"])
    topics: list[TopicName]


class Text(Schema):
    lead: str = _told("Markdown; what stands before the first heading.", "What a night of sleep does.")
    sections: list[Section]
    sources: list[Source]
    citations: list[Citation] = Field(description="In the order of the text.")


class Article(Text):
    title: str = _told("The title.", "Sleep")
    slug: str = _told("The article’s name in addresses.", "sleep")
    url: str = _address("The article’s page.", "/articles/sleep/")
    permalink: str = _address("This text of it for ever: the address to cite.", "/articles/sleep/revisions/3/")
    revision: int = _told("The number of the text.", 3)
    published_at: str = _time("When the article first went out.")
    updated_at: str = _time("When this text did.")
    reviewed: Reviewed | None = Field(description="None where nobody but its writers found it right.")
    notice: str = _told("“health” is information and not advice, and has to be shown so; else “none”.", "health")
    note: str = _told("What readers are told of this text; may be empty.", "Corrects a dose.")
    language: str = _told("Of the text, as a tag (BCP 47).", "en")
    topics: list[TopicName]
    site: str = _told("The name of the site.", "Said at")


class Period(Schema):
    since: str = _time("When it went out.")
    until: str | None = _time("When it ceased to be public; none while it is.")


class Erased(Schema):
    at: str = _time("When.")
    reason: str = _told("On what ground, as it stands in place of the text.", "An order of a court.")


class RevisionEntry(Schema):
    """A text that is or was public. No other is in the API."""

    number: int = _told("Its number in the article.", 2)
    url: str = _address("Its page, for ever.", "/articles/sleep/revisions/2/")
    api: str = _address("The revision in this API.", "/api/articles/sleep/revisions/2/")
    is_current: bool = _told("It is what readers see now.", False)
    title: str | None = _told("None where the text was erased.", "Sleep")
    notice: str = _told("“health” or “none”.", "health")
    note: str = _told("What readers were told of it; may be empty.", "")
    language: str = _told("Of the text, as a tag (BCP 47).", "en")
    public: list[Period] = Field(description="When it was what readers saw, newest first.")
    reviewed: Reviewed | None = Field(description="None where nobody but its writers found it right.")
    erased: Erased | None = Field(description="That the text was erased, and why; none where it was not.")


class Revision(RevisionEntry):
    """The same with the text, which is none throughout where it was erased."""

    lead: str | None = _told("Markdown.", "What a night of sleep does.")
    sections: list[Section] | None
    sources: list[Source] | None
    citations: list[Citation] | None = Field(description="As they stand today.")


class Show(Schema):
    handle: str = _told("Its short name.", "night-talks")
    title: str = _told("As listeners know it.", "Night Talks")
    url: str = _address("Its page on this site.", "/shows/night-talks/")
    api: str = _address("The show in this API.", "/api/shows/night-talks/")
    site: str = _told("The show’s own site; may be empty.", "https://night-talks.example.org")
    article_count: int = _told("How many published articles draw on it.", 3)


class EpisodeEntry(EpisodeName):
    api: str = _address("The episode in this API.", "/api/shows/night-talks/episodes/on-sleep/")
    page_url: str = _told("The publisher’s page about it; may be empty.", "https://night-talks.example.org/1")
    article_count: int = _told("How many published articles draw on it.", 2)


class Chapter(Schema):
    start: Seconds = _told("Seconds from the start of the episode; it ends where the next one begins.", 300)
    title: str = _told("Its title.", "The night shift")
    is_sponsor: bool = _told("Advertising.", False)
    hear: str = _address("Where it can be heard.", "https://www.youtube.com/watch?v=abcdefghijk&t=300s")


class Episode(EpisodeEntry):
    chapters_file: str = _address("Podcasting 2.0 chapters.", "/shows/night-talks/on-sleep/chapters.json")
    citations_track: str = _address("WebVTT, of kind “metadata”.", "/shows/night-talks/on-sleep/citations.vtt")
    chapters: list[Chapter] = Field(description="In time order.")
    citations: "Citations" = Field(description="What published articles cite of it, in time order: the first page.")


class Run(Schema):
    text: str = _told("A piece of the sentence; all of them together are it.", "clears ")
    is_found: bool = _told("It is what was looked for.", False)


class FoundMoment(Schema):
    episode: str = _told("Handle of the show, slash, slug.", "night-talks/on-sleep")
    start: Seconds = _told("Seconds from the start of the episode.", 391)
    end: Seconds | None = _told("Seconds; none for a moment.", None)
    hear: str = _address("Where it can be heard.", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")


class Place(Schema):
    url: str = _address("The place in the article.", "/articles/sleep/#c-391")
    heading: str = _told("The heading of its section; may be empty.", "Why we sleep")
    text: str = _told("The sentence.", "The brain clears waste at night.")
    runs: list[Run]
    moments: list[FoundMoment] = Field(description="Where it was said; none for a sentence that cites nothing.")


class Found(Schema):
    title: str = _told("The title of the article.", "Sleep")
    slug: str = _told("The article’s name in addresses.", "sleep")
    url: str = _address("The article’s page.", "/articles/sleep/")
    api: str = _address("The article in this API.", "/api/articles/sleep/")
    headings: list[Place] = Field(description="Sections whose heading answers, at most three.")
    places: list[Place] = Field(description="Sentences that answer, at most three.")


class _Page(Schema):
    next: str | None = _address("The page after this one; none on the last.", "/api/articles/?cursor=WyJhcnRpY2xlcyJd")


class Articles(_Page):
    results: list[ArticleEntry]


class Revisions(_Page):
    results: list[RevisionEntry]


class CitationsOfArticle(_Page):
    results: list[Citation]


class Citations(_Page):
    results: list[CitationInArticle]


class Shows(_Page):
    results: list[Show]


class Episodes(_Page):
    results: list[EpisodeEntry]


class Topics(_Page):
    results: list[Topic]


class Search(_Page):
    query: str = _told("What was looked for.", "waste at night")
    count: int = _told("How many articles were found.", 1)
    is_more: bool = _told("There may be more than that: add a word to narrow it down.", False)
    is_beginning: bool = _told("Nothing has the last word itself: these have words that begin with it.", False)
    left_out: int = _told("How many words were not looked for, since there were more than 16.", 0)
    results: list[Found]


Episode.model_rebuild()
