"""Helpers for tests of the review page: open it, decide, and read the response."""

from django.urls import reverse

from articles.workflow.content import SectionContent, changes, content_of
from articles.workflow.recordings import review_digest
from tests.support.factories import make_episode, make_published


def make_ropes(*, by, moderator):
    """A published article of two sections, with a claim between two uncited sentences."""
    sections = (
        SectionContent("Ropes", "Ropes are old. A rope holds 5 t [00:06:31]. They rot."),
        SectionContent("Knots", "Knots hold [00:08:44]."),
    )
    return make_published("ropes", by=by, moderator=moderator, episode=make_episode(), sections=sections)


def page_of(revision):
    return reverse("admin:articles_revision_change", args=[revision.pk])


def decide(client, revision, act, **fields):
    fields = {"act": act, "digest": review_digest(revision)} | fields
    return client.post(reverse("admin:articles_revision_decide", args=[revision.pk]), fields)


def acts_of(response):
    return [act.name for act in response.context["available"].buttons]


def refusals(response):
    """Return why the decision as a whole was refused."""
    return response.context["form"].non_field_errors()


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
