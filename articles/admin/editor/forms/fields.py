"""Fields of the editor's form: Markdown text, and an episode by name."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from markdownx.widgets import MarkdownxWidget

from articles.core.language.newlines import normalise_newlines
from articles.models import Episode, named


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


class EpisodeField(forms.CharField):
    """An episode named ``show/episode``, with or without its title before it, or by its title alone if that is unique."""

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
        matches = list(episodes.filter(title__iexact=text)[:2])
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise ValidationError(
                gettext("Several episodes are called “%(text)s”. Choose one from the list, or enter show/episode.")
                % {"text": text}
            )
        raise ValidationError(
            gettext("There is no episode “%(text)s”. Choose one from the list, or enter show/episode.") % {"text": text}
        )
