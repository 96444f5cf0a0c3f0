"""Structured data about an article for search engines: schema.org terms as JSON-LD, part of its page.

The vocabulary is https://schema.org. Of a clip, search engines use `startOffset`, `endOffset` and `url`.
"""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from articles.core.language.shorten import shorten_at_word
from articles.core.timestamps import format_iso, format_label
from articles.models import WITHHELD, Revision

# Pages are made without the site's origin, which the view inserts here. No text can contain this placeholder, since
# “<” is escaped in all texts.
ORIGIN = "<origin>"
OPENING = '<script type="application/ld+json">'
_MARK = "\0"  # precedes an address until the texts have been escaped
_WRITTEN_MARK, _WRITTEN_ORIGIN = '"\\u0000', f'"{ORIGIN}'

# “</script” ends a script element and “<!--” starts a comment, wherever they occur in it (HTML, 4.12.1.3).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

# A clip adds about 310 bytes to the page, or 30 compressed. More clips would weigh as much as a short article; an
# article's JSON has all of its citations.
MAX_CLIPS = 120
NAME_LENGTH = 110  # characters of a claim, which the text has in full


def script(article, revision, review, recordings, writers):
    """Return the script element for a published `revision`; `recordings` come from `page_context`.

    It names nobody whom the page doesn't name: `writers` are those of `page.writers_of`, and `review` is None also if it doesn't cover the whole text, since schema.org has no terms for that.
    """
    data = _clean(describe(article, revision, review, recordings, writers))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return f"{OPENING}{text.replace(_WRITTEN_MARK, _WRITTEN_ORIGIN)}</script>\n"


def with_origin(page_html, origin):
    """Return a page with `origin` inserted in all absolute addresses."""
    return page_html.replace(ORIGIN, origin)


def describe(article, revision, review, recordings, writers):
    """Return the article as a mapping: an `Article`, or a `MedicalWebPage` if it has a health notice."""
    address = _address(article.get_absolute_url())
    is_health = revision.notice == Revision.Notice.HEALTH
    page = {"@type": "MedicalWebPage" if is_health else "WebPage", "@id": address}
    # schema.org defines the review properties for pages, not for articles.
    if review is not None and not review.is_override:
        page["lastReviewed"] = localdate(review.at).isoformat()
        page["reviewedBy"] = _people(_person(one) for one in (*getattr(review, "others", ()), review))
    episodes = _episodes(address, recordings)
    work = {
        "headline": revision.title,
        "description": revision.rendering.lead_text,
        "url": address,
        # Who edited an imported text isn't its author, and nobody knows who is.
        "editor" if writers["is_received"] else "author": _people(
            {"@type": "Person", "name": name} for name in writers["names"]
        ),
        "image": _address(reverse("article_picture", args=[article.slug])),
        "datePublished": _time(article.first_published_at),
        "dateModified": _time(article.published_at),
        "version": revision.number,
        "inLanguage": revision.language,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": _address(reverse("home"))}
        if settings.SITE_NAME
        else None,
        "isBasedOn": episodes,
        "citation": [{"@id": clip["@id"]} for episode in episodes for clip in episode.get("hasPart", ())],
    }
    work = {key: value for key, value in work.items() if value}
    page = {key: value for key, value in page.items() if value}
    if is_health:
        return {"@context": "https://schema.org", **page, **work}
    return {"@context": "https://schema.org", "@type": "Article", "@id": _Address(f"{address}#article"), **work} | {
        "mainEntityOfPage": page
    }


def _episodes(address, recordings):
    """Return the cited episodes, each with its cited moments as clips, in the order of the recording."""
    remaining = MAX_CLIPS
    episodes = []
    for recording in recordings:
        clips = list(_clips(address, recording["moments"]).values())[:remaining]
        remaining -= len(clips)
        episodes.append(_episode(recording["episode"], clips))
    return episodes


def _episode(episode, clips):
    show = episode.show
    value = {
        "@type": "PodcastEpisode",
        "@id": _address(episode.get_absolute_url()),
        "name": episode.title,
        "url": episode.page_url or _address(episode.get_absolute_url()),
        "datePublished": episode.published_on and episode.published_on.isoformat(),
        "duration": episode.duration_seconds and format_iso(episode.duration_seconds),
        "partOfSeries": {
            "@type": "PodcastSeries",
            "@id": _address(show.get_absolute_url()),
            "name": show.title,
            "url": show.url or _address(show.get_absolute_url()),
        },
        "associatedMedia": _media(episode),
        "hasPart": clips,
    }
    return {key: part for key, part in value.items() if part}


def _media(episode):
    """Return the recording itself (not its page) as a media object, or None."""
    if episode.audio_url:
        return {"@type": "AudioObject", "contentUrl": episode.audio_url}
    if episode.youtube_id:
        return {"@type": "VideoObject", "embedUrl": f"https://www.youtube-nocookie.com/embed/{episode.youtube_id}"}
    return None


def _clips(address, moments):
    """Return {(start, end): clip} in seconds; a moment that is cited twice gets one clip.

    A clip has an end only if its citation has one.
    """
    clips = {}
    for moment in moments:
        citation = moment.citation
        clip = {
            "@type": "Clip",
            "@id": _Address(f"{address}#{citation.anchor}"),
            "name": shorten_at_word(citation.claim, NAME_LENGTH) or format_label(citation.start_seconds),
            "startOffset": citation.start_seconds,
            "endOffset": citation.end_seconds,
            "url": _address(moment.href) if moment.href.startswith("/") else moment.href,
        }
        clip = {key: part for key, part in clip.items() if part is not None}
        clips.setdefault((citation.start_seconds, citation.end_seconds), clip)
    return clips


def _time(moment):
    return moment and moment.isoformat(timespec="seconds")


class _Address(str):
    """An address of this site, to which the origin is added when the page is served."""


def _address(path):
    return _Address(_MARK + path)


def _person(review):
    page = getattr(review, "by_page", "")
    return {"@type": "Person", "name": review.by_name, **({"url": _address(page)} if page else {})}


def _people(people):
    """Return one person, or a list of any other number, without those whose name is withheld: that is no name."""
    known = [person for person in people if person["name"] != WITHHELD]
    return known[0] if len(known) == 1 else known


def _clean(value):
    """Return `value` with `_MARK` replaced everywhere except in addresses."""
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, str) and not isinstance(value, _Address):
        return value.replace(_MARK, "\ufffd")
    return value
