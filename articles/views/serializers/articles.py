"""Articles, revisions, citations and topics as plain data."""

from django.conf import settings
from django.urls import reverse

from articles.derived import source_issues
from articles.derived.checks import discrepancies, labels, status
from articles.derived.pages.page import review_of
from articles.derived.reviews import review_states, reviewers
from articles.workflow.history import chain

from .recordings import cited_episode
from .values import absolute, time


def article(article, root):
    """Serialize a published article with its full text; `published_revision` is prefetched."""
    revision = article.published_revision
    review = review_of(revision)
    reviewers.with_others([review])
    return {
        **_name(article, revision, root),
        **_dates(article),
        "reviewed": reviewed(review, revision.rendering.partial_review),
        "notice": revision.notice,
        "note": revision.shown_note,
        "language": revision.language,
        "topics": _topics(article, root),
        "site": settings.SITE_NAME,
        "record": head(chain.head_of(article)),
        "report": f"{root}{reverse('current_citation_report', args=[article.slug])}",
        **text(revision, f"{root}{article.get_absolute_url()}", root),
    }


def article_entry(article, root):
    """Serialize a published article for a list.

    It comes from `Article.objects.for_list()`, with topics prefetched and the `review_state` of its revision.
    """
    revision = article.published_revision
    sources = revision.source_set.all()
    return {
        **article_link(article, revision, root),
        **_dates(article),
        "summary": revision.rendering.lead_text,
        **review_and_notice(revision),
        "language": revision.language,
        "words": revision.rendering.word_count,
        "citation_count": revision.citation_count,
        "episodes": list(dict.fromkeys(source.episode.reference for source in sources)),
        "topics": _topics(article, root),
    }


def revision_entry(article, periods, root):
    """Serialize a revision that is or was public, without its text; `periods` are its `history.Period`s, newest first."""
    newest = periods[0]
    revision = newest.revision
    is_erased = revision.erased_at is not None
    covers_all = newest.covers_all or (newest.review is not None and newest.review.covers_all)
    return {
        "number": revision.number,
        "url": permalink(article, revision, root),
        "api": f"{root}{reverse('api:article_revision', args=[article.slug, revision.number])}",
        "is_current": revision.pk == article.published_revision_id,
        "title": None if is_erased else revision.title,
        "notice": revision.notice,
        "note": revision.shown_note,
        "language": revision.language,
        "public": [_period(period, is_erased) for period in periods],
        "reviewed": reviewed(newest.review, None if covers_all else {}),
        "erased": {"at": time(revision.erased_at), "reason": revision.erasure_reason} if is_erased else None,
    }


def _period(period, is_erased):
    is_revert = period.entry.is_revert
    reason = period.entry.public_note if is_revert and not is_erased else None
    return {"since": time(period.since), "until": time(period.until), "is_revert": is_revert, "reason": reason}


def revision(article, periods, root):
    """Serialize a revision like `revision_entry`, with its text; all parts of an erased text are None."""
    entry = revision_entry(article, periods, root)
    revision = periods[0].revision
    if revision.erased_at is not None:
        return entry | dict.fromkeys(("lead", "sections", "sources", "citations"))
    revision.article = article
    return entry | text(revision, entry["url"], root)


def text(revision, page, root):
    """Serialize a revision's text, sources and citations, with URLs on `page`; takes a fixed number of queries."""
    sections = list(revision.section_set.all())
    sources = source_issues.reported(revision, sections)
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
        "sources": [source_of(reported, root) for reported in sources],
        "citations": [
            citation_of(citation, labels.label_of(citation_status), page, root) for citation, citation_status in cited
        ],
    }


def citation_of(citation, label, page, root):
    """Serialize a citation in the text at `page` with its `StatusLabel`; its section and episode are prefetched."""
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
        "discrepancies": discrepancies.as_values(citation.finding),
    }


def source_of(reported, root):
    """Serialize a `ReportedSource`, with the issue of all citations of its recording."""
    issue = reported.issue
    return {
        "key": reported.source.key,
        **cited_episode(reported.source.episode, root),
        "issue": issue
        and {
            "kind": issue.kind,
            "offset": issue.offset_seconds,
            "explained": issue.explained_count,
            "citations": issue.citation_count,
        },
        "past_end": reported.past_end_count,
    }


def citations_in_articles(citations, root):
    """Serialize citations of published articles, each with its article, which is prefetched, and whether it was reviewed.

    Takes three queries and those of `review_states`.
    """
    review_states.set_states(citation.revision for citation in citations)
    entries = []
    for citation, label in zip(citations, labels.labels_of(citations), strict=True):
        link = article_link(citation.revision.published_for, citation.revision, root)
        entry = citation_of(citation, label, link["url"], root)
        entries.append({**entry, "article": {**link, **review_and_notice(citation.revision)}})
    return entries


def article_link(article, revision, root):
    """Serialize what identifies a published article, and its URLs."""
    return {
        **_name(article, revision, root),
        "api": f"{root}{reverse('api:article', args=[article.slug])}",
    }


def topic(topic, root):
    """Serialize a topic from `Topic.objects.public()`, with its `article_count`."""
    return {**_topic(topic, root), "description": topic.description, "article_count": topic.article_count}


def permalink(article, revision, root):
    """Return the permanent link to this text, which stays when the article changes."""
    return f"{root}{reverse('public_revision', args=[article.slug, revision.number])}"


def reviewed(review, partial):
    """Serialize who reviewed the text, when, and how much of it; None if nobody but its contributors approved it.

    `review` has its `others` (`reviewers.with_others`).
    `partial` is what `partial_review` returns: None for all of the text, empty if not counted.
    """
    if review is None or review.is_override:
        return None
    return {
        "by": review.by_name,
        "at": time(review.at),
        "others": [{"by": other.by_name, "at": time(other.at)} for other in review.others],
        "after_publishing": review.is_later,
        "covers": "all" if partial is None else "changes",
        "sentences": partial["sentences"] if partial else None,
        "sentences_total": partial["total"] if partial else None,
    }


def review_and_notice(revision):
    """Serialize what is to be known of a text before reading it; its `review_state` is set."""
    state = revision.review_state
    return {"reviewed": reviewed(state.review, state.partial), "notice": revision.notice}


def head(head):
    """Serialize a `chain.Head`: with `verify_history --head`, anyone can have it checked later. None on a new site.

    The signature is that of `<number>:<digest>`, None without one.
    """
    return head and {
        "number": head.number,
        "digest": head.digest,
        "at": time(head.at),
        "key": head.key_id or None,
        "signature": head.signature or None,
    }


def _name(article, revision, root):
    return {
        "title": revision.title,
        "slug": article.slug,
        "url": f"{root}{article.get_absolute_url()}",
        "permalink": permalink(article, revision, root),
    }


def _dates(article):
    return {
        "revision": article.published_revision.number,
        "published_at": time(article.first_published_at),
        "updated_at": time(article.published_at),
    }


def _topics(article, root):
    return [_topic(topic, root) for topic in article.topics.all()]


def _topic(topic, root):
    return {
        "slug": topic.slug,
        "title": topic.title,
        "url": f"{root}{topic.get_absolute_url()}",
        "api": f"{root}{reverse('api:topic', args=[topic.slug])}",
    }
