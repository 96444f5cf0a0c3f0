"""What is public of articles, citations and recordings as plain data: the files and the API give the same.

Moments are whole seconds from the start of the episode, times of the calendar ISO 8601, addresses absolute under
`root`, texts Markdown where they are called `lead` or `text`. What does not exist is None.
"""

from django.conf import settings
from django.urls import reverse

from articles.derived.checks import labels, status
from articles.derived.pages.stored import review_of


def article(article, root):
    """A published article with its whole text; its `published_revision` is at hand."""
    revision = article.published_revision
    page = f"{root}{article.get_absolute_url()}"
    return {
        "title": revision.title,
        "slug": article.slug,
        "url": page,
        "permalink": permalink(article, revision, root),
        "revision": revision.number,
        "published_at": time(article.first_published_at),
        "updated_at": time(article.published_at),
        "reviewed": reviewed(review_of(revision)),
        "notice": revision.notice,
        "note": revision.public_note,
        "language": language(revision),
        "topics": topics_of(article, root),
        "site": settings.SITE_NAME,
        **text(revision, page, root),
    }


def article_entry(article, root):
    """A published article as a list shows it, of `Article.objects.for_list()` with its topics prefetched."""
    revision = article.published_revision
    sources = revision.source_set.all()
    return {
        "title": revision.title,
        "slug": article.slug,
        "url": f"{root}{article.get_absolute_url()}",
        "api": f"{root}{reverse('api:article', args=[article.slug])}",
        "permalink": permalink(article, revision, root),
        "revision": revision.number,
        "published_at": time(article.first_published_at),
        "updated_at": time(article.published_at),
        "summary": revision.rendering.lead_text,
        "notice": revision.notice,
        "language": language(revision),
        "words": revision.rendering.word_count,
        "citation_count": revision.citation_count,
        "episodes": list(dict.fromkeys(source.episode.reference for source in sources)),
        "topics": topics_of(article, root),
    }


def revision_entry(article, periods, root):
    """A text that is or was public, without it; `periods` are its `public_history.Period`, newest first."""
    newest = periods[0]
    revision = newest.revision
    is_erased = revision.erased_at is not None
    approval = newest.approval if newest.approval is not None and not newest.approval.is_override else newest.later
    return {
        "number": revision.number,
        "url": permalink(article, revision, root),
        "api": f"{root}{reverse('api:article_revision', args=[article.slug, revision.number])}",
        "is_current": revision.pk == article.published_revision_id,
        "title": None if is_erased else revision.title,
        "notice": revision.notice,
        "note": revision.public_note,
        "language": language(revision),
        "public": [{"since": time(period.since), "until": time(period.until)} for period in periods],
        "reviewed": reviewed(approval),
        "erased": {"at": time(revision.erased_at), "reason": revision.erasure_reason} if is_erased else None,
    }


def revision(article, periods, root):
    """The same with the text; the text of an erased one is None throughout."""
    entry = revision_entry(article, periods, root)
    shown = periods[0].revision
    if shown.erased_at is not None:
        return entry | dict.fromkeys(("lead", "sections", "sources", "citations"))
    shown.article = article
    return entry | text(shown, entry["url"], root)


def text(revision, page, root):
    """What a revision says and cites, its parts at anchors of `page`; a fixed number of queries."""
    sources = list(revision.source_set.select_related("episode__show"))
    sections = list(revision.section_set.all())
    cited = status.of_revision(revision)
    return {
        "lead": revision.lead,
        "sections": [
            {
                "level": section.level,
                "heading": section.heading,
                "anchor": section.anchor,
                "url": f"{page}#{section.anchor}",
                "text": section.body,
            }
            for section in sections
        ],
        "sources": [{"key": source.key, **_source(source.episode, root)} for source in sources],
        "citations": [citation_of(citation, labels.label_of(found), page, root) for citation, found in cited],
    }


