"""Row records, and the chain over them and all log entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .permanent import proof


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
