"""The actions of the evidence panel: one class each, sent by script or as a plain form.

A button only identifies its claim. Everything else is looked up in the submitted form, and if the text has changed
since the button was rendered, the action is refused.
"""

from django.utils.translation import gettext_lazy

from articles import workflow
from articles.admin.editor import reading
from articles.admin.evidence import mark_edits

from . import judgements, margin, paging, text
from .base import CHANGED, Outcome, Refused

SAVE_FIRST = gettext_lazy(
    "Save the draft first. Confirmations, dismissals, exemptions and comments belong to a saved article."
)
UNKNOWN_BUTTON = gettext_lazy("This button no longer works. Nothing was changed; reload the page.")

ACTIONS = {action.name: action for action in (*text.ACTIONS, *judgements.ACTIONS, *margin.ACTIONS, *paging.ACTIONS)}


def act(form, *, by, is_change):
    """Run the action of the button `_evidence` in `form` and return its `Outcome`.

    For `is_change` see `reading.read`.
    """
    before = reading.read(form, is_change=is_change, editor=by)
    outcome = Outcome(before, lambda: reading.read(form, is_change=is_change, editor=by))
    name, _, rest = form.data.get("_evidence", "").partition(":")
    action = ACTIONS.get(name)
    try:
        if action is None:
            raise Refused(UNKNOWN_BUTTON)
        if action.needs_article and form.article is None:
            raise Refused(SAVE_FIRST)
        outcome.message = action(form, by, outcome).run(*rest.split(":"))
    except (Refused, workflow.WorkflowError) as refusal:
        outcome.message, outcome.is_refused = str(refusal), True
    except (TypeError, ValueError):
        outcome.message, outcome.is_refused = str(UNKNOWN_BUTTON), True
    except mark_edits.TextHasChanged:
        outcome.message, outcome.is_refused = str(CHANGED), True
    else:
        if outcome.reading is before and not action.is_question:
            outcome.read_again()
    return outcome
