"""The people who wrote part of a revision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import name_seal, person

from .revisions import Revision


class Contributor(models.Model):
    """A person who wrote part of a revision's changes and so may not approve it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    user = person()
    user_name = models.CharField(max_length=150)
    account = models.PositiveBigIntegerField(
        null=True, help_text=_("Number of the account, kept when the account and its name are gone.")
    )
    name_seal = name_seal()

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="contributor_unique_in_revision"),
        ]

    def __str__(self):
        return self.user_name
