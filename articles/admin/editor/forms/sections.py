"""The sections in the editor's form."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.core.language.newlines import normalise_newlines
from articles.models import Section
from articles.models.revisions.sections import LEVELS
from articles.workflow.content import MAX_SECTIONS, SectionContent

from .fields import MarkdownField, as_typed


class SectionForm(forms.Form):
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    heading = forms.CharField(
        label=gettext_lazy("Heading"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Heading"), "dir": "auto"}),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        choices=[(level, level) for level in LEVELS],
        coerce=int,
        initial=LEVELS[0],
        widget=forms.RadioSelect,
        help_text=Section._meta.get_field("level").help_text,
    )
    # Place and level as the page showed them, sent by pages without scripts (see `outline`).
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    body = MarkdownField(label=gettext_lazy("Text"), help_text=Section._meta.get_field("body").help_text)

    def is_blank(self):
        """Whether this is a new section that nothing was typed into."""
        return not any((self[name].value() or "").strip() for name in ("key", "heading", "body"))

    def section(self):
        """The section as typed, as far as it can be read."""
        cleaned = self.cleaned_data
        return SectionContent(
            heading=cleaned.get("heading", as_typed(self["heading"])),
            body=cleaned.get("body", normalise_newlines(as_typed(self["body"]))),
            level=cleaned.get("level", LEVELS[0]),
            key=cleaned.get("key"),
        )


@dataclass(frozen=True)
class Card:
    """A section's form and content. `section` is None if it was removed or nothing was typed yet."""

    form: SectionForm
    section: SectionContent | None
    is_removed: bool = False


class BaseSectionFormSet(forms.BaseFormSet):
    ordering_widget = forms.NumberInput(attrs={"min": 1})

    def __init__(self, *args, outline_errors=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.outline_errors = outline_errors or {}  # messages about levels, by form prefix

    def get_form_kwargs(self, index):
        # A section may be empty: drafts can be saved incomplete, and the screen lists what is missing.
        return super().get_form_kwargs(index) | {"empty_permitted": False, "use_required_attribute": False}

    def in_order(self):
        """The forms in page order: by their ORDER numbers, those without a number last."""

        def position(numbered):
            index, form = numbered
            order = form.cleaned_data.get("ORDER") if self.is_bound and hasattr(form, "cleaned_data") else index + 1
            return (order is None, order or 0, index)

        return [form for _, form in sorted(enumerate(self.forms), key=position)]

    def clean(self):
        """Refuse to remove a section without its subsections: they would become those of the section above."""
        for form in self.forms:
            if form.prefix in self.outline_errors:
                form.add_error("level", self.outline_errors[form.prefix])
        removed_level = None
        for form in self.in_order():
            level = form.cleaned_data.get("level", LEVELS[0])
            if self.removes(form):
                removed_level = min(level, removed_level or level)
            elif not form.is_blank():
                if removed_level is not None and level > removed_level:
                    form.add_error(
                        "heading", gettext("Its section is removed. Remove this one too, or give it another level.")
                    )
                removed_level = None

    def removes(self, form):
        return self.is_bound and self._should_delete_form(form)


SectionFormSet = forms.formset_factory(
    SectionForm,
    formset=BaseSectionFormSet,
    can_order=True,
    can_delete=True,
    extra=1,
    max_num=MAX_SECTIONS,
    absolute_max=MAX_SECTIONS,
    validate_max=True,
)
