"""Times, directions, and stored HTML, as templates write them."""

from django import template
from django.utils.safestring import mark_safe

from articles.core.language import tags
from articles.core.timestamps import format_iso, format_label

register = template.Library()

WORDS_A_MINUTE = 230  # of silent reading in English: Brysbaert, 2019, gives 238 for texts that are no fiction


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
def reading_minutes(word_count):
    """In how many minutes a text of so many words is read, at least one."""
    return max(1, round(word_count / WORDS_A_MINUTE))


@register.filter
def direction(text, language=""):
    """How `text` runs, ltr or rtl: as the tag of its `language` says, else where most of its letters run."""
    return tags.direction(text, language)
