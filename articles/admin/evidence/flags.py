"""What the deterministic checks flag in a text, as the column beside it shows and dismisses it."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext

from articles.core import lint
from articles.derived.i18n import translate
from articles.models import Dismissal

from .claims import KEY_LENGTH
from .edits import Edit
from .locations import Place


@dataclass(frozen=True)
class ShownIssue:
    """One flag at its place; `edit` is its repair. A dismissed one is kept, folded."""

    id: str
    key: str
    place: Place
    flag: lint.Issue
    edit: Edit | None
    dismissal: Dismissal | None

    @property
    def is_flagged(self):
        return self.dismissal is None

    reasons = [choice for choice in Dismissal.Reason.choices if choice[0] != Dismissal.Reason.HEARD]


def issues(text, parts, dismissals):
    """A `Flagged` for each flag of each part: a list per part, in the order of the text."""
    standing = {(one.code, one.subject): one for one in dismissals}
    found = [[] for _ in parts]
    for flag in lint.find_issues(text, off=getattr(settings, "INSPECTION_OFF", ())):
        part = parts[flag.part]
        field = part.fields[flag.field]
        place = Place(part.card.anchor, field, part.card.heading, flag.offset, flag.length, flag.line, flag.column)
        edit = None
        if repair := flag.repair:
            said = (
                gettext("%(written)s is now %(replacement)s.")
                % {"written": repair.written, "replacement": repair.replacement}
                if repair.replacement
                else gettext("Mended.")
            )
            edit = Edit(field, repair.offset, repair.written, repair.replacement, said)
        found[flag.part].append(
            ShownIssue(
                id=f"f-{flag.code}-{field}-{flag.offset}",
                key=flag.subject[:KEY_LENGTH],
                place=place,
                flag=_in_words(flag),
                edit=edit,
                dismissal=standing.get((flag.code, flag.subject)),
            )
        )
    return found


def _in_words(flag):
    """The flag as it is told here."""
    repair = flag.repair and replace(flag.repair, label=translate(flag.repair.label))
    return replace(flag, message=translate(flag.message), repair=repair)
