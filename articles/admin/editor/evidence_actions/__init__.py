"""The actions of the column beside the text: a class for each, clicked by script or sent as a plain form.

What an action is about is looked up in the form as it was sent: nothing is taken from the button but which claim it
belongs to, and if the text has changed since, nothing is done.
"""

from django.utils.translation import gettext_lazy

from articles import workflow
from articles.admin.editor import reading
from articles.admin.evidence import edits

from . import statements, text
from .base import CHANGED, Outcome, Refused

__all__ = ["ACTIONS", "act"]

SAVE_FIRST = gettext_lazy("Save the draft first: what is said of a claim is kept with the article.")
MISREAD = gettext_lazy("This button is not known any more: load the page anew. Nothing was done.")

ACTIONS = {action.name: action for action in (*text.ACTIONS, *statements.ACTIONS)}


def act(form, *, by, is_change):
    """Do what the button `_evidence` of `form` says; the `Outcome`. `is_change` is that of `reading.read`."""
    before = reading.read(form, is_change=is_change)
    outcome = Outcome(before, lambda: reading.read(form, is_change=is_change))
    name, _, rest = form.data.get("_evidence", "").partition(":")
    action = ACTIONS.get(name)
    try:
        if action is None:
            raise Refused(MISREAD)
        if action.needs_article and form.article is None:
            raise Refused(SAVE_FIRST)
        outcome.said = action(form, by, outcome).run(*rest.split(":"))
    except (Refused, workflow.WorkflowError) as refusal:
        outcome.said, outcome.is_refused = str(refusal), True
    except (TypeError, ValueError):
        outcome.said, outcome.is_refused = str(MISREAD), True
    except edits.TextHasChanged:
        outcome.said, outcome.is_refused = str(CHANGED), True
    else:
        if outcome.reading is before and not action.is_question:
            outcome.read_again()
    return outcome
