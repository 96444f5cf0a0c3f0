"""Schemas of shows, episodes and topics."""

from ninja import Schema
from pydantic import Field

from .articles import Citations, EpisodeName, TopicName
from .base import Page, Seconds, described, url_field


class Person(Schema):
    name: str = described("The person’s name.", "Ada Lovelace")
    role: str = described("What they do there; may be empty.", "guest")
    link: str = described("A page about them; may be empty.", "https://ada.example.org")


class Show(Schema):
    handle: str = described("Its short name.", "night-talks")
    title: str = described("The show’s title.", "Night Talks")
    url: str = url_field("Its page on this site.", "/shows/night-talks/")
    api: str = url_field("The show in this API.", "/api/shows/night-talks/")
    site: str = described("The show’s own site; may be empty.", "https://night-talks.example.org")
    article_count: int = described("How many published articles cite it.", 3)
    people: list[Person] = Field(description="Who is heard in its episodes.")


class EpisodeEntry(EpisodeName):
    api: str = url_field("The episode in this API.", "/api/shows/night-talks/episodes/on-sleep/")
    page_url: str = described("The publisher’s page about it; may be empty.", "https://night-talks.example.org/1")
    article_count: int = described("How many published articles cite it.", 2)


class Chapter(Schema):
    start: Seconds = described("Seconds from the start of the episode; a chapter ends where the next one begins.", 300)
    title: str = described("Its title.", "The night shift")
    is_sponsor: bool = described("Whether it is advertising.", False)
    hear: str = url_field("Where to listen to it.", "https://www.youtube.com/watch?v=abcdefghijk&t=300s")


class Episode(EpisodeEntry):
    chapters_file: str = url_field("Podcasting 2.0 chapters.", "/shows/night-talks/on-sleep/chapters.json")
    citations_track: str = url_field("WebVTT, of kind “metadata”.", "/shows/night-talks/on-sleep/citations.vtt")
    people: list[Person] = Field(description="Who is heard in it: the episode’s own people, then those of its show.")
    chapters: list[Chapter] = Field(description="By start.")
    citations: Citations = Field(description="The first page of its citations in published articles, by timestamp.")


class Topic(TopicName):
    description: str = described("A sentence about the topic; may be empty.", "What a night does.")
    article_count: int = described("How many published articles have this topic.", 3)


class Shows(Page):
    results: list[Show]


class Episodes(Page):
    results: list[EpisodeEntry]


class Topics(Page):
    results: list[Topic]
