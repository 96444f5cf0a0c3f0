"""The actions of the review page: a class for each, registered here under the name that its button sends."""

from django.db import transaction

from . import decide, publish
from .base import Action, Situation

__all__ = ["ACTIONS", "Action", "Situation", "carry_out"]

# In the order of the buttons.
ACTIONS = {action.name: action() for action in (*decide.ACTIONS, *publish.ACTIONS)}


def carry_out(action, revision, *, by, words):
    """Do `action` with what it needs of the `words` of the form, whole or not at all; what its `run` returns.

    Raises `workflow.WorkflowError`.
    """
    with transaction.atomic():
        return action.run(revision, by=by, **{name: words[name] for name in action.fields})
