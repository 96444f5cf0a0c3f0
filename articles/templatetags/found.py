"""Shows what a search found in a text."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def marked(runs):
    """Runs (text, is found) as HTML, escaped, what was found in <mark>."""
    parts = (format_html("<mark>{}</mark>", text) if is_found else conditional_escape(text) for text, is_found in runs)
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped)
