"""What every action of the column beside the text is, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from articles.admin.editor import reading, transcript_search
from articles.core.language.newlines import normalise_newlines

CHANGED = gettext_lazy("The text has changed since: look at this place again. Nothing was done.")


class Refused(Exception):
    """What was asked for is not done; the message says why."""


@dataclass
class Outcome:
    """What came of a click: the form's text as it reads now, in words what was done, and what was found."""

    reading: reading.Reading
    read: Callable[[], reading.Reading]
    said: str = ""
    is_refused: bool = False
    anchor: str = ""
    results: transcript_search.Results | None = None

    def read_again(self):
        self.reading = self.read()


class EvidenceAction:
    """A button. Its value is `name` and the arguments of `run`, with colons between them.

    `needs_article`: what it says is kept with the article, which must have been saved for that. `is_question`: nothing
    reads differently after it.
    """

    name = ""
    permission = "articles.change_revision"
    needs_article = is_question = False

    def __init__(self, form, by, outcome):
        self.form, self.article, self.by = form, form.article, by
        self.outcome = outcome
        self.beside = outcome.reading.beside

    def run(self, *arguments):
        """Do it; what is said afterwards. Raises `Refused`, `edits.TextHasChanged` or `workflow.WorkflowError`."""
        raise NotImplementedError

    def item(self, name, key, kind):
        """The item of the column with this id, if it still is what the button was about."""
        for one in self.beside.items:
            if one.id == name and isinstance(one, kind) and one.key == key:
                self.outcome.anchor = name
                return one
        raise Refused(CHANGED)

    def write(self, edit):
        """Make `edit` in the form."""
        text = normalise_newlines(self.form.data.get(edit.name, ""))
        self.form.write(edit.name, edit.apply(text))
        return edit.said
