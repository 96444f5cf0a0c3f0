"""Points in time for machines; every template has this filter without loading it (settings.TEMPLATES)."""

from datetime import datetime

from django import template
from django.utils.timezone import is_aware, localtime

register = template.Library()


@register.filter
def iso(moment):
    """A date, or a date and time to the second, as `<time datetime>` takes it; empty for None.

    Django's own format `c` writes six digits of a second, and HTML knows three.
    """
    if isinstance(moment, datetime):
        return (localtime(moment) if is_aware(moment) else moment).isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""
