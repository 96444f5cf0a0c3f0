"""Rows that are added and never changed, and what several of them have."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person


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
