"""Forms of the review queue: filters, priority and bulk actions."""

from functools import cache

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.helpers import FilterForm
from articles.core.parsing.numbers import whole_number
from articles.core.revisions.diff import Kind, kind_label
from articles.workflow import name_of
from articles.workflow.collaboration import assigning
from articles.workflow.content.changes import NEW_ARTICLE

from .bulk_actions import ACTIONS

KINDS = [
    ("", gettext_lazy("Any change")),
    (NEW_ARTICLE, gettext_lazy(NEW_ARTICLE)),
    *((kind.value, gettext_lazy(kind_label(kind.value))) for kind in Kind),
]
SORTS = [
    ("", gettext_lazy("Urgent, then highest risk")),
    ("oldest", gettext_lazy("Oldest first")),
    ("newest", gettext_lazy("Newest first")),
    ("due", gettext_lazy("Due date")),
    ("title", gettext_lazy("Title")),
]
SELECTED_MAX = 200


ME, NOBODY, ANOTHER = "me", "nobody", "another"


class AssigneeField(forms.ChoiceField):
    """A reviewer (`user-3`), a group of reviewers (`group-2`), or nobody (empty); cleaned to the object, or None."""

    def __init__(self):
        super().__init__(label=gettext_lazy("Assign to"), required=False)

    def clean(self, value):
        kind, _, key = super().clean(value).partition("-")
        return {"user": assigning.reviewers, "group": assigning.groups}[kind]().get(pk=key) if kind else None


def _assignees():
    """The choices of an `AssigneeField`, when they are needed: two queries."""
    return [
        ("", gettext("Nobody")),
        (gettext("People"), [(f"user-{user.pk}", name_of(user)) for user in assigning.reviewers()]),
        (gettext("Groups"), [(f"group-{group.pk}", group.name) for group in assigning.groups()]),
    ]


def assignee_of(revision):
    """The value of an `AssigneeField` for a revision."""
    if revision.assigned_group_id:
        return f"group-{revision.assigned_group_id}"
    return f"user-{revision.assigned_to_id}" if revision.assigned_to_id else ""


class QueueForm(FilterForm):
    """Filters and order of the queue."""

    q = forms.CharField(
        label=gettext_lazy("Search titles and authors"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Search titles and authors")}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of change"), required=False, choices=KINDS)
    author = forms.ChoiceField(label=gettext_lazy("Author"), required=False)
    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False)
    assigned = forms.ChoiceField(
        label=gettext_lazy("Assigned"),
        required=False,
        choices=[
            ("", gettext_lazy("Assigned or not")),
            (ME, gettext_lazy("Assigned to me")),
            (NOBODY, gettext_lazy("Assigned to nobody")),
        ],
    )
    approvals = forms.ChoiceField(
        label=gettext_lazy("Approvals"),
        required=False,
        choices=[
            ("", gettext_lazy("Any approvals")),
            (ANOTHER, gettext_lazy("Waiting for a second approval")),
            (ME, gettext_lazy("Waiting for my second approval")),
        ],
    )
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    free = forms.BooleanField(label=gettext_lazy("Unclaimed"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=SORTS)

    def __init__(self, data, *, authors, shows, has_rules):
        """`authors` are names, `shows` pairs of (primary key, title).

        If no text needs a second approval (`has_rules`), the filter for them is there only if `data` has it.
        """
        super().__init__(data, auto_id="queue-%s")
        if not has_rules and "approvals" not in data:
            del self.fields["approvals"]
        for field in self.fields.values():
            field.widget.attrs["form"] = "bulk"  # the queue has one form, so that filtering sends what is selected
        self.fields["author"].choices = [("", gettext("Any author")), *((name, name) for name in authors)]
        self.fields["show"].choices = [("", gettext("Any show")), *((str(key), name) for key, name in shows)]


class DueDateForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class PriorityForm(DueDateForm):
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    assignee = AssigneeField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].choices = cache(_assignees)


class BulkForm(DueDateForm):
    """One action on the selected revisions of a page."""

    act = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    assignee = AssigneeField()
    revision = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Select at least one revision.")}
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment for the authors"),
        required=False,
        max_length=5000,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("required to request changes")}),
    )

    def __init__(self, data=None, *, kept=None):
        """`kept` is what was selected and typed before, for a form that isn't submitted."""
        super().__init__(data, auto_id="bulk-%s", initial=kept.dict() if kept else None)
        self.fields["assignee"].choices = cache(_assignees)
        given = (data or kept or QueryDict()).getlist("revision")[:SELECTED_MAX]
        # Whether each one exists and allows the action is checked later, one by one.
        self.fields["revision"].choices = [(key, pk) for pk in given if (key := whole_number(pk)) is not None]

    @property
    def chosen(self):
        """The selected primary keys, even if the form is invalid."""
        return {pk for pk, _ in self.fields["revision"].choices}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == "request_changes" and not cleaned.get("comment"):
            self.add_error("comment", gettext("Give the author a reason."))
        return cleaned
