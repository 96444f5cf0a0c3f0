"""The parts of the editor's form: the fields above the sections, the additional sources, and the sections."""

from unicodedata import normalize

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from articles.core.language import tags as languages
from articles.core.language.newlines import normalise_newlines
from articles.core.markdown import wiki_slug
from articles.models import Revision, Section, Source
from articles.models.revisions.revisions import validate_language
from articles.models.revisions.sections import LEVELS
from articles.models.revisions.sources import validate_source_key
from articles.workflow.content import MAX_SECTIONS, SectionContent, free_slug, slug_holder

from .fields import EpisodeField, KeepsSavedEpisode, MarkdownField, WrappingLine

DEFAULT_KEY = "e1"
SOURCES_MAX = 100


def as_typed(field):
    """The text of a bound field, valid or not, as far as it can be stored: PostgreSQL's text has no NUL."""
    return (field.value() or "").replace("\0", "\ufffd")


class TextForm(KeepsSavedEpisode):
    """The fields above the sections, and the revision and version that the form was loaded from."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=Revision._meta.get_field("title").help_text,
        widget=WrappingLine(attrs={"placeholder": gettext_lazy("Title"), "dir": "auto"}),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Slug"),
        max_length=200,
        required=False,
        allow_unicode=True,
        help_text=format_lazy(
            "{} {}",
            Revision._meta.get_field("slug").help_text,
            gettext_lazy("Leave empty to create it from the title."),
        ),
    )
    lead = MarkdownField(label=gettext_lazy("Lead"), help_text=Revision._meta.get_field("lead").help_text)
    episode = EpisodeField(
        label=gettext_lazy("Episode"),
        required=False,
        help_text=gettext_lazy("The recording that timestamps such as [00:06:31] cite. Start typing its title."),
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
        label=gettext_lazy("Edit summary"),
        max_length=500,
        required=False,
        help_text=Revision._meta.get_field("edit_summary").help_text,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Describe your changes")}),
    )
    loaded_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    loaded_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    loaded_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, article=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.article = article
        self.slug_holder = None  # a revision of the article that already uses the slug that was typed
        self.slug_stem = ""  # the slug that the title gives if none was typed, without a number

    def _refuse_taken(self, slug):
        self.slug_holder = slug_holder(slug, self.article)
        if self.slug_holder is None:
            return
        # Whoever may write may read all articles, so the other one may be named.
        values = {"slug": slug, "title": self.slug_holder.title or self.slug_holder.article.slug}
        reason = gettext("Another article, “%(title)s”, already uses the slug “%(slug)s”. Choose a different one.")
        self.add_error("slug", reason % values)

    def _slug_of_title(self):
        """The slug for the title, which nobody has typed: with a number if another article uses it."""
        stem = wiki_slug(self.cleaned_data.get("title", ""))[:200].strip("-")
        if not stem:
            self.add_error("slug", gettext("The article needs an address. Enter a title or a slug."))
            return ""
        self.slug_stem = stem
        return free_slug(stem, self.article)

    @property
    def languages(self):
        """(tag, name) of each suggested language; the name is in that language."""
        return [(tag, normalize("NFC", LANG_INFO[tag.lower()]["name_local"])) for tag in languages.COMMON]

    def clean_language(self):
        typed = self.cleaned_data["language"]
        tag = languages.canonical(typed)
        if typed and not tag:
            raise forms.ValidationError(validate_language.message)
        return tag

    def clean(self):
        super().clean()
        if "slug" in self.cleaned_data:
            if slug := self.cleaned_data["slug"]:
                self._refuse_taken(slug)
            else:
                self.cleaned_data["slug"] = self._slug_of_title()
        return self.cleaned_data


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
