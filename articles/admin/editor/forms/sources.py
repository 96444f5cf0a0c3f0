"""The additional sources in the editor's form."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.models import Source
from articles.models.revisions.sources import validate_source_key

from .fields import EpisodeField, KeepsSavedEpisode

DEFAULT_KEY = "e1"
SOURCES_MAX = 100


class SourceForm(KeepsSavedEpisode):
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=20,
        validators=[validate_source_key],
        help_text=Source._meta.get_field("key").help_text,
    )
    episode = EpisodeField(label=gettext_lazy("Episode"), required=False)
    saved_key = forms.CharField(required=False, widget=forms.HiddenInput)  # the key of this source in the draft

    def clean(self):
        super().clean()
        if self.cleaned_data.get("key") and not self.cleaned_data["episode"] and "episode" not in self.errors:
            self.refuse_episode(gettext("Choose an episode for this key, or clear the key."))
        return self.cleaned_data


class BaseSourceFormSet(forms.BaseFormSet):
    """The sources after the first. Each gets a key, and keys are unique."""

    default_key = DEFAULT_KEY

    def kept(self):
        return [form for form in self.forms if not (self.is_bound and self._should_delete_form(form))]

    def clean(self):
        named = [form for form in self.kept() if form.cleaned_data.get("episode")]
        keys = {self.default_key}
        for form in named:
            key = form.cleaned_data.get("key")
            if key and key in keys:
                form.add_error("key", gettext("Another source already uses the key “%(key)s”.") % {"key": key})
            keys.add(key)
        keys.update(form.cleaned_data.get("key") for form in self.kept())  # also of those not saved yet
        numbers = iter(range(2, 2 * SOURCES_MAX + 3))
        for form in named:
            if form.cleaned_data.get("key") == "":
                key = next(f"e{number}" for number in numbers if f"e{number}" not in keys)
                form.cleaned_data["key"] = key


SourceFormSet = forms.formset_factory(
    SourceForm, formset=BaseSourceFormSet, can_delete=True, extra=1, max_num=SOURCES_MAX, absolute_max=SOURCES_MAX
)
