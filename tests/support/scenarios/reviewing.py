"""What tests of the review page do: open it, decide on it, read what it answers."""

from django.urls import reverse

from articles.workflow import changes
from articles.workflow.content import SectionContent, content_of


def page_of(revision):
    return reverse("admin:articles_revision_change", args=[revision.pk])


def decide(client, revision, act, **words):
    words = {"act": act, "digest": revision.digest} | words
    return client.post(reverse("admin:articles_revision_decide", args=[revision.pk]), words)


def acts_of(response):
    return [act.name for act in response.context["offer"].acts]


def sections_of(article, **bodies):
    """The published sections with some bodies replaced: keys stay, so that they are compared."""
    content = content_of(article.published_revision)
    return tuple(
        SectionContent(s.heading, bodies.get(s.heading.replace(" ", "_"), s.body), s.level, s.key)
        for s in content.sections
    )


def ids_of(revision, *kinds):
    """The ids of the revision's changes, or of those that have one of the kinds."""
    found = changes.compare(revision.target, revision).changes
    return [change.id for change in found if not kinds or set(kinds) & set(change.kinds)]
