"""The fields of the editor's form above the sections, and the revision and version that it was loaded from."""

from unicodedata import normalize

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from articles.core.language import tags as languages
from articles.core.markdown import wiki_slug
from articles.models import Revision
from articles.models.revisions.revisions import validate_language
from articles.models.revisions.sources import validate_source_key
from articles.workflow.content import free_slug, slug_holder

from .fields import EpisodeField, KeepsSavedEpisode, MarkdownField, WrappingLine


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
