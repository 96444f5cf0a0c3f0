"""An episode’s chapters as a table below its form; a conflict with the lines is refused."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from articles.admin.recordings.fields import TimeField
from articles.admin.shared.base import LoadedValue
from articles.core.recordings.chapters import is_sponsor_title
from articles.core.timestamps import format_timestamp
from articles.models import Chapter

BOTH_CHANGED = gettext_lazy(
    "You changed the chapters both in the lines above and in this table. Nothing is saved yet. To save the lines, undo "
    "your changes to the table; to save the table, undo your changes to the lines."
)


class ChapterForm(forms.ModelForm):
    start_seconds = TimeField(label=gettext_lazy("Start"), show=format_timestamp)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("start_seconds", "title", "is_sponsor"):
            # A row counts as changed if it differs from what was loaded, not from what is saved by now.
            self.fields[name].show_hidden_initial = True
            self.fields[name].hidden_widget = LoadedValue
            # Only the table's header labels them, and phones don't show it.
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    def clean(self):
        cleaned = super().clean()
        if "title" in self.changed_data and is_sponsor_title(cleaned.get("title", "")):
            cleaned["is_sponsor"] = True
        return cleaned


class ChapterFormSet(forms.BaseInlineFormSet):
    def get_form_kwargs(self, index):
        # Don't validate unchanged rows: the lines above may be about to fix them.
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
                    gettext("Two chapters start at %(start)s. Change the start of one of them, or delete it.")
                    % {"start": format_timestamp(start)},
                    code="same-start",
                )
            starts.add(start)

    def save_in(self, episode_change):
        """Save the changed rows as part of the episode's change."""
        saved = self.save(commit=False)
        episode_change.save_chapters(saved, self.deleted_objects)


class ChapterInline(admin.TabularInline):
    model = Chapter
    form = ChapterForm
    formset = ChapterFormSet
    verbose_name_plural = gettext_lazy("chapter table")
    fields = ["start_seconds", "title", "is_sponsor"]
    classes = ["collapse"]
    extra = 0
