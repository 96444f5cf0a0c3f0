"""The actions of the review page, one class each, registered under the value that its button sends."""

from . import decide, publish
from .base import Situation

# In the order of the buttons.
ACTIONS = {action.name: action() for action in (*decide.ACTIONS, *publish.ACTIONS)}
