"""What the admin's pages say of the desk: how much waits, who is looking, what is watched, what is unread."""

from django import template

from articles.admin.queue.forms import PriorityForm
from articles.models import Notice, Revision, Watch
from articles.workflow.collaboration import review_locks

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_number(context):
    """How many revisions wait for a moderator's decision; asked for once on the desk itself."""
    desk = context.get("desk")
    return desk["numbers"]["queue"] if desk else Revision.objects.awaiting_review().count()


@register.simple_tag
def unread_number(user):
    """How many notices the person has not read."""
    return Notice.objects.filter(user=user).unread().count()


@register.simple_tag
def look_at(revision):
    """Who is looking at the revision, or None; no query."""
    return review_locks.holder(revision)


@register.simple_tag
def arrange_form(revision):
    """The form with the revision's date and urgency."""
    return PriorityForm(initial={"due_on": revision.due_on, "is_urgent": revision.is_urgent}, auto_id="arrange-%s")


@register.simple_tag
def is_watching(user, article):
    """Whether the person watches the article, one query."""
    return Watch.objects.filter(user=user, article=article).exists()
