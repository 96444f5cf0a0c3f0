"""Form fields for what is known of a recording: times as people write them, a video by its address."""

import re
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from articles.core.language.messages import with_example
from articles.core.timestamps import TimestampError, format_timestamp, parse_timestamp
from articles.derived.i18n import translate

SECONDS_MAX = 9999 * 3600
YOUTUBE_HOSTS = {"youtube.com", "youtube-nocookie.com", "youtu.be"}
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")
PATHS_WITH_ID = {"embed", "shorts", "live", "v"}


class LoadedValue(forms.HiddenInput):
    """The value as the form was loaded with it; nobody sees it, so that nothing describes it (HTML allows no aria-*)."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, {k: v for k, v in attrs.items() if not k.startswith("aria-")})


class TimeField(forms.Field):
    """Whole seconds, written as `1:42:41`, `42:41` or a number of seconds, and shown as h:mm:ss."""

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
        if text.isascii() and text.isdigit():
            seconds = int(text[:20])
        else:
            try:
                seconds = parse_timestamp(text)
            except TimestampError as error:
                raise ValidationError(translate(with_example(error, "1:42:41")), code="invalid") from error
        if seconds > SECONDS_MAX:
            raise ValidationError(
                gettext("“%(text)s” is longer than any recording: write it like 1:42:41.") % {"text": text[:40]},
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
    """A YouTube id, taken out of the video's address where that is what was pasted."""

    def to_python(self, value):
        return youtube_id_of(super().to_python(value))


class LinesField(forms.CharField):
    """Text of several lines, with the same line ends however a browser sends them."""

    widget = forms.Textarea
    hidden_widget = LoadedValue

    def to_python(self, value):
        return re.sub(r"\r\n?", "\n", super().to_python(value))


def youtube_id_of(text):
    """The id in `text`, which is one already or the address of a video. Raises ValidationError."""
    if not text or YOUTUBE_ID.match(text):
        return text
    if not re.search(r"[/.?]", text):
        raise ValidationError(
            gettext(
                "“%(text)s” is no YouTube id: it has 11 letters, digits, - or _. Paste the video’s address instead."
            )
            % {"text": text}
        )
    try:
        address = urlsplit(text if "//" in text else f"https://{text}")
        host = re.sub(r"^(www|m|music)\.", "", address.hostname or "")
        query = parse_qs(address.query)
    except ValueError:
        host, query = "", {}
    if host not in YOUTUBE_HOSTS:
        raise ValidationError(
            gettext("“%(text)s” is no address of a YouTube video. One begins like https://www.youtube.com/watch?v=…")
            % {"text": text}
        )
    steps = [step for step in address.path.split("/") if step]
    found = ""
    if host == "youtu.be" and steps:
        found = steps[0]
    elif "v" in query:
        found = query["v"][0]
    elif len(steps) > 1 and steps[0] in PATHS_WITH_ID:
        found = steps[1]
    if not found:
        raise ValidationError(
            gettext("“%(text)s” leads to YouTube, but not to one video. Open the video and copy its address.")
            % {"text": text}
        )
    if not YOUTUBE_ID.match(found):
        raise ValidationError(
            gettext("The address has the id “%(found)s”; an id has 11 letters, digits, - or _. Was it copied whole?")
            % {"found": found}
        )
    return found


def _clock(seconds):
    """`1:42:41`, `0:06:31`: hours always shown, so that nobody reads minutes as hours."""
    clock = format_timestamp(seconds)
    return clock[1:] if clock.startswith("0") else clock
