"""Shows, whose recordings articles cite."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.lookups import FoldedField, same_name

from .addresses import web_address

validate_handle = RegexValidator(
    r"^[\w-]+\Z", _("Use only letters, digits, - and _: the handle is part of the show’s address.")
)


class CitedQuerySet(models.QuerySet):
    def cited(self):
        """Shows or episodes cited by published revisions, with `article_count`; only these are public."""
        episode = "episode__" if self.model is Show else ""
        articles = models.Count(f"{episode}source__revision__published_for", distinct=True)
        return self.annotate(article_count=articles).filter(article_count__gt=0)


class Show(models.Model):
    handle = models.CharField(
        _("handle"),
        max_length=100,
        unique=True,
        validators=[validate_handle],
        help_text=_("Short name used in addresses and in imported texts (“From: …”), such as the channel’s name."),
    )
    handle_key = FoldedField(of="handle")
    title = models.CharField(_("title"), max_length=200, help_text=_("The show’s name as readers know it."))
    url = web_address(_("website"), help_text=_("The show’s own site."))
    allows_transcripts = models.BooleanField(
        _("public transcripts"),
        default=False,
        db_default=False,
        help_text=_("The publisher allows the whole transcripts of this show’s episodes to be public."),
    )
    allows_excerpts = models.BooleanField(
        _("public excerpts"),
        default=False,
        db_default=False,
        help_text=_("The publisher allows a short transcript excerpt next to each citation of this show’s episodes."),
    )
    people = models.TextField(
        _("people"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Who is heard in its episodes. An episode’s own people come before them."),
    )

    objects = CitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("show")
        verbose_name_plural = _("shows")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(handle=""),
                name="show_handle_not_empty",
                violation_error_message=_("A show needs a handle."),
            ),
            models.UniqueConstraint(
                fields=["handle_key"],
                name="show_handle_key_unique",
                violation_error_message=_("Another show has this handle, perhaps in upper or lower case."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and "handle" in update_fields:
            update_fields = {*update_fields, "handle_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        return reverse("show", args=[self.handle])

    def clean(self):
        # Forms don't check the constraint, because they leave its column out.
        alike = Show.objects.filter(same_name("handle", self.handle)).exclude(pk=self.pk)
        if alike.exclude(handle=self.handle).exists():
            raise ValidationError({"handle": gettext("Another show has this handle in upper or lower case.")})
