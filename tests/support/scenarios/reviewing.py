"""Helpers for tests of the review page: open it, decide, and read the response."""

from django.urls import reverse

from articles.workflow import changes
from articles.workflow.content import SectionContent, content_of


def page_of(revision):
    return reverse("admin:articles_revision_change", args=[revision.pk])


def decide(client, revision, act, **fields):
    fields = {"act": act, "digest": revision.digest} | fields
    return client.post(reverse("admin:articles_revision_decide", args=[revision.pk]), fields)


def acts_of(response):
    return [act.name for act in response.context["available"].buttons]


def sections_of(article, **bodies):
    """Return the published sections with some bodies replaced; they keep their keys, so that the diff pairs them."""
    content = content_of(article.published_revision)
    return tuple(
        SectionContent(s.heading, bodies.get(s.heading.replace(" ", "_"), s.body), s.level, s.key)
        for s in content.sections
    )


def ids_of(revision, *kinds):
    """Return the ids of the revision's changes, optionally only those of one of the kinds."""
    all_changes = changes.compare(revision.target, revision).changes
    return [change.id for change in all_changes if not kinds or set(kinds) & set(change.kinds)]
