"""Chapters on an episode's page: as lines in one field, and one by one in a table; one of the two is used at a time."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from articles.core.recordings.chapters import ChapterLine, format_chapters, is_sponsor_title
from articles.core.timestamps import format_timestamp
from articles.models import Chapter

from .fields import LoadedValue, TimeField

BOTH_CHANGED = gettext_lazy(
    "The chapters were changed twice: in the lines above and in this table. Nothing is saved yet. "
    "Put the table back as it was to save the lines, or put the lines back to save the table."
)


def lines_of(episode):
    """The episode's chapters as lines of text, as they are saved."""
    if episode.pk is None:
        return ""
    rows = episode.chapter_set.order_by("start_seconds").values_list("start_seconds", "title")
    return format_chapters(ChapterLine(*row) for row in rows)


class ChapterForm(forms.ModelForm):
    start_seconds = TimeField(label=gettext_lazy("Start"), show=format_timestamp)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("start_seconds", "title", "is_sponsor"):
            # What counts as changed is what differs from the row as it was loaded, not as it is saved by now.
            self.fields[name].show_hidden_initial = True
            self.fields[name].hidden_widget = LoadedValue
            # Only the head of the table names them, and on a phone there is none.
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    def clean(self):
        cleaned = super().clean()
        if "title" in self.changed_data and is_sponsor_title(cleaned.get("title", "")):
            cleaned["is_sponsor"] = True
        return cleaned


class ChapterFormSet(forms.BaseInlineFormSet):
    def get_form_kwargs(self, index):
        # Rows that nobody touched are not judged again: the lines above may be about to mend them.
        return super().get_form_kwargs(index) | {"empty_permitted": True, "use_required_attribute": False}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Delete this chapter")

    def clean(self):
        super().clean()
        if not self.has_changed():
            return
        if self.instance.has_new_lines:
            raise ValidationError(BOTH_CHANGED, code="both")
        starts = set()
        for form in self.forms:
            if self._should_delete_form(form):
                continue
            start = form.cleaned_data.get("start_seconds", form.instance.start_seconds)
            if start is not None and start in starts:
                raise ValidationError(
                    gettext("Two chapters start at %(start)s: give one of them another time, or delete it.")
                    % {"start": format_timestamp(start)},
                    code="same-start",
                )
            starts.add(start)

    def save_in(self, episode_change):
        """Save the rows that were changed as a part of the episode's change."""
        saved = self.save(commit=False)
        episode_change.save_chapters(saved, self.deleted_objects)


class ChapterInline(admin.TabularInline):
    model = Chapter
    form = ChapterForm
    formset = ChapterFormSet
    verbose_name_plural = gettext_lazy("chapters one by one")
    fields = ["start_seconds", "title", "is_sponsor"]
    classes = ["collapse"]
    extra = 0
