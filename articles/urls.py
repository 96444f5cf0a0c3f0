"""The public addresses."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import (
    api,
    challenging,
    cite,
    exports,
    gathering,
    linking,
    previewing,
    public_history,
    searching,
    sharing,
    sitemaps,
    syndication,
    views,
)


class NameConverter(StringConverter):
    """A slug or a handle, in any script. PostgreSQL takes no text with a NUL in it: that is an address of nothing."""

    regex = r"[^/\0]+"


class FormConverter(StringConverter):
    """The form of a feed, as its address ends."""

    regex = "|".join(syndication.FORMS)


register_converter(NameConverter, "name")
register_converter(FormConverter, "form")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<name:slug>/", views.article, name="article"),
    path("articles/<name:slug>/history/", public_history.article_history, name="article_history"),
    path("articles/<name:slug>/revisions/<int:number>/", public_history.revision, name="public_revision"),
    path("articles/<name:slug>/links/", linking.links_here, name="links_here"),
    path("articles/<name:slug>/preview/", previewing.article_preview, name="article_preview"),
    path("articles/<name:slug>/challenge/", challenging.challenge, name="challenge"),
    path("articles/<name:slug>/challenge/thanks/", challenging.thanks, name="challenge_thanks"),
    path("articles/<name:slug>.md", exports.article_markdown, name="article_markdown"),
    path("articles/<name:slug>/cite/", cite.page, name="cite"),
    path("articles/<name:slug>.bib", cite.bibtex, name="cite_bibtex"),
    path("articles/<name:slug>.csl.json", cite.csl, name="cite_csl"),
    path("articles/<name:slug>.json", exports.article_json, name="article_json"),
    path("articles/<name:slug>/share.png", sharing.picture, name="article_picture"),
    path("about/", views.about, name="about"),
    path("how-we-check/", views.how_we_check, name="how_we_check"),
    path("shows/", views.shows, name="shows"),
    path("shows/<name:handle>/", views.show, name="show"),
    path("shows/<name:handle>/<name:slug>/", views.episode, name="episode"),
    path("shows/<name:handle>/<name:slug>/chapters.json", exports.episode_chapters, name="episode_chapters"),
    path("shows/<name:handle>/<name:slug>/citations.vtt", exports.episode_citations, name="episode_citations"),
    path("topics/", gathering.topics, name="topics"),
    path("topics/<name:slug>/", gathering.topic, name="topic"),
    path("people/", gathering.people, name="people"),
    path("people/<name:slug>/", gathering.person, name="person"),
    path("feeds/", syndication.index, name="feeds"),
    path("feeds/articles.<form:form>", syndication.articles, name="feed_articles"),
    path("feeds/corrections.<form:form>", syndication.corrections, name="feed_corrections"),
    path("feeds/shows/<name:handle>.<form:form>", syndication.show_articles, name="feed_show"),
    path("feeds/topics/<name:slug>.<form:form>", syndication.topic_articles, name="feed_topic"),
    path("api/", include(api.addresses())),
    path("search/", searching.results, name="search"),
    path("search/suggest/", searching.suggestions, name="search_suggestions"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemaps.part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("llms.txt", sitemaps.llms, name="llms"),
]