def citation_of(citation, label, page, root):
    """A citation in the text at `page` with its `StatusLabel`; its section and episode are at hand."""
    return {
        "url": f"{page}#{citation.anchor}",
        "section": citation.section.anchor if citation.section_id else None,
        "episode": citation.episode.reference,
        "start": citation.start_seconds,
        "end": citation.end_seconds,
        "claim": citation.claim,
        "hear": absolute(citation.episode.link_at(citation.start_seconds, citation.end_seconds), root),
        "state": label.state,
        "stands": label.text,
    }


def citations_in_articles(citations, root):
    """Citations of published articles, each with its article, which is at hand; three queries, however many."""
    found = []
    for citation, label in zip(citations, labels.labels_of(citations), strict=True):
        revision = citation.revision
        article = revision.published_for
        page = f"{root}{article.get_absolute_url()}"
        found.append(
            {
                **citation_of(citation, label, page, root),
                "article": {
                    "title": revision.title,
                    "slug": article.slug,
                    "url": page,
                    "api": f"{root}{reverse('api:article', args=[article.slug])}",
                    "permalink": permalink(article, revision, root),
                },
            }
        )
    return found


def show(show, root):
    """A show with its `article_count`, as `Show.objects.cited()` gives it."""
    return {
        "handle": show.handle,
        "title": show.title,
        "url": f"{root}{show.get_absolute_url()}",
        "api": f"{root}{reverse('api:show', args=[show.handle])}",
        "site": show.url,
        "article_count": show.article_count,
    }


def episode_entry(episode, root):
    """An episode with its `article_count`, as `Episode.objects.cited()` gives it."""
    return {
        **_source(episode, root),
        "api": f"{root}{reverse('api:episode', args=[episode.show.handle, episode.slug])}",
        "page_url": episode.page_url,
        "article_count": episode.article_count,
    }


def episode(episode, root):
    """The same with its chapters and where its files are."""
    names = [episode.show.handle, episode.slug]
    return {
        **episode_entry(episode, root),
        "chapters_file": f"{root}{reverse('episode_chapters', args=names)}",
        "citations_track": f"{root}{reverse('episode_citations', args=names)}",
        "chapters": [
            {
                "start": chapter.start_seconds,
                "title": chapter.title,
                "is_sponsor": chapter.is_sponsor,
                "hear": absolute(episode.link_at(chapter.start_seconds), root),
            }
            for chapter in episode.course
        ],
    }


def topic(topic, root):
    """A topic with its `article_count`, as `Topic.objects.public()` gives it."""
    return {**_topic(topic, root), "description": topic.description, "article_count": topic.article_count}


def topics_of(article, root):
    return [_topic(topic, root) for topic in article.topics.all()]


def permalink(article, revision, root):
    """The address at which this text stays, whatever becomes of the article."""
    return f"{root}{reverse('public_revision', args=[article.slug, revision.number])}"


def reviewed(review):
    """Who found the text right and when; None where nobody but its writers did."""
    if review is None or review.is_override:
        return None
    is_later = review.decision == review.Decision.CONFIRMED
    return {"by": review.by_name, "at": time(review.at), "after_publishing": is_later}


def language(revision):
    """The tag (BCP 47) of the language that the text is in."""
    return revision.language or settings.LANGUAGE_CODE


def absolute(address, root):
    return f"{root}{address}" if address.startswith("/") else address


def time(moment):
    return moment and moment.isoformat(timespec="seconds")


def _source(episode, root):
    return {
        "episode": episode.reference,
        "title": episode.title,
        "show": episode.show.title,
        "url": f"{root}{episode.get_absolute_url()}",
        "published_on": episode.published_on and episode.published_on.isoformat(),
        "duration": episode.duration_seconds,
        "youtube_id": episode.youtube_id,
        "audio_url": episode.audio_url,
    }


def _topic(topic, root):
    return {
        "slug": topic.slug,
        "title": topic.title,
        "url": f"{root}{topic.get_absolute_url()}",
        "api": f"{root}{reverse('api:topic', args=[topic.slug])}",
    }
