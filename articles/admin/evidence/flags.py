"""The lint issues of a text, as the evidence panel shows and dismisses them."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext

from articles.core import lint
from articles.derived.i18n import translate
from articles.derived.texts.slugs import existing_slugs
from articles.models import Dismissal

from .claims import KEY_LENGTH, Place, place_in
from .mark_edits import Edit

TOPIC = "chapter-topic"


@dataclass(frozen=True)
class ShownIssue:
    """A lint issue at its place. `edit` applies its repair, on a button named `repair`; `dismissal` is set if it was dismissed."""

    id: str
    key: str
    place: Place
    flag: lint.Issue
    edit: Edit | None
    repair: str
    dismissal: Dismissal | None
    explained_by: str = ""  # the id of the issue of all citations of the recording that explains this one

    @property
    def is_flagged(self):
        return self.dismissal is None and not self.explained_by

    @property
    def moment(self):
        """How lists call the issue: its mark as written."""
        return self.flag.text

    @property
    def text(self):
        return self.flag.claim or self.flag.text

    reasons = [choice for choice in Dismissal.Reason.choices if choice[0] != Dismissal.Reason.HEARD]


def issues(text, parts, dismissals):
    """Return a list of `ShownIssue`s for each of `parts`, in the order of the text."""
    dismissed = {(dismissal.code, dismissal.subject): dismissal for dismissal in dismissals}
    issues_by_part = [[] for _ in parts]
    for flag in _linked(lint.find_issues(text, off=settings.INSPECTION_OFF)):
        part = parts[flag.part]
        field = part.fields[flag.field]
        edit = None
        repair = flag.repair
        if repair:
            message = (
                gettext("%(written)s is now %(replacement)s.")
                % {"written": repair.written, "replacement": repair.replacement}
                if repair.replacement
                else gettext("Fixed.")
            )
            edit = Edit(field, repair.offset, repair.written, repair.replacement, message)
        issues_by_part[flag.part].append(
            ShownIssue(
                id=f"f-{flag.code}-{field}-{flag.offset}",
                key=flag.subject[:KEY_LENGTH],
                place=place_in(part, field, flag.offset, flag.length, flag.line, flag.column),
                flag=replace(flag, message=translate(flag.message)),
                edit=edit,
                repair=translate(repair.label) if repair else "",
                dismissal=dismissed.get((flag.code, flag.subject)),
            )
        )
    return issues_by_part


def with_moves(issues_by_part, claims):
    """Return the issues; one about a chapter’s title gets the edit that moves its citation to the chapter that fits best.

    `claims` are those of the text. A mark of several moments has none: its claims have suggestions of their own. Nor has
    one of whose moments none is likely.
    """
    likely = [claim for claim in claims if claim.has_likely_suggestions]
    best = {(claim.place.field, claim.place.offset): claim.suggestions[0] for claim in likely}

    def moved(issue):
        suggestion = best.get((issue.place.field, issue.place.offset)) if issue.flag.code == TOPIC else None
        if suggestion is None or suggestion.edit.written != issue.flag.text:
            return issue
        return replace(issue, edit=suggestion.edit, repair=gettext("Move to %(moment)s") % {"moment": suggestion.label})

    return [[moved(issue) for issue in of_part] for of_part in issues_by_part]


def _linked(found):
    """Return the issues; a link to a file or page beside the text gets a repair if an article has that name."""
    meant = [lint.article_meant(issue) for issue in found]
    slugs = existing_slugs({slug for slug, _ in filter(None, meant)}) if any(meant) else {}
    return [
        lint.link_to_article(issue, slugs[article[0]], article[1]) if article and article[0] in slugs else issue
        for issue, article in zip(found, meant, strict=True)
    ]
