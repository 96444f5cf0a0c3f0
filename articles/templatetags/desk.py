"""What the bar of the admin says of the desk."""

from django import template

from articles.models import Revision

register = template.Library()


@register.simple_tag
def waiting_number():
    """How many revisions wait for a moderator's decision, one query."""
    return Revision.objects.awaiting_review().count()
