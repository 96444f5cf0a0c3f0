"""Reviewers' public profiles."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """The public page that a reviewer may write about themselves."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE)
    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, allow_unicode=True, help_text=_("The last part of your page’s address.")
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("Your name as readers see it."))
    about = models.TextField(
        _("about"),
        max_length=2000,
        blank=True,
        help_text=_("Who you are and what qualifies you to review. Plain text; leave a blank line between paragraphs."),
    )
    url = models.URLField(
        _("website"), blank=True, help_text=_("Where readers can find out more about you (optional).")
    )
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Make your page visible to everyone and link your name to it.")
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", args=[self.slug])
