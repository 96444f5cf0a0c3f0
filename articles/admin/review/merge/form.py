"""The form for resolving the conflicts between a revision and the published text."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.helpers import typed
from articles.core.language.newlines import normalise_newlines
from articles.core.markdown import plain_heading
from articles.core.revisions import diff, merge
from articles.importing.images import Intake, with_own_images
from articles.models import Revision, Section
from articles.views.diff import runs_to_show

OURS, THEIRS, OWN = "ours", "theirs", "own"
WRITTEN = {"title", "slug", "lead", "heading", "body"}  # where new text can replace both sides

PLACES = {
    "title": gettext_lazy("Title"),
    "slug": gettext_lazy("Address"),
    "notice": gettext_lazy("Notice"),
    "language": gettext_lazy("Language"),
    "source": gettext_lazy("Source %(name)s"),
    "source order": gettext_lazy("Order of the sources"),
    "lead": gettext_lazy("Introduction"),
    "section": gettext_lazy("Whole section “%(name)s”"),
    "section order": gettext_lazy("Order of the sections"),
    "heading": gettext_lazy("Heading of “%(name)s”"),
    "level": gettext_lazy("Level of “%(name)s” in the outline"),
    "body": gettext_lazy("Text of “%(name)s”"),
}


@dataclass(frozen=True)
class Row:
    """A conflict as shown in the form; `ours` and `theirs` are runs that compare each side with the common base."""

    conflict: merge.Conflict
    place: str
    choice: forms.BoundField
    own: forms.BoundField | None
    ours: tuple
    theirs: tuple


class MergeForm(forms.Form):
    """A choice for each conflict: a side, or new text. Nothing is preselected.

    `onto` and `version` are the published revision and the version of the draft that the page showed.
    """

    onto = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, conflicts=(), **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.conflicts = conflicts
        for conflict in conflicts:
            sides = [(OURS, OURS), (THEIRS, THEIRS)]
            if conflict.place in WRITTEN:
                sides.append((OWN, OWN))
                self.fields[f"own-{conflict.id}"] = _own_field(conflict)
            self.fields[f"choice-{conflict.id}"] = forms.ChoiceField(
                choices=sides,
                error_messages={
                    "required": gettext("Choose a side, or write new text.")
                    if conflict.place in WRITTEN
                    else gettext("Choose a side.")
                },
            )

    def clean(self):
        cleaned = super().clean()
        for conflict in self.conflicts:
            name = f"own-{conflict.id}"
            is_own = cleaned.get(f"choice-{conflict.id}") == OWN
            if is_own and conflict.place not in {"lead", "body"} and name not in self.errors and not cleaned.get(name):
                self.add_error(name, gettext("Write the new text."))
            if not is_own and name in self.errors:
                del self.errors[name]  # errors in a text that isn't chosen don't matter
            if f"choice-{conflict.id}" in cleaned and not is_own and self._is_written(name):
                self.add_error(
                    f"choice-{conflict.id}",
                    gettext("You wrote new text, but chose a side. Choose “Write new text”, or clear its field."),
                )
        return cleaned

    def _is_written(self, name):
        """Whether the field `name` for new text was changed and isn't empty."""
        field = self.fields.get(name)
        text = normalise_newlines(self.data.get(name, "")).strip()
        return field is not None and text not in {"", normalise_newlines(field.initial).strip()}

    def store_images(self, *, by):
        """Replace images from elsewhere with uploads; return the reasons why some weren't stored."""
        intake, refused = Intake(by), []
        for conflict in self.conflicts:
            name = f"own-{conflict.id}"
            if self.cleaned_data[f"choice-{conflict.id}"] == OWN and conflict.place in {"lead", "heading", "body"}:
                longest = self.fields[name].max_length
                self.cleaned_data[name], reasons = with_own_images(self.cleaned_data[name], intake, longest=longest)
                refused += reasons
        return list(dict.fromkeys(refused))

    @property
    def choices(self):
        """The choices for `workflow.rebase`, by the conflicts' ids."""
        chosen = {}
        for conflict in self.conflicts:
            side = self.cleaned_data[f"choice-{conflict.id}"]
            if side == OWN:
                side = merge.Written(_in_place(self.cleaned_data[f"own-{conflict.id}"], conflict))
            chosen[conflict.id] = side
        return chosen

    def rows(self):
        for conflict in self.conflicts:
            name = f"own-{conflict.id}"
            yield Row(
                conflict,
                PLACES[conflict.place] % {"name": plain_heading(conflict.name) or gettext("Untitled")},
                self[f"choice-{conflict.id}"],
                self[name] if name in self.fields else None,
                _runs(conflict, conflict.ours),
                _runs(conflict, conflict.theirs),
            )


def merge_form(revision, outdated):
    """The unbound form for `outdated`, which has the published revision and the conflicts."""
    return MergeForm(conflicts=outdated.conflicts, initial={"onto": outdated.published.pk, "version": revision.version})


def lost_texts(data, conflicts):
    """Return the texts in `data` that were written for conflicts other than `conflicts`, so that no field has them."""
    known = {conflict.id for conflict in conflicts}
    chosen = [name.removeprefix("choice-") for name, side in data.items() if name.startswith("choice-") and side == OWN]
    return [text for key in chosen if key not in known and (text := typed(data, f"own-{key}"))]


def _own_field(conflict):
    initial = (conflict.ours or conflict.theirs or "").strip()
    if conflict.place == "slug":
        maximum = Revision._meta.get_field("slug").max_length
        return forms.SlugField(required=False, allow_unicode=True, max_length=maximum, initial=initial)
    if conflict.place in {"title", "heading"}:
        model = Revision if conflict.place == "title" else Section
        maximum = model._meta.get_field(conflict.place).max_length
        return forms.CharField(required=False, max_length=maximum, initial=initial)
    return forms.CharField(required=False, initial=initial, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


def _in_place(text, conflict):
    """`text` with the blank lines that surround it in the place; an empty text stays empty."""
    core = normalise_newlines(text).strip()
    side = conflict.ours or conflict.theirs or ""
    if not core or conflict.place not in {"lead", "body"} or not side.strip():
        return core
    start = side.index(side.strip())
    return side[:start] + core + side[start + len(side.strip()) :]


def _runs(conflict, side):
    """Runs that compare `side` with the common base, if they are text; () if the side was removed."""
    if side is None:
        return ()
    if conflict.place not in WRITTEN or conflict.base is None:
        return tuple(runs_to_show([diff.Run("equal", side)]))
    return tuple(runs_to_show(diff.runs_between(conflict.base, side)))
