"""The actions of the review page, one class each, registered under the value that its button sends."""

from django.db import transaction

from . import decide, publish
from .base import Action, Situation

__all__ = ["ACTIONS", "Action", "Situation", "carry_out"]

# In the order of the buttons.
ACTIONS = {action.name: action() for action in (*decide.ACTIONS, *publish.ACTIONS)}


def carry_out(action, revision, *, by, words):
    """Perform `action` in one transaction with its fields of `words`, the form's data; returns the result of `run`.

    Raises `workflow.WorkflowError`.
    """
    with transaction.atomic():
        return action.run(revision, by=by, **{name: words[name] for name in action.fields})
