"""Who has which draft open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.revisions import Revision


class Presence(models.Model):
    """A person has a draft open; their browser renews the row every few seconds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    since = models.DateTimeField(help_text=_("When they opened the draft."))
    seen_at = models.DateTimeField(help_text=_("When their browser last reported it as open."))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "revision"], name="presence_unique")]

    def __str__(self):
        return f"{self.user} at {self.revision_id}"
