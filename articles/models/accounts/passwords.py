"""Passwords that somebody else gave to an account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person


class IssuedPassword(models.Model):
    """The last time somebody else set an account’s password, and when its owner replaced it since.

    Whoever set it could log in as the account, so that the two aren’t two people for the four-eyes rule.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    set_by = person()
    set_by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, help_text=_("When the owner chose another password."))

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.account}: {self.set_by_name}"
