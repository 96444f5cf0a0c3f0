"""The audit log of each article."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import Article, name_seal
from articles.models.revisions import Revision

from .permanent import AppendOnlyModel, proof, requirement


class LogEntry(AppendOnlyModel):
    """One action on an article: who did what, when, and to which revision."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        STARTED = "started", _("started a draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrew")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("requested changes")
        REJECTED = "rejected", _("rejected")
        PUBLISHED = "published", _("published")
        PUBLISHED_AS_RECEIVED = "published_as_received", _("imported and published")
        REVERTED = "reverted", _("reverted to")
        UNPUBLISHED = "unpublished", _("unpublished")
        MOVED = "moved", _("changed the address")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("unscheduled")
        NOT_PUBLISHED = "not_published", _("did not publish")
        OVERRIDDEN = "overridden", _("approved without a second review")
        CONFIRMED = "confirmed", _("confirmed after publication")
        REVIEWED = "reviewed", _("reviewed all of")
        ACCEPTED_IN_PART = "accepted_in_part", _("accepted in part")
        MERGED = "merged", _("updated to the published text")
        PROTECTED = "protected", _("protected")
        RELEASED = "released", _("unprotected")
        RECORDING_CHANGED = "recording_changed", _("changed the recording of")
        RECORDING_PROPOSED = "recording_proposed", _("proposed a change to the recording of")
        RECORDING_REJECTED = "recording_rejected", _("rejected a change to the recording of")
        RECORDING_WITHDRAWN = "recording_withdrawn", _("withdrew a change to the recording of")
        ERASED = "erased", _("erased the text of")
        HEARD = "heard", _("confirmed a citation")
        HEARD_TAKEN_BACK = "heard_taken_back", _("withdrew a confirmation")
        DISMISSED = "dismissed", _("dismissed an issue")
        DISMISSAL_TAKEN_BACK = "dismissal_taken_back", _("reopened an issue")
        EXEMPTED = "exempted", _("exempted a section from citations")
        EXEMPTION_TAKEN_BACK = "exemption_taken_back", _("withdrew an exemption")
        FILED = "filed", _("changed the topics of")
        REDACTED = "redacted", _("redacted a quotation of")
        PRIORITY_CHANGED = "priority_changed", _("changed the priority of")
        ASSIGNED = "assigned", _("assigned")
        REVIEW_CLAIMED = "review_claimed", _("started reviewing")
        VERSIONS_DISCARDED = "versions_discarded", _("deleted the earlier versions of")
        DISCARDED = "discarded", _("discarded the draft")
        SHARED = "shared", _("shared by link")
        SHARING_ENDED = "sharing_ended", _("revoked a link to")
        EDIT_ACCEPTED = "edit_accepted", _("accepted a suggested edit in")
        CO_APPROVED = "co_approved", _("gave one of the approvals for")

    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.PROTECT)
    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT, null=True)
    action = models.CharField(_("action"), max_length=30, choices=Action.choices)
    note = models.TextField(_("note"), blank=True)
    number = models.PositiveIntegerField(
        _("number"), help_text=_("Position in the article’s log, counted from 1 without gaps.")
    )
    account = models.PositiveBigIntegerField(
        null=True, help_text=_("Number of the account, kept when the account and its name are gone.")
    )
    recordings = models.JSONField(
        null=True,
        help_text=_("The recordings that the action covers or changes, as [number of the episode, its digest]."),
    )
    digest = models.CharField(
        max_length=64, help_text=_("SHA-256 of the entry as canonical JSON and of the previous entry’s digest.")
    )
    requirement = requirement()
    name_seal = name_seal()
    proof = proof()

    class Meta:
        verbose_name = _("log entry")
        ordering = ["article", "number"]
        verbose_name_plural = _("log entries")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="logentry_number_unique_in_article"),
        ]

    def __str__(self):
        return f"{self.by_name} {self.get_action_display()}"

    @property
    def is_revert(self):
        """Whether it published an earlier text again."""
        return self.action == self.Action.REVERTED

    @property
    def public_note(self):
        """What readers learn about a publication: the reason of a revert, else the note of the revision."""
        return self.note if self.is_revert else self.revision.shown_note
