"""The form for a received text."""

from dataclasses import replace
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from articles.admin.editor.forms import EpisodeField
from articles.admin.recordings.fields import LinesField
from articles.core.formats import FormatError
from articles.core.formats.reader import SIZE_LIMIT, decode, refuse_other_formats
from articles.core.language.messages import lazy_message
from articles.derived.i18n import translate
from articles.importing.articles.received import read_received

TITLE_MAX = 200
SUFFIXES = (".md", ".markdown", ".txt", ".json")


class ReceivedForm(forms.Form):
    """A text, pasted or from a file. `article` is what was read, once the form is valid."""

    text = LinesField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        max_length=SIZE_LIMIT,
        help_text=gettext_lazy("Markdown, plain text with headings on lines of their own, or an export of this site."),
        widget=forms.Textarea(attrs={"class": "lines-field", "rows": 12, "dir": "auto"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a file"),
        required=False,
        help_text=gettext_lazy(
            "Markdown, plain text or an export of this site. Paste the text of a Word document, a PDF file or a web page."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join([*SUFFIXES, "text/*", "application/json"])}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=TITLE_MAX,
        help_text=gettext_lazy("Leave empty if the text begins with it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    episode = EpisodeField(
        label=gettext_lazy("Episode"),
        required=False,
        help_text=gettext_lazy(
            "The recording that its timestamps cite. Leave empty if the text names it. Start typing its title."
        ),
    )
    file_name = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)  # of the text in the box
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # digest of what the preview showed

    article = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("file")
        if self.errors:
            return cleaned
        if bool(file) == bool(cleaned["text"].strip()):
            raise ValidationError(gettext("Either paste the text or choose a file."))
        try:
            guessed = self._take(file) if file else ()
            article = read_received(
                self.cleaned_data["text"],
                file_name=self.cleaned_data["file_name"],
                title=cleaned["title"].strip(),
                episode=cleaned["episode"],
            )
            self.article = replace(article, problems=(*guessed, *article.problems))
        except FormatError as error:
            self.add_error("file" if file else "text", sentence(error))
        return cleaned

    def _take(self, file):
        """Put the file's text into the box, so that it can be corrected and needn't be chosen again.

        Returns what had to be guessed to read it.
        """
        data = file.read(SIZE_LIMIT + 1)
        if len(data) > SIZE_LIMIT:
            raise FormatError(
                lazy_message("the file is larger than %(limit)s MB: split it.", limit=SIZE_LIMIT // 1024 // 1024)
            )
        refuse_other_formats(data, PurePath(file.name).suffix)
        text, guessed = decode(data)
        found = {"text": text.removeprefix("\ufeff"), "file_name": file.name}
        self.cleaned_data |= found
        self.data = self.data.copy()
        self.data.update(found)
        return guessed


def sentence(error):
    """Return the message of a `FormatError`, which begins in lower case after a file's name, as a sentence."""
    message = translate(error)
    return message[:1].upper() + message[1:]
