"""Times, directions, and stored HTML, as templates write them."""

from unicodedata import bidirectional

from django import template
from django.utils.safestring import mark_safe

from articles.timestamps import format_iso, format_label

register = template.Library()


@register.filter
def stored_html(html):
    """HTML that derivation stored: it was sanitised, or escaped by a template, when it was made."""
    return mark_safe(html)  # noqa: S308


@register.filter
def time_label(seconds):
    """Seconds as a reader sees them: 06:31, from one hour on 1:31:01."""
    return format_label(seconds)


@register.filter
def time_iso(seconds):
    """Seconds as an ISO 8601 duration: PT6M31S."""
    return format_iso(seconds)


@register.filter
def length_words(seconds):
    """How long a recording is: 1 h 42 min."""
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]))


@register.filter
def direction(text):
    """Where most of the letters of `text` run: ltr or rtl (Unicode's bidirectional classes)."""
    classes = [bidirectional(character) for character in text[:2000]]
    return "rtl" if classes.count("R") + classes.count("AL") > classes.count("L") else "ltr"
