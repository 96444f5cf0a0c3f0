"""Articles, their revisions and their citations."""

from typing import Literal

from ninja import Schema
from pydantic import Field

from articles.derived.checks import labels

from .base import Page, Seconds, described, time_field, url_field

State = Literal[tuple(labels.STATES)]


class TopicName(Schema):
    slug: str = described("The topic’s name in URLs.", "sleep")
    title: str = described("The topic’s title.", "Sleep")
    url: str = url_field("The topic’s page.", "/topics/sleep/")
    api: str = url_field("The topic in this API.", "/api/topics/sleep/")


class OtherReviewer(Schema):
    by: str = described("The reviewer’s name.", "R. Reviewer")
    at: str = time_field("Date and time.")


class Reviewed(Schema):
    by: str = described("The reviewer’s name.", "R. Reviewer")
    at: str = time_field("Date and time.")
    others: list[OtherReviewer] = described("Who else had to approve the text, and did so before.", [])
    after_publishing: bool = described("Whether the text was already public when it was reviewed.", False)
    covers: Literal["all", "changes"] = described(
        "“all”, or “changes” if the text was built from one that nobody reviewed, such as an imported text.", "all"
    )
    sentences: int | None = described("How many sentences were reviewed; null if all, or if not counted.", None)
    sentences_total: int | None = described(
        "Of how many, with titles of callouts, headers of tables and code; null if all were reviewed, or if not counted.",
        None,
    )


def reviewed_field():
    return Field(description="Null if nobody but its authors has approved it.")


def notice_field():
    return described(
        "“health” for information that isn’t medical advice and must be displayed as such, otherwise “none”.", "health"
    )


class Record(Schema):
    """A place in the chain over the logs of all articles; its digest fixes everything before it."""

    number: int = described("Position of the article’s last log entry in the chain.", 1234)
    digest: str = described("SHA-256 of that link and all before it.", "0f" * 32)
    at: str = time_field("When it was logged.")
    key: str | None = described("The id of the key in /record/keys.json that signed it; null if not signed.", "0f" * 8)
    signature: str | None = described("Ed25519 signature of “number:digest” as Base64; null if not signed.", "aa" * 44)


class Section(Schema):
    level: int = described("1 is directly below the title.", 1)
    heading: str = described("May contain Markdown.", "Why we sleep")
    anchor: str = described("Its id on the page.", "why-we-sleep")
    url: str = url_field("The section on its page.", "/articles/sleep/#why-we-sleep")
    text: str = described("Markdown with citation marks.", "The brain clears waste at night [00:06:31].")


class EpisodeName(Schema):
    episode: str = described("How citations refer to it: show handle, slash, slug.", "night-talks/on-sleep")
    title: str = described("The title its publisher gave it.", "On sleep")
    show: str = described("The title of the show.", "Night Talks")
    url: str = url_field("Its page on this site.", "/shows/night-talks/on-sleep/")
    published_on: str | None = Field(
        description="The release date, if known.", examples=["2026-01-31"], json_schema_extra={"format": "date"}
    )
    duration: int | None = described("Seconds, if known.", 6161)
    is_duration_derived: bool = described(
        "Whether the duration is only where the transcript ends, because no other is known.", False
    )
    youtube_id: str = described("Empty if there is no video.", "abcdefghijk")
    audio_url: str = described("URL of an audio file; empty if there is none.", "")


class SourceIssue(Schema):
    """What is wrong with the text’s citations of one recording as a whole, according to an automatic comparison."""

    kind: Literal["other recording", "shifted", "hours too late", "minutes as hours", "past the end"] = described(
        "What it is.", "shifted"
    )
    offset: int | None = described("For “shifted”: the seconds to be added to the timestamps. Otherwise null.", -3600)
    explained: int = described("Timestamps that it explains, with those past the end of the recording.", 28)
    citations: int = described("Timestamps of the recording in the text. Those past its end aren’t citations.", 30)


class Source(EpisodeName):
    key: str = described("The key that citation marks use; marks without a key refer to the first source.", "e1")
    issue: SourceIssue | None = described(
        "What is wrong with its citations as a whole (automatic); null if nothing is, and for earlier versions.", None
    )
    past_end: int = described("Timestamps past the end of the recording, which aren’t in “citations”.", 0)


