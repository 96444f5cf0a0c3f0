"""Chapters: the titled parts of an episode."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.core.timestamps import format_label, format_timestamp

from .episodes import Episode


class Chapter(models.Model):
    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.CASCADE)
    start_seconds = models.PositiveIntegerField(_("start in seconds"))
    title = models.CharField(_("title"), max_length=300)
    is_sponsor = models.BooleanField(
        _("sponsor"), default=False, help_text=_("Advertising, which articles shouldn’t cite.")
    )

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["episode", "start_seconds"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "start_seconds"],
                name="chapter_start_unique_in_episode",
                violation_error_message=_("Two chapters of this episode start at the same second."),
            ),
        ]

    def __str__(self):
        return f"{format_timestamp(self.start_seconds)} {self.title}"

    def clean(self):
        length = self.episode.duration_seconds if self.episode_id else None
        if length and self.start_seconds is not None and self.start_seconds >= length:
            raise ValidationError(
                {
                    "start_seconds": gettext("Start the chapter before the episode ends at %(length)s.")
                    % {"length": format_label(length)}
                }
            )
