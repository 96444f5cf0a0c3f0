"""Form fields for recordings: times as people write them, and YouTube videos by address."""

import re
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.base import LoadedValue
from articles.core.language.messages import with_example
from articles.core.language.newlines import normalise_newlines
from articles.core.recordings.people import PeopleError, format_people, parse_people
from articles.core.timestamps import TimestampError, format_timestamp, parse_typed, youtube_video
from articles.derived.i18n import translate

SECONDS_MAX = 9999 * 3600
PEOPLE_HELP = gettext_lazy(
    "One person per line, with the names that transcripts give to their voice: "
    "Ada Lovelace | voice: SPEAKER_00 | role: guest | link: https://ada.example/. Everything after the name may be left "
    "out; group: and image: are kept from feeds."
)
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")


class TimeField(forms.Field):
    """Whole seconds, written as `1:42:41`, `[01:42:41]`, `42:41`, `1h42m41s` or a number of seconds, and shown as h:mm:ss."""

    widget = forms.TextInput(attrs={"class": "time-field", "inputmode": "text", "placeholder": "1:42:41"})
    hidden_widget = LoadedValue

    def __init__(self, *, show=None, **kwargs):
        super().__init__(**kwargs)
        self.show = show or _clock

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            seconds = parse_typed(text)
        except TimestampError as error:
            raise ValidationError(translate(with_example(error, "1:42:41")), code="invalid") from error
        if seconds > SECONDS_MAX:
            raise ValidationError(
                gettext("“%(text)s” is too long for a recording. Write it like 1:42:41.") % {"text": text[:40]},
                code="invalid",
            )
        return seconds

    def prepare_value(self, value):
        return self.show(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class YouTubeField(forms.CharField):
    """A YouTube ID, extracted from the video's address if that was pasted."""

    def to_python(self, value):
        return youtube_id_of(super().to_python(value))


class LinesField(forms.CharField):
    """Multi-line text with line ends normalised to `\\n`."""

    widget = forms.Textarea
    hidden_widget = LoadedValue

    def to_python(self, value):
        return normalise_newlines(super().to_python(value))


class PeopleField(LinesField):
    """People heard in a recording, one per line."""

    widget = forms.Textarea(attrs={"class": "lines-field", "rows": 4, "dir": "auto"})

    def __init__(self, **kwargs):
        super().__init__(**{"label": gettext_lazy("People"), "required": False, "help_text": PEOPLE_HELP} | kwargs)

    def clean(self, value):
        try:
            return format_people(parse_people(super().clean(value)))
        except PeopleError as error:
            raise ValidationError(translate(error)) from error


def youtube_id_of(text):
    """Return the ID in `text`, which is an ID or the address of a video. Raises ValidationError."""
    if not text or YOUTUBE_ID.match(text):
        return text
    if not re.search(r"[/.?]", text):
        raise ValidationError(
            gettext(
                "“%(text)s” isn’t a YouTube ID, which has 11 letters, digits, - or _. Paste the video’s address instead."
            )
            % {"text": text}
        )
    try:
        video_id = youtube_video(urlsplit(text if "//" in text else f"https://{text}"))
    except ValueError:
        video_id = None
    if video_id is None:
        raise ValidationError(
            gettext(
                "“%(text)s” isn’t the address of a YouTube video. Paste one such as https://www.youtube.com/watch?v=…"
            )
            % {"text": text}
        )
    if not video_id:
        raise ValidationError(
            gettext("“%(text)s” links to YouTube, but not to a single video. Open the video and copy its address.")
            % {"text": text}
        )
    if not YOUTUBE_ID.match(video_id):
        raise ValidationError(
            gettext("“%(video_id)s” isn’t a YouTube ID, which has 11 letters, digits, - or _. Copy the whole address.")
            % {"video_id": video_id}
        )
    return video_id


def _clock(seconds):
    """`1:42:41`, `0:06:31`: always with hours, so that minutes aren't mistaken for hours."""
    clock = format_timestamp(seconds)
    return clock[1:] if clock.startswith("0") else clock
