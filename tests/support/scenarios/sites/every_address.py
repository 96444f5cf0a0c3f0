"""The addresses of everything that can be requested with GET on the full site, and why some URL patterns have none."""

from django.urls import get_resolver, resolve, reverse

from articles.core.recordings.transcripts import WRITERS
from articles.models import BackgroundTask
from tests.support.scenarios.sites.full_site import admin_addresses, public_addresses

POST_ONLY = "changes something: only answers POST"
REDIRECT = "only redirects"
# URL patterns that aren't requested, by their routes' ends.
LEFT_OUT = {
    "admin/desk/decide/": POST_ONLY,
    "admin/desk/select/": POST_ONLY,
    "admin/inbox/read/": POST_ONLY,
    "admin/evidence/export/": POST_ONLY,
    "admin/images/upload/": POST_ONLY,
    "admin/evidence/decide/": POST_ONLY,
    "admin/evidence/problem/settle/": POST_ONLY,
    "admin/evidence/problem/undo/": POST_ONLY,
    "admin/evidence/undo/": POST_ONLY,
    "admin/evidence/claim/<int:pk>/": REDIRECT,
    "admin/articles/backgroundtask/<int:pk>/act/": POST_ONLY,
    "admin/articles/article/<int:pk>/watch/": POST_ONLY,
    "admin/articles/revision/<int:pk>/look/": POST_ONLY,
    "admin/articles/revision/<int:pk>/leave/": POST_ONLY,
    "admin/articles/revision/<int:pk>/arrange/": POST_ONLY,
    "admin/articles/article/<int:pk>/topics/": POST_ONLY,
    "admin/articles/article/<int:pk>/restore/": POST_ONLY,
    "admin/articles/article/<int:pk>/protection/": POST_ONLY,
    "admin/articles/article/bulk/<slug:name>/": POST_ONLY,
    "admin/articles/article/views/save/": POST_ONLY,
    "admin/articles/article/views/<int:pk>/delete/": POST_ONLY,
    "admin/articles/article/preview/": POST_ONLY,
    "admin/articles/article/check/": POST_ONLY,
    "admin/articles/article/clean/": POST_ONLY,
    "admin/articles/article/completions/": POST_ONLY,
    "admin/articles/article/evidence/": POST_ONLY,
    "admin/articles/article/upload/": POST_ONLY,
    "admin/articles/article/autosave/": POST_ONLY,
    "admin/articles/article/present/": POST_ONLY,
    "admin/articles/correctionrequest/<int:pk>/answer/": POST_ONLY,
    "admin/articles/correctionrequest/<int:pk>/draft/": POST_ONLY,
    "admin/articles/recordingchange/<int:pk>/decide/": POST_ONLY,
    "admin/articles/episode/<int:pk>/transcript/cues/<int:cue>/": POST_ONLY,
    "admin/articles/episode/<int:pk>/transcript/corrections/<int:change>/": POST_ONLY,
    "admin/articles/revision/<int:pk>/decide/": POST_ONLY,
    "admin/articles/revision/<int:pk>/heard/": POST_ONLY,
    "admin/articles/revision/<int:pk>/comments/": POST_ONLY,
    "admin/articles/revision/<int:pk>/comments/<int:thread>/answer/": POST_ONLY,
    "admin/articles/revision/<int:pk>/comments/<int:thread>/<str:act>/": POST_ONLY,
    "admin/articles/revision/<int:pk>/erase/<int:quotation>/": POST_ONLY,
    "admin/articles/revision/<int:pk>/share/<int:link>/revoke/": POST_ONLY,
    "admin/articles/revision/<int:pk>/share/comments/<int:comment>/delete/": POST_ONLY,
    "admin/login/": "only redirects people who are logged in",
    "admin/articles/revision/<int:pk>/versions/restore/": POST_ONLY,
    "admin/articles/revision/<int:pk>/versions/discard/": POST_ONLY,
    "admin/logout/": POST_ONLY,
    "admin/r/<path:content_type_id>/<path:object_id>/": REDIRECT,
    "admin/(?P<url>.*)$": REDIRECT,
    "media/<path:path>": "uploads, served as they are",
}

EPISODE_FILES = ("episode_chapters", "episode_citations", "episode_playlist", "episode_soundbites")


