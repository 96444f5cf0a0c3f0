"""The images that people have stored, for their quota and to find the same image again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import person


class Upload(models.Model):
    """A stored image.

    `name` is that of its file, `source_digest` and `address_digest` what it was made from (SHA-256).
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    size = models.PositiveIntegerField(_("bytes"))
    source_digest = models.CharField(_("digest of the received file"), max_length=64, db_index=True)
    address_digest = models.CharField(_("digest of its address"), max_length=64, blank=True, db_index=True)
    by = person(verbose_name=_("uploaded by"))
    at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["by", "at"], name="upload_quota")]

    def __str__(self):
        return self.name
