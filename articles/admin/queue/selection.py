"""What a moderator selected and typed in the review queue but hasn't used, kept in the session until it is.

Filters, pages and bulk actions all post the one form of the queue, so with or without scripts none of them loses a
selection or a typed text.
"""

from django.http import QueryDict

KEY = "queue_selection"
KEPT = ("revision", "comment", "due_on")
KEPT_MAX = 5000  # characters of each typed text, the most that a bulk action accepts


def keep(request):
    """Keep what was posted with the queue's form."""
    _store(request, request.POST)


def kept(request):
    """What is kept, as a `QueryDict` of the form's fields."""
    return QueryDict(request.session.get(KEY, ""))


def use(request, action, outcomes):
    """Keep what remains after `action`: decided revisions leave the queue, skipped ones stay selected.

    What was typed for the action is forgotten once every revision has it.
    """
    left = request.POST.copy()
    if action.is_decision:
        left.setlist(
            "revision", [outcome.revision.pk for outcome in outcomes if outcome.revision and not outcome.is_done]
        )
    if all(outcome.is_done for outcome in outcomes):
        for name in action.fields:
            left.pop(name, None)
    _store(request, left)


def _store(request, fields):
    left = QueryDict(mutable=True)
    for name in KEPT:
        left.setlist(name, [value[:KEPT_MAX] for value in map(str, fields.getlist(name)) if value])
    if (text := left.urlencode()) != request.session.get(KEY, ""):
        request.session[KEY] = text
