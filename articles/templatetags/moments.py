"""Points in time for machines; every template has this filter without loading it (settings.TEMPLATES)."""

from datetime import datetime

from django import template
from django.utils.timezone import is_aware, localtime

from articles.core.timestamps import format_iso

register = template.Library()


@register.filter
def iso(moment):
    """A date, or a date and time to the second, as `<time datetime>` takes it; empty for None.

    Django's own format `c` writes six digits of a second, and HTML knows three.
    """
    if isinstance(moment, datetime):
        return (localtime(moment) if is_aware(moment) else moment).isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""


@register.filter
def label_iso(label):
    """A moment of a recording as people read it, 06:31, 1:31:01 or the first of 06:31–07:10, as ISO 8601: PT6M31S."""
    seconds = 0
    for part in label.partition("–")[0].split(":"):
        seconds = seconds * 60 + int(part)
    return format_iso(seconds)