def routes(patterns=None, prefix=""):
    """Return the routes of all URL patterns of the site."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = _current(f"{prefix}{str(pattern.pattern).removeprefix('^')}")
        found |= routes(pattern.url_patterns, route) if hasattr(pattern, "url_patterns") else {route}
    return found


def is_left_out(route):
    """Return whether a route isn't requested; besides `LEFT_OUT`, the admin's short addresses, which redirect."""
    return route in LEFT_OUT or (route.startswith("admin/") and route.endswith("/<path:object_id>/"))


def route_of(address):
    return _current(resolve(address.partition("?")[0]).route)


def _current(route):
    """Return the route for a former one of the same view."""
    return route.replace("admin/articles/challenge/", "admin/articles/correctionrequest/")


def every_address(rows, article=None):
    """Return {name: address} with at least one for each route that isn't left out.

    `rows` is the full site; the pages of one article are those of `article` if it is given, too.
    """
    article = article or rows.article
    show, episode = rows.episode.show.handle, rows.episode.slug
    addresses = public_addresses(rows) | admin_addresses(rows)
    files = [reverse(name, args=[article.slug]) for name in _OF_ARTICLE]
    files += [reverse(name, args=[show, episode]) for name in EPISODE_FILES]
    files += [reverse("episode_transcript", args=[show, episode, form]) for form in WRITERS]
    files += [reverse("admin:articles_episode_transcript_file", args=[rows.episode.pk, form]) for form in WRITERS]
    files += [
        f"/feeds/{feed}.{form}"
        for feed in ("articles", "corrections", f"shows/{show}", f"topics/{rows.topic.slug}")
        for form in ("atom", "rss", "json")
    ]
    files += [f"/sitemap-{part}.xml" for part in ("pages", "articles", "episodes", "shows", "topics", "people")]
    files += [
        "/sitemap.xml",
        "/robots.txt",
        "/.well-known/security.txt",
        "/llms.txt",
        "/words.js",
        "/search/suggest/?q=br",
        "/search/?q=brain+waste",
    ]
    files += [f"/articles/{article.slug}/", rows.correction_request.follow_up.get_absolute_url(), rows.shared]
    files += [reverse(name, args=[article.slug, 1]) for name in _OF_REVISION]
    files += [
        f"/api/{end}"
        for end in (
            "openapi.json",
            "articles/",
            f"articles/?episode={show}/{episode}",
            f"articles/{article.slug}/",
            f"articles/{article.slug}/citations/",
            f"articles/{article.slug}/revisions/",
            f"articles/{article.slug}/revisions/1/",
            "citations/?limit=100",
            f"citations/?episode={show}/{episode}&state=missing",
            "shows/",
            f"shows/{show}/",
            f"shows/{show}/episodes/",
            f"shows/{show}/episodes/{episode}/",
            "topics/",
            f"topics/{rows.topic.slug}/",
            "search/?q=brain",
            "nothing/",
        )
    ]
    pk, revision = article.pk, article.published_revision_id
    files += [reverse(f"admin:articles_article_{act}", args=[pk]) for act in ("change", "history", "blame", "delete")]
    files += [reverse(f"admin:articles_revision_{act}", args=[revision]) for act in ("change", "preview", "erase")]
    files += [
        reverse(f"admin:articles_episode_{name}", args=[rows.episode.pk]) for name in ("chapters", "transcript_remove")
    ]
    files += [f"/admin/evidence/?{query}" for query in ("sort=moment", "sort=article", "sort=score", "state=nobody")]
    files += [
        reverse("admin:articles_revision_versions", args=[rows.draft.pk]),
        reverse("admin:articles_revision_share", args=[rows.waiting.pk]),
        reverse("admin:articles_revision_discard", args=[rows.draft.pk]),
        reverse("admin:articles_revision_timestamps", args=[rows.draft.pk, rows.episode.pk]),
        "/record.json",
        "/record/keys.json",
        "/health/",
        "/admin/your-account/",
        "/admin/evidence/export.csv",
        "/admin/evidence/judgements.csv",
        "/admin/evidence/judgements.jsonl",
        reverse("admin:articles_backgroundtask_file", args=[BackgroundTask.objects.first().pk]),
        "/admin/articles/",
        "/admin/password_change/done/",
        "/admin/jsi18n/",
        "/admin/your-page/",
        "/admin/articles/article/missing-links/",
        f"/admin/articles/article/passages/?q=brain&episode={rows.episode.pk}",
        f"/admin/articles/article/spoken/?video={rows.episode.youtube_id}&at=391",
        "/admin/articles/article/episodes/?q=sleep",
        "/admin/articles/article/images/?q=night",
        "/admin/autocomplete/?app_label=articles&model_name=edition&field_name=episode&term=sleep",
        "/admin/articles/article/?state=unreviewed",
        f"/admin/auth/user/{rows.draft.author_id}/password/",
        f"{rows.episode.get_absolute_url()}?after=1800_0",
    ]
    return addresses | {address: address for address in files}


_OF_REVISION = ("public_revision", "citation_report", "citation_report_csv", "citation_report_json")
_OF_ARTICLE = (
    "article_markdown",
    "article_json",
    "article_picture",
    "article_preview",
    "article_history",
    "links_here",
    "challenge",
    "cite",
    "cite_bibtex",
    "cite_csl",
)
