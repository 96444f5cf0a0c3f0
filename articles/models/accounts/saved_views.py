"""Views of a list in the admin that people have saved: filters, order and columns under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A person's own name for an address of the list of articles."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(
        max_length=1000, blank=True, help_text=_("Filters, order and columns, as in the address of the list.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_unique_of_user")]

    def __str__(self):
        return self.name
