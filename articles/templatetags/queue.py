"""What admin pages show of the review queue: its length, review locks, priorities, topics, watches and notices."""

from django import template

from articles.admin.articles.topics.forms import FilingForm
from articles.admin.queue.forms import PriorityForm, assignee_of
from articles.admin.recordings.changes import comparison
from articles.models import Notice, Revision, Watch
from articles.workflow.collaboration import assigning, review_locks

register = template.Library()
register.simple_tag(review_locks.holder, name="review_lock_of")
register.filter("assignee_name", assigning.assignee_name)
register.filter("changed_parts", comparison.names_of)


@register.simple_tag(takes_context=True)
def queue_length(context):
    """Count the revisions awaiting review; the queue's own page has counted them already."""
    queue = context.get("review_queue")
    if queue:
        return queue["numbers"]["queue"]
    return Revision.objects.visible_to(context["request"].user).awaiting_review().count()


@register.simple_tag
def unread_count(user):
    """Count the user's unread notices."""
    return Notice.objects.of(user).unread().count()


@register.simple_tag
def priority_form(revision, unsent):
    """Return the form for due date, urgency and assignee, with the choices not sent yet (`unsent`, by field)."""
    assignee = assignee_of(revision)
    stored = {"due_on": revision.due_on, "is_urgent": revision.is_urgent, "assignee": assignee}
    form = PriorityForm(initial=stored, auto_id="priority-%s")
    if unsent and "due_on" in unsent:
        chosen = {
            "due_on": unsent["due_on"],
            "is_urgent": "is_urgent" in unsent,
            "assignee": unsent.get("assignee", assignee),
        }
        due_on = revision.due_on.isoformat() if revision.due_on else ""
        form.is_open = chosen != {**stored, "due_on": due_on}
        form.initial = chosen
    for field in form.fields.values():
        field.widget.attrs["form"] = "decision"
    return form


@register.simple_tag
def is_watching(user, article):
    """Say whether `user` watches `article`, in one query."""
    return Watch.objects.filter(user=user, article=article).exists()


@register.simple_tag
def topics_form(article):
    """Return the form that assigns topics, filled with the article's current ones."""
    return FilingForm.of(article)
