"""The people who wrote part of a revision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import person

from .revisions import Revision


class Contributor(models.Model):
    """A person who wrote part of a revision's changes and so may not approve it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    user = person()
    user_name = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="contributor_unique_in_revision"),
        ]

    def __str__(self):
        return self.user_name
