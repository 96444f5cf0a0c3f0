"""An episode’s chapters as one field, lines or Podcasting 2.0 JSON, and as a download."""

from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.recordings.fields import LinesField
from articles.admin.shared.base import GuardedForm
from articles.core.language.decoding import EncodingError, decode
from articles.core.language.newlines import normalise_newlines
from articles.core.recordings.chapters import (
    MEDIA_TYPE,
    ChaptersError,
    ReadChapters,
    format_chapters,
    parse_chapters,
    read_json,
    write_json,
)
from articles.derived.i18n import translate

CHAPTER_PERMISSIONS = ["articles.add_chapter", "articles.change_chapter", "articles.delete_chapter"]


FILE_LIMIT = 4 * 1024 * 1024  # bytes


SAVED_MEANWHILE = gettext_lazy(
    "Someone else saved other chapters after you opened this page. Save again to replace them with yours. "
    "These are saved now:"
)


LINES_AND_FILE = gettext_lazy(
    "You changed the chapters both in the lines and with a file. Nothing is saved yet. To save the lines, remove the "
    "file; to save the file, undo your changes to the lines."
)


def lines_of(episode):
    """The episode's saved chapters as lines of text."""
    return format_chapters(episode.chapters) if episode.pk else ""


def _read_file(file, length):
    """Return the `ReadChapters` of a file of lines or JSON; `length` is the episode's in seconds, or None."""
    data = file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT or file.name.lower().endswith(".json"):
        return read_json(data, duration_seconds=length)
    text, guess = decode(data)
    read = _read_text(normalise_newlines(text.removeprefix("\ufeff")).strip(), length)
    return replace(read, notes=(guess.reason, *read.notes)) if guess else read


def _read_text(text, length):
    if text.startswith("{"):
        return read_json(text, duration_seconds=length)
    chapters, problems = parse_chapters(text, duration_seconds=length)
    return ReadChapters(tuple(chapters), tuple(problems))


class ChapterLinesForm(GuardedForm):
    """The part of an episode's form for its chapters. After cleaning, `chapters` holds those to save."""

    chapter_lines = LinesField(
        label=gettext_lazy("Starts and titles"),
        required=False,
        show_hidden_initial=True,
        help_text=gettext_lazy(
            "One chapter per line, with its start and title: 00:05:13 Title. A title that begins with “Sponsor” "
            "is marked as advertising. You can also paste Podcasting 2.0 JSON."
        ),
        widget=forms.Textarea(attrs={"class": "lines-field", "rows": 14, "spellcheck": "false"}),
    )
    chapters_file = forms.FileField(
        label=gettext_lazy("Chapters from a file"),
        required=False,
        help_text=gettext_lazy(
            "Podcasting 2.0 JSON (chapters.json), or lines as above. It replaces all chapters above."
        ),
        widget=forms.FileInput(attrs={"accept": f".json,application/json,{MEDIA_TYPE},.txt,.md,text/plain"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.chapters = []
        self.instance.has_new_lines = False  # the chapter table reads this too
        self.chapter_notes = ()
        self.saved_lines = lines_of(self.instance)
        self.initial["chapter_lines"] = self.saved_lines

    def clean(self):
        cleaned = super().clean()
        if "chapter_lines" not in cleaned:
            return cleaned
        file = cleaned.get("chapters_file")
        has_typed = "chapter_lines" in self.changed_data
        self.instance.has_new_lines = has_typed or file is not None
        if file is not None and has_typed:
            self.add_error("chapters_file", LINES_AND_FILE)
        elif file is not None:
            self._read("chapters_file", file)
        elif has_typed or "duration_seconds" in self.changed_data:
            self._read("chapter_lines", cleaned["chapter_lines"])
        self._check_unchanged_since_load()
        return cleaned

    def _read(self, field, received):
        """Read chapters from a text or a file; errors are added to `field`."""
        length = self.cleaned_data.get("duration_seconds")
        try:
            read = (_read_text if isinstance(received, str) else _read_file)(received, length)
        except (ChaptersError, EncodingError) as error:
            self.add_error(field, capfirst(translate(error)))
            return
        self.chapters, self.chapter_notes = list(read.chapters), tuple(map(translate, read.notes))
        if read.problems:
            self.add_error(field, [ValidationError(translate(problem.located_message)) for problem in read.problems])
        elif field == "chapters_file" and not read.chapters:
            self.add_error(field, gettext("The file has no usable chapters. Nothing is saved yet."))

    def _check_unchanged_since_load(self):
        loaded_as = self["chapter_lines"].html_initial_name
        if not self.instance.has_new_lines or loaded_as not in self.data:
            return
        if self.fields["chapter_lines"].to_python(self.data[loaded_as]) != self.saved_lines:
            self.add_error("chapter_lines", [SAVED_MEANWHILE, *self.saved_lines.splitlines()])
            self.data = self.data.copy()
            self.data[loaded_as] = self.saved_lines


class ChapterLinesMixin:
    """The episode admin's part for chapters: permissions, notes on imported files, and the download."""

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "chapters_download"]
        may_write = request.user.has_perms(CHAPTER_PERMISSIONS)
        return fields if may_write else [*fields, "chapter_lines", "chapters_file"]

    def get_fieldsets(self, request, obj=None):
        """Hide the upload from users who can't change chapters, and the download if there are no chapters."""
        may_change = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        hidden = set() if may_change and request.user.has_perms(CHAPTER_PERMISSIONS) else {"chapters_file"}
        if obj is None or not obj.chapter_set.exists():
            hidden.add("chapters_download")
        return [
            (name, options | {"fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    @method_decorator(require_safe)
    def chapters_json_view(self, request, pk):
        """Download the saved chapters as a Podcasting 2.0 JSON file."""
        episode = self.get_object(request, str(pk))
        if not self.has_view_permission(request, episode):
            raise PermissionDenied
        if episode is None:
            raise Http404(gettext("Episode not found."))
        text = write_json(episode.chapters, title=episode.title, podcast_name=episode.show.title)
        disposition = content_disposition_header(True, f"{episode.slug}.chapters.json")
        return HttpResponse(text, content_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})

    @admin.display(description=gettext_lazy("download"))
    def chapters_download(self, episode):
        address = reverse("admin:articles_episode_chapters", args=[episode.pk])
        return format_html('<a href="{}" download>Download chapters.json</a> (Podcasting 2.0)', address)

    @admin.display(description=gettext_lazy("chapters"))
    def chapter_lines(self, episode):
        return lines_of(episode)

    def show_chapter_notes(self, request, form):
        """Tell the user which parts of the imported chapters weren't kept."""
        for note in form.chapter_notes:
            messages.info(request, note)
