"""The images that people have stored: for their quota, to find the same image again, and as a library."""

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person

ERASED = 0  # bytes
NOTHING = {"alt": "", "credit": "", "file_name": ""}  # what people wrote about an image


class UploadQuerySet(models.QuerySet):
    def erase(self, names):
        """Delete the images with these names from where they are stored once the transaction is committed.

        What fails, such as object storage that can't be reached, is logged and left to `delete_erased`.
        """
        self.filter(name__in=names).update(size=ERASED, source_digest="", address_digest="", **NOTHING)
        self.bulk_create((self.model(name=name, size=ERASED) for name in names), ignore_conflicts=True)
        for name in names:
            transaction.on_commit(lambda name=name: self._delete_image(name), robust=True)

    def stored(self):
        """Those that aren't erased."""
        return self.exclude(size=ERASED)

    def delete_erased(self):
        """Delete the images that are still stored although they are erased. Raises OSError if one can't be."""
        for name in list(self.filter(size=ERASED).values_list("name", flat=True)):
            self._delete_image(name)

    @transaction.atomic
    def _delete_image(self, name):
        """Delete an erased image; whoever stores the same one again meanwhile waits for its row, and then stores it."""
        if self.filter(name=name, size=ERASED).delete()[0]:
            default_storage.delete(name)


class Upload(models.Model):
    """A stored image.

    `name` is that of its file, `source_digest` and `address_digest` what it was made from (SHA-256). Its `size` is
    `ERASED` while its file is still to be deleted. `alt` and `credit` are only offered when somebody inserts the image:
    what readers get is in the text.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    size = models.PositiveIntegerField(_("bytes"))
    source_digest = models.CharField(_("digest of the received file"), max_length=64, db_index=True)
    address_digest = models.CharField(_("digest of its address"), max_length=64, blank=True, db_index=True)
    width = models.PositiveIntegerField(_("width"), null=True, help_text=_("In pixels; empty until it is measured."))
    height = models.PositiveIntegerField(_("height"), null=True, help_text=_("In pixels; empty until it is measured."))
    file_name = models.CharField(_("file name"), max_length=255, blank=True, db_default="")
    alt = models.CharField(_("alt text"), max_length=500, blank=True, db_default="")
    credit = models.CharField(_("credit"), max_length=200, blank=True, db_default="")
    by = person(verbose_name=_("uploaded by"))
    at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["by", "at"], name="upload_quota")]

    def __str__(self):
        return self.name
