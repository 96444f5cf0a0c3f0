"""The parts of the editor's form: what stands above the sections, the further sources, the sections."""

from unicodedata import normalize

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from articles.core.language import tags as languages
from articles.core.language.newlines import normalise_newlines
from articles.core.markdown import wiki_slug
from articles.models import Revision, Section, Source
from articles.models.revisions import validate_language, validate_source_key
from articles.models.sections import LEVELS
from articles.workflow.content import MAX_SECTIONS, SectionContent, slug_taken

from .fields import EpisodeField, MarkdownField

DEFAULT_KEY = "e1"
SOURCES_MAX = 100


class TextForm(forms.Form):
    """What stands above the sections, and which revision at which version the form was loaded from."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=Revision._meta.get_field("title").help_text,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Title"), "dir": "auto"}),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Slug"),
        max_length=200,
        required=False,
        allow_unicode=True,
        help_text=format_lazy(
            "{} {}", Revision._meta.get_field("slug").help_text, gettext_lazy("Left empty, it is made from the title.")
        ),
    )
    lead = MarkdownField(label=gettext_lazy("Lead"), help_text=Revision._meta.get_field("lead").help_text)
    episode = EpisodeField(
        label=gettext_lazy("Episode"),
        required=False,
        help_text=gettext_lazy("The recording that [00:06:31] points into. Begin to type its title."),
    )
    episode_key = forms.CharField(
        required=False, max_length=20, validators=[validate_source_key], widget=forms.HiddenInput
    )
    notice = forms.ChoiceField(
        label=gettext_lazy("Notice"),
        choices=Revision.Notice.choices,
        help_text=Revision._meta.get_field("notice").help_text,
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=languages.LONGEST,
        required=False,
        help_text=Revision._meta.get_field("language").help_text,
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off", "spellcheck": "false"}),
    )
    edit_summary = forms.CharField(
        label=gettext_lazy("Summary of the change"),
        max_length=500,
        required=False,
        help_text=Revision._meta.get_field("edit_summary").help_text,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("what and why")}),
    )
    loaded_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    loaded_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    loaded_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, article=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.article = article

    @property
    def languages(self):
        """The tags that are offered, each with the language's own name for itself."""
        return [(tag, normalize("NFC", LANG_INFO[tag.lower()]["name_local"])) for tag in languages.COMMON]

    def clean_language(self):
        written = self.cleaned_data["language"]
        tag = languages.canonical(written)
        if written and not tag:
            raise forms.ValidationError(validate_language.message)
        return tag

    def clean(self):
        if "slug" in self.cleaned_data:
            slug = self.cleaned_data["slug"] or wiki_slug(self.cleaned_data.get("title", ""))[:200].strip("-")
            self.cleaned_data["slug"] = slug
            if not slug:
                self.add_error(
                    "slug", gettext("The article needs an address: give it a slug, or a title to make it from.")
                )
            elif slug_taken(slug, article=self.article):
                self.add_error(
                    "slug",
                    gettext("The slug “%(slug)s” belongs to another article: choose another one.") % {"slug": slug},
                )
        return self.cleaned_data


class SourceForm(forms.Form):
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=20,
        validators=[validate_source_key],
        help_text=Source._meta.get_field("key").help_text,
    )
    episode = EpisodeField(label=gettext_lazy("Episode"), required=False)

    def clean(self):
        if self.cleaned_data.get("key") and "episode" in self.cleaned_data and not self.cleaned_data["episode"]:
            self.add_error("episode", gettext("Choose the episode that this key stands for, or empty the key."))
        return self.cleaned_data


class BaseSourceFormSet(forms.BaseFormSet):
    """The sources after the first: each gets a key, and no key twice."""

    default_key = DEFAULT_KEY

    def kept(self):
        return [form for form in self.forms if not (self.is_bound and self._should_delete_form(form))]

    def clean(self):
        named = [form for form in self.kept() if form.cleaned_data.get("episode")]
        keys = {self.default_key}
        for form in named:
            key = form.cleaned_data.get("key")
            if key and key in keys:
                form.add_error("key", gettext("Another source has the key “%(key)s” already.") % {"key": key})
            keys.add(key)
        numbers = iter(range(2, 2 * SOURCES_MAX + 3))
        for form in named:
            if form.cleaned_data.get("key") == "":
                key = next(f"e{number}" for number in numbers if f"e{number}" not in keys)
                form.cleaned_data["key"] = key


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
    body = MarkdownField(label=gettext_lazy("Text"), help_text=Section._meta.get_field("body").help_text)

    def is_blank(self):
        """Nothing was typed into a section that did not exist before."""
        return not any((self[name].value() or "").strip() for name in ("key", "heading", "body"))

    def section(self):
        """What was typed, as far as it can be read."""
        cleaned = self.cleaned_data
        return SectionContent(
            heading=cleaned.get("heading", self["heading"].value() or ""),
            body=cleaned.get("body", normalise_newlines(self["body"].value() or "")),
            level=cleaned.get("level", LEVELS[0]),
            key=cleaned.get("key"),
        )


class BaseSectionFormSet(forms.BaseFormSet):
    ordering_widget = forms.NumberInput(attrs={"min": 1})

    def get_form_kwargs(self, index):
        # A section may be empty: a draft is saved as it is, and what it lacks is listed.
        return super().get_form_kwargs(index) | {"empty_permitted": False, "use_required_attribute": False}

    def in_order(self):
        """The forms as they stand on the page: by the number given, the unnumbered ones last."""

        def place(numbered):
            index, form = numbered
            order = form.cleaned_data.get("ORDER") if self.is_bound and hasattr(form, "cleaned_data") else index + 1
            return (order is None, order or 0, index)

        return [form for _, form in sorted(enumerate(self.forms), key=place)]

    def removes(self, form):
        return self.is_bound and self._should_delete_form(form)


SourceFormSet = forms.formset_factory(
    SourceForm, formset=BaseSourceFormSet, can_delete=True, extra=1, max_num=SOURCES_MAX, absolute_max=SOURCES_MAX
)
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
