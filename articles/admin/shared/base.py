"""Base classes of the admin's forms, lists and filters."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext

from articles.admin.shared.lookups import GuardedAdmin
from articles.core.language.newlines import normalise_newlines


class LoadedValue(forms.HiddenInput):
    """The value that the form was loaded with.

    It is hidden, so it drops aria-* attributes, which HTML forbids there.
    """

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, {k: v for k, v in attrs.items() if not k.startswith("aria-")})


class GuardedForm(forms.ModelForm):
    """Doesn't undo what someone else saved after the form was loaded: only fields changed here count as changed.

    A field that both changed is refused once, naming their value, so that saving again replaces it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.guarded = []
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            is_loaded = not self.is_bound or self.add_initial_prefix(name) in self.data
            if is_loaded and name in self.initial and not field.show_hidden_initial:
                field.show_hidden_initial, field.hidden_widget = True, LoadedValue
                self.guarded.append(name)

    def clean(self):
        cleaned = super().clean()
        saved = {name: self[name].field.prepare_value(self.initial[name]) for name in self.guarded}
        for name, value in saved.items():
            loaded_as = self[name].html_initial_name
            if name in self.errors or not self._differs(name, self.data[loaded_as]):
                continue
            if name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
                continue
            if not self._differs(name, self[name].data):
                continue  # both changed it to the same
            current = getattr(self.instance, name)
            shown = current if isinstance(current, Model) else value
            message = gettext(
                "Someone else changed this after you opened the page, to “%(value)s”. Save again to replace it."
            )
            self.add_error(name, message % {"value": "" if shown is None else shown})
            self.data = self.data.copy()
            self.data[loaded_as] = "" if value is None else str(value)
        return cleaned

    def _differs(self, name, submitted):
        """Whether `submitted` isn't what is saved; browsers send other line endings."""
        saved = self.initial[name]
        if isinstance(saved, str) and isinstance(submitted, str):
            saved, submitted = (normalise_newlines(text).strip() for text in (saved, submitted))
        return self.fields[name].has_changed(saved, submitted)


class ReadOnlyAdmin(GuardedAdmin):
    """A model whose rows can be viewed but not added, changed or deleted."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def render_change_form(self, request, context, **kwargs):
        """Without the link to Django's history, which is always empty for these."""
        return super().render_change_form(request, context | {"is_record": True}, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class DefaultingFilter(admin.SimpleListFilter):
    """A filter that is on by default.

    `default` is its value then; `renamed` has labels other than those of the field.
    """

    renamed = {}

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or self.default) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": self.renamed.get(value, label),
            }


class ConditionFilter(admin.SimpleListFilter):
    """A filter by conditions, given as {value: (label, lookups)}, or functions of the user that return lookups."""

    conditions = {}

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request, queryset):
        _, condition = self.conditions.get(self.value(), ("", {}))
        return queryset.filter(**(condition(request.user) if callable(condition) else condition))
