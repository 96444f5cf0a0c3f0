"""Articles, their revisions and their citations."""

from typing import Literal

from ninja import Schema
from pydantic import Field

from articles.derived.checks import labels

from .base import Page, Seconds, described, time_field, url_field

State = Literal[tuple(labels.STATES)]


class TopicName(Schema):
    slug: str = described("The topic’s name in addresses.", "sleep")
    title: str = described("As readers see it.", "Sleep")
    url: str = url_field("The topic’s page.", "/topics/sleep/")
    api: str = url_field("The topic in this API.", "/api/topics/sleep/")


class Reviewed(Schema):
    by: str = described("The name of who found the text right.", "R. Reviewer")
    at: str = time_field("When.")
    after_publishing: bool = described("It had gone out before.", False)


class Section(Schema):
    level: int = described("1 is the level directly below the title.", 1)
    heading: str = described("May hold Markdown.", "Why we sleep")
    anchor: str = described("Its id in the page.", "why-we-sleep")
    url: str = url_field("The section in its page.", "/articles/sleep/#why-we-sleep")
    text: str = described("Markdown, with its citations as marks.", "The brain clears waste at night [00:06:31].")


class EpisodeName(Schema):
    episode: str = described("How citations name it: handle of the show, slash, slug.", "night-talks/on-sleep")
    title: str = described("As its publisher calls it.", "On sleep")
    show: str = described("The title of the show.", "Night Talks")
    url: str = url_field("Its page on this site.", "/shows/night-talks/on-sleep/")
    published_on: str | None = Field(
        description="The day it came out, if known.", examples=["2026-01-31"], json_schema_extra={"format": "date"}
    )
    duration: int | None = described("Seconds, if known.", 6161)
    youtube_id: str = described("Empty where there is no video.", "abcdefghijk")
    audio_url: str = described("Address of an audio file; empty where there is none.", "")


class Source(EpisodeName):
    key: str = described("How marks in the text name it; the first source needs no name.", "e1")


class Citation(Schema):
    """A moment that a claim rests on, and how far anybody checked that it was said there."""

    url: str = url_field("The citation in its page.", "/articles/sleep/#c-391")
    section: str | None = described("The anchor of its section; none in the lead.", "why-we-sleep")
    episode: str = described("Handle of the show, slash, slug.", "night-talks/on-sleep")
    start: Seconds = described("Seconds from the start of the episode.", 391)
    end: Seconds | None = described("Seconds; none for a moment.", None)
    claim: str = described("The sentence that rests on it, without marks.", "The brain clears waste at night.")
    hear: str = url_field("Where the moment can be heard.", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")
    state: State = described(
        "The citation’s status as a code. “found” and the other automatic ones report what a program found, not that the claim is true.",
        "confirmed",
    )
    stands: str = described(
        "The same as readers are told, with who or what found it and when; in the language of the site.",
        "Confirmed by R. Reviewer, 23 November 2026",
    )


class ArticleName(Schema):
    title: str = described("The title.", "Sleep")
    slug: str = described("The article’s name in addresses; an earlier one goes on leading to it.", "sleep")
    url: str = url_field("The article’s page.", "/articles/sleep/")
    api: str = url_field("The article in this API.", "/api/articles/sleep/")
    permalink: str = url_field("This text of it for ever: the address to cite.", "/articles/sleep/revisions/3/")


class CitationInArticle(Citation):
    article: ArticleName


class ArticleEntry(ArticleName):
    revision: int = described("The number of the text that is public.", 3)
    published_at: str = time_field("When the article first went out.")
    updated_at: str = time_field("When this text did.")
    summary: str = described("The lead as plain text.", "What a night of sleep does.")
    notice: str = described("“health” is information and not advice, and has to be shown so; else “none”.", "health")
    language: str = described("Of the text, as a tag (BCP 47).", "en")
    words: int = described("How long the text is, in words.", 640)
    citation_count: int = described("How many moments it cites.", 12)
    episodes: list[str] = described("What it draws on, as handle/slug.", ["night-talks/on-sleep"])
    topics: list[TopicName]


class Text(Schema):
    lead: str = described("Markdown; what stands before the first heading.", "What a night of sleep does.")
    sections: list[Section]
    sources: list[Source]
    citations: list[Citation] = Field(description="In the order of the text.")


class Article(Text):
    title: str = described("The title.", "Sleep")
    slug: str = described("The article’s name in addresses.", "sleep")
    url: str = url_field("The article’s page.", "/articles/sleep/")
    permalink: str = url_field("This text of it for ever: the address to cite.", "/articles/sleep/revisions/3/")
    revision: int = described("The number of the text.", 3)
    published_at: str = time_field("When the article first went out.")
    updated_at: str = time_field("When this text did.")
    reviewed: Reviewed | None = Field(description="None where nobody but its writers found it right.")
    notice: str = described("“health” is information and not advice, and has to be shown so; else “none”.", "health")
    note: str = described("What readers are told of this text; may be empty.", "Corrects a dose.")
    language: str = described("Of the text, as a tag (BCP 47).", "en")
    topics: list[TopicName]
    site: str = described("The name of the site.", "Said at")


class Period(Schema):
    since: str = time_field("When it went out.")
    until: str | None = time_field("When it ceased to be public; none while it is.")


class Erased(Schema):
    at: str = time_field("When.")
    reason: str = described("On what ground, as it stands in place of the text.", "An order of a court.")


class RevisionEntry(Schema):
    """A text that is or was public. No other is in the API."""

    number: int = described("Its number in the article.", 2)
    url: str = url_field("Its page, for ever.", "/articles/sleep/revisions/2/")
    api: str = url_field("The revision in this API.", "/api/articles/sleep/revisions/2/")
    is_current: bool = described("It is what readers see now.", False)
    title: str | None = described("None where the text was erased.", "Sleep")
    notice: str = described("“health” or “none”.", "health")
    note: str = described("What readers were told of it; may be empty.", "")
    language: str = described("Of the text, as a tag (BCP 47).", "en")
    public: list[Period] = Field(description="When it was what readers saw, newest first.")
    reviewed: Reviewed | None = Field(description="None where nobody but its writers found it right.")
    erased: Erased | None = Field(description="That the text was erased, and why; none where it was not.")


class Revision(RevisionEntry):
    """The same with the text, which is none throughout where it was erased."""

    lead: str | None = described("Markdown.", "What a night of sleep does.")
    sections: list[Section] | None
    sources: list[Source] | None
    citations: list[Citation] | None = Field(description="As they stand today.")


class Articles(Page):
    results: list[ArticleEntry]


class Revisions(Page):
    results: list[RevisionEntry]


class CitationsOfArticle(Page):
    results: list[Citation]


class Citations(Page):
    results: list[CitationInArticle]
