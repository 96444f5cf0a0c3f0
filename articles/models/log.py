"""The permanent record: reviews, the audit log, row records and the chain over them. Rows are added, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .articles import Article, name_seal, person
from .revisions import Revision


class RecordChanged(TypeError):
    """Raised on an attempt to change or delete a permanent record."""


def proof():
    """Return a field for the keyed digest by which the site proves that it wrote a row itself; empty without a key.

    Without it a link of the chain isn't signed: anyone with access to the database can add rows and their digests.
    """
    return models.CharField(max_length=64, null=True, editable=False)


def requirement():
    """Return a field for what a text needed besides this approval when it was given; null if this one was enough.

    As a mapping: `approvals`, how many people it needed; `groups`, from which of them at least one had to come; `in`,
    to which of these the approver belonged; `digest` of what was approved (`recordings.review_digest`); and `with`, the
    keys of the reviews that it completes the approval with, empty if it doesn't.
    """
    return models.JSONField(null=True, editable=False)


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise RecordChanged("Records are append-only: add a new one instead of changing this one.")

    def delete(self):
        raise RecordChanged("Records are append-only: they can't be deleted.")


class AppendOnlyModel(models.Model):
    """Base of models whose rows can't be changed or deleted through the model or its query sets."""

    at = models.DateTimeField(_("at"))
    by = person(verbose_name=_("by"))
    by_name = models.CharField(_("by"), max_length=150)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RecordChanged("Records are append-only: add a new one instead of changing this one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RecordChanged("Records are append-only: they can't be deleted.")


class Review(AppendOnlyModel):
    """One moderator's decision on one submitted revision."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        CONFIRMED = "confirmed", _("confirmed after publication")
        REVIEWED = "reviewed", _("reviewed as a whole after publication")
        CO_APPROVED = "co_approved", _("approved, as one of several")

    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT)
    is_override = models.BooleanField(
        default=False, help_text=_("Decided by someone who wrote part of it; the comment gives the reason.")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    comment = models.TextField(pgettext_lazy("noun", "comment"), blank=True)
    requirement = requirement()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by_name}: {self.get_decision_display()}"

    @property
    def is_later(self):
        """Whether the text was already public."""
        return self.decision in {self.Decision.CONFIRMED, self.Decision.REVIEWED}

    @property
    def covers_all(self):
        """Whether it is about the whole text, and not about what the revision changes."""
        return self.decision == self.Decision.REVIEWED


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


class RowRecord(models.Model):
    """What a covered row of any table said when the site last wrote it, as a salted digest.

    Each write adds one and empties the salt of the one before it, so that what a row said earlier can't be found out by
    trying. Which tables and columns are covered is in `workflow/history/rows.py`.
    """

    table = models.CharField(max_length=40, help_text=_("The database’s name of the table."))
    row = models.PositiveBigIntegerField(help_text=_("Primary key of the row."))
    at = models.DateTimeField()
    salt = models.CharField(max_length=32, blank=True, help_text=_("Empty once the row was written again."))
    sealed = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the salt and the row as canonical JSON; empty if deleted.")
    )
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the other columns but the salt."))
    proof = proof()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["table", "row", "id"], name="rowrecord_by_row")]

    def __str__(self):
        return f"{self.table} {self.row}"


class ChainLinkQuerySet(models.QuerySet):
    def sealed(self):
        """The links in the order of the chain."""
        return self.filter(number__isnull=False).order_by("number")

    def unsealed(self):
        """The links that have no number yet, in the order in which they get one."""
        return self.filter(number__isnull=True).order_by("pk")


class ChainLink(models.Model):
    """One log entry of any article, or one row record, in the chain over the whole site.

    The database adds it with the log entry (a trigger of migration 0027), and it outlives the article: it has no
    foreign key. Number, digest and signature are set once, after the commit (`workflow/history/chain.py`).
    """

    article_key = models.PositiveBigIntegerField(help_text=_("Primary key of the article; 0 for a row record."))
    entry_number = models.PositiveIntegerField(
        help_text=_("The number of the entry in the article’s log, or the primary key of the row record.")
    )
    entry_digest = models.CharField(max_length=64, help_text=_("The digest of the log entry."))
    at = models.DateTimeField(help_text=_("The time of the log entry."))
    number = models.PositiveBigIntegerField(
        null=True, unique=True, help_text=_("Position in the chain, counted from 1 without gaps.")
    )
    digest = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("SHA-256 of the link as canonical JSON and of the previous link’s digest."),
    )
    key_id = models.CharField(
        max_length=16, blank=True, default="", help_text=_("The key of the signature; empty without one.")
    )
    signature = models.CharField(
        max_length=88, blank=True, default="", help_text=_("Ed25519 signature of number and digest, as Base64.")
    )
    proof = proof()

    objects = ChainLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        indexes = [models.Index(fields=["id"], condition=models.Q(number__isnull=True), name="chainlink_unsealed")]
        constraints = [
            models.UniqueConstraint(fields=["article_key", "entry_number"], name="chainlink_unique_of_log_entry"),
        ]

    def __str__(self):
        return f"{self.number}:{self.digest}"
