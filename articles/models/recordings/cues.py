"""Cues: the timed lines of an episode's transcript."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.core.timestamps import format_timestamp

from .changes import RecordingChange
from .episodes import Episode


class Cue(models.Model):
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.FloatField(_("start in seconds"))
    end_seconds = models.FloatField(_("end in seconds"))
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    correction = models.ForeignKey(
        RecordingChange,
        verbose_name=_("correction"),
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        help_text=_("The last correction, even if it was undone; its change says what the file says."),
    )

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("cues")
        ordering = ["episode", "start_seconds", "pk"]
        indexes = [models.Index(fields=["episode", "start_seconds"], name="cue_by_moment")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_seconds__gte=0, end_seconds__gt=models.F("start_seconds")),
                name="cue_ends_after_it_starts",
                violation_error_message=_("A cue must start at 0 or later and end after it starts."),
            ),
        ]

    def __str__(self):
        return f"{format_timestamp(int(self.start_seconds))} {self.text[:60]}"
