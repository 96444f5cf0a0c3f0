"""The episodes that a revision cites."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.recordings import Episode

from .revisions import Revision

validate_source_key = RegexValidator(r"^[A-Za-z][\w-]*\Z", _("Start the key with a letter, as in [e2 00:06:31]."))


class Source(models.Model):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    position = models.PositiveIntegerField(
        _("position"), help_text=_("The first source is the default, cited as [00:06:31].")
    )
    key = models.CharField(
        _("key"),
        max_length=20,
        validators=[validate_source_key],
        help_text=_("Short name for citing a source other than the first: [e2 00:06:31]."),
    )
    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"],
                name="source_position_unique_in_revision",
                violation_error_message=_("Two sources have the same position."),
            ),
            models.UniqueConstraint(
                fields=["revision", "key"],
                name="source_key_unique_in_revision",
                violation_error_message=_("Two sources have the same key."),
            ),
        ]

    def __str__(self):
        return f"{self.key}: {self.episode}"
