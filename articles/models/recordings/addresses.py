"""Addresses of recordings: fields for them, and where a moment can be heard."""

from urllib.parse import urlsplit, urlunsplit

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_web_address = URLValidator(schemes=["http", "https"])
validate_youtube_id = RegexValidator(
    r"^[A-Za-z0-9_-]{11}\Z", _("Enter the 11 characters after “v=” in the YouTube address: letters, digits, - or _.")
)


def media_address(recording, start_seconds, end_seconds=None):
    """Return the address of a moment (in seconds) in the recording's video, else in its audio file, else "".

    The audio file's address gets a media fragment (W3C Media Fragments URI).
    """
    if recording.youtube_id:
        return f"https://www.youtube.com/watch?v={recording.youtube_id}&t={start_seconds}s"
    if recording.audio_url:
        end = f",{end_seconds}" if end_seconds is not None else ""
        return urlunsplit(urlsplit(recording.audio_url)._replace(fragment=f"t={start_seconds}{end}"))
    return ""


def web_address(verbose_name, **options):
    """Return a field for an optional web address."""
    return models.CharField(verbose_name, max_length=500, blank=True, validators=[validate_web_address], **options)