class Moment(Schema):
    episode: str = described("Show handle, slash, slug.", "night-talks/on-sleep")
    start: Seconds = described("Seconds from the start of the episode.", 391)
    end: Seconds | None = described("Seconds; null for a single moment.", None)
    hear: str = url_field("Where to listen to it.", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")


class Discrepancy(Schema):
    """Something in a claim that the whole recording doesn’t say like this, according to an automatic comparison."""

    kind: Literal["quotation", "number", "name"] = described("What it is.", "quotation")
    text: str = described("As the claim writes it.", "the brain is washed every night")
    start: Seconds | None = described("Second of the closest wording of a quotation; else null.", 402)


class Citation(Moment):
    """A claim with the timestamp it cites, and whether the citation has been checked."""

    url: str = url_field("The citation on its page.", "/articles/sleep/#c-391")
    section: str | None = described("The anchor of its section; null in the lead.", "why-we-sleep")
    claim: str = described("The sentence that cites it, without marks.", "The brain clears waste at night.")
    state: State = described(
        "Its status. All but “confirmed” and “looked-at” are automatic and don’t mean that the claim is true or false.",
        "confirmed",
    )
    stands: str = described(
        "The status label readers see, with who or what found it and when, in the site’s language.",
        "Confirmed by R. Reviewer, 23 November 2026",
    )
    discrepancies: list[Discrepancy] = described("What the recording doesn’t say like this (automatic).", [])


class ArticlePage(Schema):
    title: str = described("The title.", "Sleep")
    slug: str = described("The article’s name in URLs; earlier ones redirect to it.", "sleep")
    url: str = url_field("The article’s page.", "/articles/sleep/")


class ArticleLink(ArticlePage):
    api: str = url_field("The article in this API.", "/api/articles/sleep/")


class ArticleVersion(ArticlePage):
    permalink: str = url_field("The permanent URL of this version: the one to cite.", "/articles/sleep/revisions/3/")


class ArticleName(ArticleLink, ArticleVersion):
    pass


class CitingArticle(ArticleName):
    reviewed: Reviewed | None = reviewed_field()
    notice: str = notice_field()


class CitationInArticle(Citation):
    article: CitingArticle


class PublishedArticle(ArticleVersion):
    revision: int = described("The number of the published revision.", 3)
    published_at: str = time_field("When the article was first published.")
    updated_at: str = time_field("When this version was published.")
    notice: str = notice_field()
    language: str = described("Language tag of the text (BCP 47), empty if it isn’t known.", "en")
    topics: list[TopicName]


class ArticleEntry(PublishedArticle, ArticleLink):
    reviewed: Reviewed | None = reviewed_field()
    summary: str = described("The lead as plain text.", "What a night of sleep does.")
    words: int = described("Number of words in the text.", 640)
    citation_count: int = described("Number of citations.", 12)
    episodes: list[str] = described("The episodes it cites, as handle/slug.", ["night-talks/on-sleep"])


class Text(Schema):
    lead: str = described("Markdown; the text before the first heading.", "What a night of sleep does.")
    sections: list[Section]
    sources: list[Source]
    citations: list[Citation] = Field(description="In article order.")


class Article(PublishedArticle, Text):
    reviewed: Reviewed | None = reviewed_field()
    note: str = described("This revision’s note to readers; may be empty.", "Corrects a dose.")
    site: str = described("The name of the site.", "Said at")
    record: Record | None = Field(description="The article’s place in the record of changes.")
    report: str = url_field("The report on its citations, whatever the current revision.", "/articles/sleep/citations/")


class Period(Schema):
    since: str = time_field("When it was published.")
    until: str | None = time_field("When it stopped being public; null while it is.")
    is_revert: bool = described("Whether a moderator reverted to this text after another one.", False)
    reason: str | None = described("Why it was reverted to; null if it wasn’t, or if the text was erased.", None)


class Erased(Schema):
    at: str = time_field("Date and time.")
    reason: str = described("The reason, shown in place of the text.", "An order of a court.")


class RevisionEntry(Schema):
    """A revision that is or was public. The API contains no others."""

    number: int = described("The revision number.", 2)
    url: str = url_field("Its permanent URL.", "/articles/sleep/revisions/2/")
    api: str = url_field("The revision in this API.", "/api/articles/sleep/revisions/2/")
    is_current: bool = described("Whether readers see it now.", False)
    title: str | None = described("Null if the text was erased.", "Sleep")
    notice: str = described("“health” or “none”.", "health")
    note: str = described("Its note to readers; may be empty.", "")
    language: str = described("Language tag of the text (BCP 47), empty if it isn’t known.", "en")
    public: list[Period] = Field(description="The periods in which it was public, newest first.")
    reviewed: Reviewed | None = reviewed_field()
    erased: Erased | None = Field(description="When and why the text was erased; null if it wasn’t.")


class Revision(RevisionEntry):
    """A revision with its text; every part of the text is null if it was erased."""

    lead: str | None = described("Markdown.", "What a night of sleep does.")
    sections: list[Section] | None
    sources: list[Source] | None
    citations: list[Citation] | None = Field(description="With their current status.")


class Articles(Page):
    results: list[ArticleEntry]


class Revisions(Page):
    results: list[RevisionEntry]


class CitationsOfArticle(Page):
    results: list[Citation]


class Citations(Page):
    results: list[CitationInArticle]
