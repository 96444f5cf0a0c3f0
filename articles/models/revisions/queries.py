"""Revisions by where they are on their way to readers."""

from django.db import models


def may_read_all(user):
    """Whether `user` may read every revision, and not only published ones."""
    return user.has_perm("articles.change_revision")


class RevisionQuerySet(models.QuerySet):
    def published(self):
        """Revisions that are public now."""
        return self.filter(published_for__isnull=False)

    def awaiting_review(self):
        """Revisions a moderator has to review: submitted, or approved without a second review and not erased since."""
        # As a subquery, because SQLite uses an index for each side of OR only if it is of all rows.
        second = self.model._default_manager.filter(needs_second_review=True, erased_at=None).values("pk")
        return self.filter(models.Q(status=self.model.Status.SUBMITTED) | models.Q(pk__in=second))

    def due(self, now):
        """Approved revisions whose scheduled time has come."""
        return self.filter(status=self.model.Status.APPROVED, publish_at__lte=now, published_for__isnull=True)

    def ancestors_of(self, revision):
        """Return the keys of the revisions that the text of `revision` was built from, its own among them; one query."""
        parents = {
            pk: parents for pk, *parents in self.filter(article=revision.article_id).values_list("pk", "base", "target")
        }
        found, waiting = set(), [revision.pk]
        while waiting:
            pk = waiting.pop()
            if pk is not None and pk not in found:
                found.add(pk)
                waiting += parents[pk]
        return found

    def open(self):
        """Drafts, which can still be edited."""
        return self.filter(status=self.model.Status.DRAFT)

    def visible_to(self, user):
        """What `user` may read: every revision for editors, published ones for everyone else.

        All pages read revisions through this or `published`; tests/site/requests/test_reads.py checks that they do.
        """
        return self.all() if may_read_all(user) else self.published()
