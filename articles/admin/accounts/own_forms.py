"""The forms for people's own account and a reviewer's own profile."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.core.language.newlines import normalise_newlines
from articles.models import Mailbox, Profile
from articles.models.recordings.addresses import validate_web_address


class _LinesField(forms.CharField):
    def to_python(self, value):
        """Normalise newlines before the length check: browsers count a newline once but send two characters."""
        return normalise_newlines(super().to_python(value))


class ProfileForm(forms.ModelForm):
    url = forms.URLField(
        label=_("Website"),
        help_text=Profile._meta.get_field("url").help_text,
        max_length=200,
        required=False,
        assume_scheme="https",
        validators=[validate_web_address],
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )

    class Meta:
        model = Profile
        fields = ["name", "slug", "about", "url", "is_public"]
        field_classes = {"about": _LinesField}
        labels = {
            "name": _("Name"),
            "slug": _("Profile address"),
            "about": _("Bio"),
            "is_public": _("Make my profile public"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"class": "vTextField"}),
            "slug": forms.TextInput(attrs={"class": "vTextField"}),
            "about": forms.Textarea(attrs={"rows": 10}),
        }
        error_messages = {"slug": {"unique": _("This address is already taken. Choose a different one.")}}


class MailForm(forms.ModelForm):
    class Meta:
        model = Mailbox
        fields = ["frequency"]
        labels = {"frequency": _("Mail about notices")}
        help_texts = {"frequency": ""}
        widgets = {"frequency": forms.RadioSelect}
