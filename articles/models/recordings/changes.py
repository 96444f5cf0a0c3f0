"""Changes to recordings: who changed what, when and why, and what waits for a moderator's decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person

from .episodes import Episode
from .shows import Show


class RecordingChangeQuerySet(models.QuerySet):
    def waiting(self):
        """Changes that wait for a decision."""
        return self.filter(outcome=RecordingChange.Outcome.WAITING)

    def applied(self):
        return self.filter(outcome=RecordingChange.Outcome.APPLIED)

    def to(self, episodes):
        """Changes to `episodes` (a query set or primary keys) or to the shows that they belong to."""
        shows = Episode.objects.filter(pk__in=episodes).values("show")
        return self.filter(models.Q(episode__in=episodes) | models.Q(episode=None, show__in=shows))


class RecordingChange(models.Model):
    """One change to an episode or, without one, to a show. Only its outcome and its cues change later.

    `before` and `after` hold the changed parts (`core.recordings.state.PARTS`, or columns that no page shows) as plain
    data; of a transcript its figures and the first differing cues. A correction of a cue has `cue`: start, end, speaker
    and text; in `before` also `original`, what the file says, and `previous`, the changes that it continues or settles.
    Without `cue` in `after`, a correction that no longer fits was discarded.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPLIED = "applied", _("applied")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    show = models.ForeignKey(
        Show,
        verbose_name=_("show"),
        on_delete=models.SET_NULL,
        null=True,
        help_text=_("Empty for a change to an episode."),
    )
    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.SET_NULL, null=True)
    reference = models.CharField(
        _("recording"), max_length=310, help_text=_("Handle of the show, or handle/slug of the episode, at the time.")
    )
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    before_digest = models.CharField(
        _("digest before"), max_length=64, blank=True, help_text=_("Of the episode as it was.")
    )
    after_digest = models.CharField(
        _("digest after"), max_length=64, blank=True, help_text=_("Of the episode as it became.")
    )
    is_visible = models.BooleanField(_("visible"), help_text=_("Readers or evidence see the difference."))
    is_cited = models.BooleanField(
        _("cited"), help_text=_("A text that was in review, approved or published cited the recording at the time.")
    )
    is_command = models.BooleanField(_("by a command"), default=False, help_text=_("Made by a command on the server."))
    cues = models.JSONField(
        _("cues"),
        null=True,
        help_text=_("The cues of a proposed transcript as [start, end, speaker, text], until the decision."),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(_("time"))
    proposed_by = person(verbose_name=_("user"))
    proposed_by_name = models.CharField(_("user"), max_length=150)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = person(verbose_name=_("decided by"))
    decided_by_name = models.CharField(_("decided by"), max_length=150, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True, help_text=_("The reason for the decision."))

    objects = RecordingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording change")
        verbose_name_plural = _("recording changes")
        default_permissions = ("view",)
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["outcome"], condition=models.Q(outcome="waiting"), name="recordingchange_waiting"),
        ]

    def __str__(self):
        return self.reference

    @property
    def recording_title(self):
        """The title of the episode or show, or its reference at the time if it was deleted."""
        return str(self.episode or self.show or self.reference)

    @property
    def is_waiting(self):
        return self.outcome == self.Outcome.WAITING
