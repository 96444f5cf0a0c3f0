"""Filters that format values for display. Every template has them without loading them (settings.TEMPLATES)."""

from datetime import datetime

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from articles.core.language.tags import direction, isolated
from articles.core.markdown import links_with_targets, plain_heading, visible_links
from articles.core.revisions.diff import kind_label
from articles.core.timestamps import format_iso, format_label
from articles.derived.checks.labels import verdict_name
from articles.views.diff import without

register = template.Library()
register.filter("verdict_name", verdict_name)
register.filter("time_label", format_label)
register.filter("time_iso", format_iso)
register.filter("direction", direction)
register.filter("isolated", isolated)
register.filter("plain_heading", plain_heading)
register.filter("visible_links", visible_links)
register.filter("without", without)
register.filter("links_with_targets", links_with_targets)

WORDS_PER_MINUTE = 230  # of silent reading in English: Brysbaert (2019) gives 238 for non-fiction


@register.filter
def stored_html(html):
    """Mark HTML as safe that was sanitised, or escaped by a template, before it was stored."""
    return mark_safe(html)  # noqa: S308


@register.filter
def change_label(kind):
    """Translate a stored kind of change (`core.revisions.diff.Kind` or a new article)."""
    return gettext(kind_label(kind))


@register.filter
def labelled(cells, headers):
    """Yield the cells of a row of an admin's list (`<td …>`), each with the text of its header as `data-label`."""
    for cell, header in zip(cells, headers, strict=True):
        is_named = cell.startswith("<td") and "action-checkbox" not in cell
        label = format_html('<td data-label="{}"', capfirst(header["text"]))
        yield mark_safe(label + cell.removeprefix("<td")) if is_named else cell  # noqa: S308  (Django's own cell)


@register.filter
def label_iso(label):
    """Turn a timestamp label (06:31, 1:31:01, or the start of 06:31–07:10) into an ISO 8601 duration: PT6M31S."""
    seconds = 0
    for part in label.partition("–")[0].split(":"):
        seconds = seconds * 60 + int(part)
    return format_iso(seconds)


@register.filter
def iso(moment):
    """Format a date, or a datetime to the second, for `<time datetime>`; None gives an empty string.

    Django's own format `c` writes microseconds, but HTML allows three decimals at most.
    """
    if isinstance(moment, datetime):
        return (localtime(moment) if is_aware(moment) else moment).isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""


@register.filter
def duration(seconds):
    """Format the length of a recording: 1 h 42 min."""
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]))


@register.filter
def length_of(episode):
    """Format the length of an episode's recording, "" if unknown; one that is derived from its transcript says so."""
    if not episode.length_seconds:
        return ""
    length = duration(episode.length_seconds)
    return (
        gettext("about %(length)s, from the transcript") % {"length": length} if episode.is_length_derived else length
    )


@register.filter
def reading_minutes(word_count):
    """Return how many minutes it takes to read `word_count` words, at least 1."""
    return max(1, round(word_count / WORDS_PER_MINUTE))


@register.filter
def mark_matches(runs):
    """Render the runs (text, is_found) of a search result as escaped HTML, with matches in `<mark>`."""
    parts = (format_html("<mark>{}</mark>", text) if is_found else conditional_escape(text) for text, is_found in runs)
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped)


@register.filter
def text_at(unsent, place):
    """Return what was typed but not sent in the comment field of a review page's `place`; "" if nothing."""
    return unsent.get(f"text:{place}", "") if unsent else ""


@register.filter
def quote_at(unsent, place):
    """Return the passage chosen there, as `text_at` returns the comment."""
    return unsent.get(f"quote:{place}", "") if unsent else ""


@register.filter
def replacement_at(unsent, place):
    """Return the text suggested for that passage."""
    return unsent.get(f"replacement:{place}", "") if unsent else ""


@register.filter
def deletes_at(unsent, place):
    """Whether to delete that passage is suggested."""
    return f"delete:{place}" in unsent if unsent else False
