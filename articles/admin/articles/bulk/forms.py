"""What bulk actions of articles ask for, besides whether to do it."""

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_lazy

REASON_MAX = 500


class NoForm(forms.Form):
    """Asks for nothing. `as_arguments` gives the cleaned values as plain ones for a task, `values_of` reads them."""

    def as_arguments(self):
        return {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in self.values.items()
        }

    @property
    def values(self):
        return self.cleaned_data

    @classmethod
    def values_of(cls, arguments):
        return {
            name: parse_datetime(value) if value and isinstance(field, forms.DateTimeField) else value
            for name, field in cls.base_fields.items()
            for value in [arguments[name]]
        }


def _moment(label, **options):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class ScheduleForm(NoForm):
    publish_at = _moment(gettext_lazy("Publish at"))
    take_down_at = _moment(gettext_lazy("Unpublish at (optional)"), required=False)

    def clean_publish_at(self):
        moment = self.cleaned_data["publish_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(gettext("Choose a time in the future."))
        return moment

    def clean(self):
        cleaned = super().clean()
        begin, end = cleaned.get("publish_at"), cleaned.get("take_down_at")
        if begin and end and end <= begin:
            self.add_error("take_down_at", gettext("The unpublish time must be after the publish time."))
        return cleaned


class UnpublishForm(NoForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("Readers see it at the addresses of the articles."),
    )


class ProtectForm(NoForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_MAX, help_text=gettext_lazy("It is logged.")
    )


class ReleaseForm(NoForm):
    reason = forms.CharField(label=gettext_lazy("Reason (optional)"), max_length=REASON_MAX, required=False)
