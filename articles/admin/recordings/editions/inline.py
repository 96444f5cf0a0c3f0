"""Editions on an episode's page: where to listen to each, and its stretches as lines of text."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from articles.admin.recordings.fields import LinesField, TimeField, YouTubeField
from articles.core.recordings.editions import EXAMPLE, OffsetMap, format_stretches, parse_stretches
from articles.core.timestamps import format_label
from articles.derived.i18n import translate
from articles.models import Edition

GAPS_NAMED = 5
STRETCHES_HELP = format_lazy(
    gettext_lazy(
        "One stretch of the episode per line: from, to, and the seconds to add on this edition’s clock, such as "
        "{example}. Anything outside these stretches counts as “not in this edition”."
    ),
    example=EXAMPLE,
)


def gaps_in_words(offsets, duration_seconds):
    """A sentence that says which parts of an episode an edition lacks; `offsets` is its `OffsetMap`."""
    if not offsets.pieces:
        return gettext("Nothing is mapped yet, so citations don’t link to this edition.")
    if not duration_seconds:
        return gettext("Enter the episode’s length to see what is missing.")
    gaps = offsets.gaps(duration_seconds)
    if not gaps:
        return gettext("The whole episode is mapped.")
    named = ", ".join(f"{format_label(start)}–{format_label(end)}" for start, end in gaps[:GAPS_NAMED])
    more = len(gaps) - GAPS_NAMED
    if more > 0:
        values = {"named": named, "more": more}
        return gettext("Not in this edition, or not mapped: %(named)s and %(more)s more.") % values
    return gettext("Not in this edition, or not mapped: %(named)s.") % {"named": named}


class StretchesField(LinesField):
    widget = forms.Textarea(attrs={"class": "lines-field", "rows": 6, "spellcheck": "false"})

    def __init__(self, **kwargs):
        super().__init__(
            **{"label": gettext_lazy("Stretches"), "required": False, "help_text": STRETCHES_HELP} | kwargs
        )


def read_stretches(text, *, episode, edition_length):
    """Parse the lines as an `OffsetMap`. Raises ValidationError with a message for each invalid line."""
    pieces, problems = parse_stretches(
        text, reference_length=episode.duration_seconds or None, edition_length=edition_length
    )
    if problems:
        raise ValidationError([translate(problem.located_message) for problem in problems])
    return OffsetMap(pieces)


class EditionForm(forms.ModelForm):
    youtube_id = YouTubeField(
        label=gettext_lazy("YouTube video"), required=False, help_text=gettext_lazy("Paste the video’s address.")
    )
    duration_seconds = TimeField(label=gettext_lazy("Length"), required=False)
    stretch_lines = StretchesField(show_hidden_initial=True)

    class Meta:
        model = Edition
        fields = ["key", "title", "youtube_id", "audio_url", "duration_seconds"]

    def __init__(self, *args, episode=None, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.episode = episode
        self.offsets = None
        if self.instance.pk:
            self.initial["stretch_lines"] = format_stretches(self.instance.map.pieces)

    def clean(self):
        cleaned = super().clean()
        if "stretch_lines" in self.changed_data and "stretch_lines" in cleaned:
            try:
                self.offsets = read_stretches(
                    cleaned["stretch_lines"],
                    episode=self.episode,
                    edition_length=cleaned.get("duration_seconds"),
                )
            except ValidationError as error:
                self.add_error("stretch_lines", error)
        return cleaned


class EditionFormSet(forms.BaseInlineFormSet):
    def get_form_kwargs(self, index):
        # The episode being saved: its length may have changed on the same page.
        return super().get_form_kwargs(index) | {"episode": self.instance}

    def save_in(self, episode_change):
        """Save the changed editions with their stretches as part of the episode's change."""
        saved = self.save(commit=False)
        editions = [(form.instance, form.offsets) for form in self.forms if form.instance in saved]
        episode_change.save_editions(editions, self.deleted_objects)


class EditionInline(admin.StackedInline):
    model = Edition
    form = EditionForm
    formset = EditionFormSet
    fields = [("key", "title"), ("youtube_id", "audio_url"), "duration_seconds", "stretch_lines", "mapped"]
    readonly_fields = ["mapped"]
    classes = ["collapse"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("episode").prefetch_related("stretch_set")

    @admin.display(description=gettext_lazy("stretches"))
    def stretch_lines(self, edition):
        """Shown instead of the field to users with read-only access."""
        return format_stretches(edition.map.pieces) or None

    @admin.display(description=gettext_lazy("mapped"))
    def mapped(self, edition):
        if edition.pk is None:
            return gettext("Save the edition first. You can then compute its stretches from chapters or a transcript.")
        address = reverse("admin:articles_episode_edition", args=[edition.episode_id, edition.pk])
        gaps = gaps_in_words(edition.map, edition.episode.length_seconds)
        return format_html(gettext('{} <a href="{}">Compute from chapters or a transcript</a>'), gaps, address)
