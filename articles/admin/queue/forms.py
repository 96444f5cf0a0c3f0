"""The forms of the desk: what is shown of the queue, and what is decided of several revisions at once."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.core.diff import Kind
from articles.workflow.changes import NEW_ARTICLE

from .bulk_actions import ACTIONS

KINDS = [
    ("", gettext_lazy("any kind of change")),
    (NEW_ARTICLE, gettext_lazy(NEW_ARTICLE)),
    *((kind.value, gettext_lazy(kind.value)) for kind in Kind),
]
SORTS = [
    ("", gettext_lazy("urgent, then riskiest")),
    ("oldest", gettext_lazy("waiting longest")),
    ("newest", gettext_lazy("submitted last")),
    ("due", gettext_lazy("due first")),
    ("title", gettext_lazy("title")),
]
SELECTED_MAX = 200


class QueueForm(forms.Form):
    """Filters and order of the queue, as they stand in the page's address."""

    q = forms.CharField(
        label=gettext_lazy("Search titles and authors"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Search titles and authors")}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of change"), required=False, choices=KINDS)
    author = forms.ChoiceField(label=gettext_lazy("Author"), required=False)
    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)
    free = forms.BooleanField(label=gettext_lazy("nobody is looking at it"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=SORTS)

    def __init__(self, data, *, authors, shows):
        """`authors` are names, `shows` pairs of a key and a title."""
        super().__init__(data, auto_id="queue-%s")
        self.fields["author"].choices = [("", gettext("any author")), *((name, name) for name in authors)]
        self.fields["show"].choices = [("", gettext("any show")), *((str(key), name) for key, name in shows)]

    @property
    def wanted(self):
        """What was asked for and is understood: {field: value}, without what was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PriorityForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)


class BulkForm(forms.Form):
    """One act on the chosen revisions of a page."""

    act = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    revision = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Choose revisions first: tick the boxes beside them.")}
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment to the authors"),
        required=False,
        max_length=5000,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("needed to request changes")}),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="bulk-%s")
        given = data.getlist("revision")[:SELECTED_MAX] if data else []
        # Which of them exist and what may be done with them is found out one by one.
        self.fields["revision"].choices = [(int(pk), pk) for pk in given if pk.isdecimal() and len(pk) < 19]

    @property
    def chosen(self):
        """The keys that were ticked, also where the form was refused."""
        return {pk for pk, _ in self.fields["revision"].choices}

    def clean(self):
        cleaned = super().clean()
        required = ACTIONS[cleaned["act"]].required if cleaned.get("act") else {}
        for name, message in required.items():
            if not cleaned.get(name):
                self.add_error(name, message)
        return cleaned
