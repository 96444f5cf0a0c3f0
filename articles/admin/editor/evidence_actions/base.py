"""The base class of the evidence panel's actions, and their outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from articles.admin.editor import reading
from articles.admin.editor.writing import transcript_search
from articles.core.language.newlines import normalise_newlines

CHANGED = gettext_lazy("The text has changed in the meantime. Nothing was changed; check this place again.")


class Refused(Exception):
    """The action isn't carried out; the message says why."""


@dataclass
class Outcome:
    """The result of an action: the form's text as it reads now, a message, and the results of a search.

    `anchor` is the id of the element to jump to.
    """

    reading: reading.Reading
    read: Callable[[], reading.Reading]
    message: str = ""
    is_refused: bool = False
    anchor: str = ""
    results: transcript_search.Results | None = None

    def read_again(self):
        self.reading = self.read()


class EvidenceAction:
    """A button whose value is `name` and the arguments of `run`, joined by colons.

    `needs_article` is set if the result is stored with the article, which must have been saved before; `is_question` if
    the action changes nothing.
    """

    name = ""
    permission = "articles.change_revision"
    needs_article = is_question = False

    def __init__(self, form, by, outcome):
        self.form, self.article, self.by = form, form.article, by
        self.outcome = outcome
        self.panel = outcome.reading.panel

    def run(self, *arguments):
        """Run the action and return its message.

        Raises `Refused`, `mark_edits.TextHasChanged` or `workflow.WorkflowError`.
        """
        raise NotImplementedError

    def item(self, name, key, kind):
        """The panel's item with the id `name`, if it is still the one that the button was rendered for."""
        for item in [*self.panel.items, *self.panel.source_issues]:
            if item.id == name and isinstance(item, kind) and item.key == key:
                self.outcome.anchor = name
                return item
        raise Refused(CHANGED)

    def write(self, edit):
        """Apply `edit` to the form and return its message. Refuses if the edit is no longer suggested (None)."""
        if edit is None:
            raise Refused(CHANGED)
        text = normalise_newlines(self.form.data.get(edit.name, ""))
        self.form.write(edit.name, edit.apply(text))
        return edit.message
