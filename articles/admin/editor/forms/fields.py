"""Fields of the editor's form: Markdown text, and an episode by name with what stays saved if there is none."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from markdownx.widgets import MarkdownxWidget

from articles.core.language.newlines import normalise_newlines
from articles.core.language.shorten import shorten
from articles.models import Episode, named

NAMED_MAX = 10  # episodes of one title that a message names
TITLE_MAX = Episode._meta.get_field("title").max_length


def episode_label(episode):
    """The episode's name in the form; its last word identifies the episode."""
    return f"{episode.title} · {episode.reference}"


class MarkdownWidget(MarkdownxWidget):
    """markdownx's text area with our own URLs; the page places the preview next to it."""

    template_name = "django/forms/widgets/textarea.html"

    def add_markdownx_attrs(self, attrs):
        return super().add_markdownx_attrs(attrs) | {
            "data-markdownx-editor-resizable": "False",
            "data-markdownx-urls-path": reverse("admin:articles_preview"),
            "data-markdownx-upload-urls-path": reverse("admin:articles_upload"),
            "dir": "auto",
            "rows": 8,
            "cols": False,  # the page sets the width
        }


class MarkdownField(forms.CharField):
    widget = MarkdownWidget

    def __init__(self, **kwargs):
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value):
        return normalise_newlines(super().to_python(value))


class WrappingLine(forms.Textarea):
    """A field for one line of text, all of which is seen. The line breaks of browsers without scripts become spaces."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 1, "cols": False} | (attrs or {}))  # the page sets the width

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value and normalise_newlines(value).replace("\n", " ")


class EpisodeField(forms.CharField):
    """An episode named ``show/episode``, with or without its title before it, or by its title alone if that is unique.

    `clean` returns the `Episode`, or None if nothing was typed. An error doesn't keep the rest of the article from
    being saved: see `KeepsSavedEpisode`.
    """

    widget = forms.TextInput(
        attrs={"list": "episodes", "autocomplete": "off", "placeholder": gettext_lazy("Title, or show/episode")}
    )

    def prepare_value(self, value):
        return episode_label(value) if isinstance(value, Episode) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        handle, _, slug = text.split()[-1].partition("/")
        episodes = Episode.objects.select_related("show").prefetch_related("chapter_set")
        if episode := named(episodes, show__handle=handle, slug=slug):
            return episode
        # Nothing longer is a title, and SQLite refuses to compare text of 50,000 characters.
        titled = episodes.filter(title__iexact=text) if len(text) <= TITLE_MAX else episodes.none()
        matches = list(titled[: NAMED_MAX + 1])
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = [match.reference for match in matches[:NAMED_MAX]] + ["…"] * (len(matches) > NAMED_MAX)
            raise ValidationError(
                gettext("Several episodes are called “%(text)s”: %(names)s. Enter the one you mean as show/episode.")
                % {"text": text, "names": ", ".join(names)}
            )
        raise ValidationError(
            gettext("There is no episode “%(text)s”. Choose one from the list, or enter show/episode.")
            % {"text": shorten(text, TITLE_MAX)}
        )


class KeepsSavedEpisode(forms.Form):
    """A form with an `episode` that, if what was typed names none, stays the one that is saved (None: there is none).

    `saved_episode` takes the form and returns that episode.
    """

    def __init__(self, *args, saved_episode=lambda form: None, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved_episode = saved_episode

    def refuse_episode(self, reason):
        self.add_error("episode", reason)
        self.cleaned_data["episode"] = self.saved_episode(self)

    def clean(self):
        if "episode" in self.errors:
            self.cleaned_data["episode"] = self.saved_episode(self)
        return self.cleaned_data


def as_typed(field):
    """The text of a bound field, valid or not, as far as it can be stored: PostgreSQL's text has no NUL."""
    return (field.value() or "").replace("\0", "\ufffd")
