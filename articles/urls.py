"""The public URLs."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import api
from .core.recordings.transcripts import WRITERS
from .views.articles import citation_report, cite, history, links, shared_draft
from .views.articles import pages as articles
from .views.collections import reviewers, search, topics
from .views.correction_requests import requests as correction_requests
from .views.correction_requests import status as correction_status
from .views.machine import exports, feeds, health, robots, security_txt, share_image, sitemaps
from .views.recordings import pages as recordings
from .views.recordings.transcripts import pages as transcript_pages
from .views.site import pages as site
from .views.site import record


class NameConverter(StringConverter):
    """A slug or a handle, in any script. NUL is excluded because PostgreSQL can't store it, so no row could match."""

    regex = r"[^/\0]+"


class FormConverter(StringConverter):
    """A feed's format, given as the file extension of its URL."""

    regex = "|".join(feeds.FORMS)


class TranscriptConverter(StringConverter):
    """A transcript's format, given as the file extension of its URL."""

    regex = "|".join(WRITERS)


register_converter(NameConverter, "name")
register_converter(TranscriptConverter, "transcript")
register_converter(FormConverter, "form")

urlpatterns = [
    path("", site.home, name="home"),
    path("articles/<name:slug>/", articles.article, name="article"),
    path("articles/<name:slug>/history/", history.article_history, name="article_history"),
    path("articles/<name:slug>/revisions/<int:number>/", history.revision, name="public_revision"),
    path("articles/<name:slug>/citations/", citation_report.current, name="current_citation_report"),
    path("articles/<name:slug>/revisions/<int:number>/citations/", citation_report.page, name="citation_report"),
    path(
        "articles/<name:slug>/revisions/<int:number>/citations.json",
        citation_report.as_json,
        name="citation_report_json",
    ),
    path(
        "articles/<name:slug>/revisions/<int:number>/citations.csv", citation_report.as_csv, name="citation_report_csv"
    ),
    path("articles/<name:slug>/links/", links.links_here, name="links_here"),
    path("articles/<name:slug>/preview/", links.article_preview, name="article_preview"),
    path("articles/<name:slug>/challenge/", correction_requests.correction_request, name="challenge"),
    path("shared/<name:token>/", shared_draft.shared_draft, name="shared_draft"),
    path("suggestions/<name:token>/", correction_status.correction_status, name="correction_status"),
    path("articles/<name:slug>.md", exports.article_markdown, name="article_markdown"),
    path("articles/<name:slug>/cite/", cite.page, name="cite"),
    path("articles/<name:slug>.bib", cite.bibtex, name="cite_bibtex"),
    path("articles/<name:slug>.csl.json", cite.csl, name="cite_csl"),
    path("articles/<name:slug>.json", exports.article_json, name="article_json"),
    path("articles/<name:slug>/share.png", share_image.picture, name="article_picture"),
    path("record/", record.record, name="record"),
    path("record.json", record.record_json, name="record_json"),
    path("record/keys.json", record.record_keys, name="record_keys"),
    path("about/", site.about, name="about"),
    path("how-we-check/", site.how_we_check, name="how_we_check"),
    path("shows/", recordings.shows, name="shows"),
    path("shows/<name:handle>/", recordings.show, name="show"),
    path("shows/<name:handle>/<name:slug>/", recordings.episode, name="episode"),
    path("shows/<name:handle>/<name:slug>/chapters.json", exports.episode_chapters, name="episode_chapters"),
    path("shows/<name:handle>/<name:slug>/citations.vtt", exports.episode_citations, name="episode_citations"),
    path("shows/<name:handle>/<name:slug>/soundbites.xml", exports.episode_soundbites, name="episode_soundbites"),
    path("shows/<name:handle>/<name:slug>/citations.m3u8", exports.episode_playlist, name="episode_playlist"),
    path("shows/<name:handle>/<name:slug>/transcript/", transcript_pages.transcript, name="transcript"),
    path("shows/<name:handle>/<name:slug>/transcript/find/", transcript_pages.find, name="transcript_find"),
    path(
        "shows/<name:handle>/<name:slug>/transcript.<transcript:form>",
        exports.episode_transcript,
        name="episode_transcript",
    ),
    path("topics/", topics.topics, name="topics"),
    path("topics/<name:slug>/", topics.topic, name="topic"),
    path("people/", reviewers.reviewers, name="people"),
    path("people/<name:slug>/", reviewers.reviewer, name="person"),
    path("feeds/", feeds.index, name="feeds"),
    path("feeds/articles.<form:form>", feeds.articles, name="feed_articles"),
    path("feeds/corrections.<form:form>", feeds.corrections, name="feed_corrections"),
    path("feeds/shows/<name:handle>.<form:form>", feeds.show_articles, name="feed_show"),
    path("feeds/topics/<name:slug>.<form:form>", feeds.topic_articles, name="feed_topic"),
    path("api/", include(api.addresses())),
    path("search/", search.results, name="search"),
    path("search/suggest/", search.suggestions, name="search_suggestions"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemaps.part, name="sitemap_part"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("robots.txt", robots.robots, name="robots"),
    path("health/", health.health, name="health"),
    path("llms.txt", robots.llms, name="llms"),
]
