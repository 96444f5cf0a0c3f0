"""Changes of what accounts may do: proposed by one administrator, confirmed by another, and kept as a log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person


class RankChange(models.Model):
    """A change of an account's groups and flags, from `before` to `after` (as `workflow.governance.ranks.Rank`)."""

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DONE = "done", _("done")
        REJECTED = "rejected", _("rejected")

    account = person(verbose_name=_("account"))
    account_name = models.CharField(_("account"), max_length=150)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    proposed_by = person(verbose_name=_("proposed by"))
    proposed_by_name = models.CharField(_("proposed by"), max_length=150)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.PROPOSED)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = person(verbose_name=_("decided by"))
    decided_by_name = models.CharField(_("decided by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("change of rank")
        verbose_name_plural = _("changes of rank")
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(outcome="proposed"),
                name="rankchange_one_proposed_per_account",
            ),
        ]

    def __str__(self):
        return self.account_name
