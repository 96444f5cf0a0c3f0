"""Filters and order of the citation report."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.helpers import FilterForm
from articles.core.lint import RULES
from articles.core.parsing.numbers import whole_number
from articles.derived.checks import discrepancies, labels
from articles.models import Article, Check, Episode, Show, SourceIssue, named, with_name

NOBODY, HEARD, DISMISSED = "nobody", "heard", "dismissed"
STATES = [
    ("", gettext_lazy("Any reviewer")),
    (NOBODY, gettext_lazy("Unchecked")),
    (HEARD, gettext_lazy("Confirmed")),
    (DISMISSED, gettext_lazy("Issue dismissed")),
]
SORTS = [
    ("", gettext_lazy("Highest risk")),
    ("moment", gettext_lazy("Episode and timestamp")),
    ("article", gettext_lazy("Article")),
    ("score", gettext_lazy("Lowest score")),
]
_verdict_name = lazy(labels.verdict_name, str)


class ShowField(forms.ModelChoiceField):
    """A choice of a show by its number, as the list sends it, or by its handle, as in an address that somebody typed."""

    def __init__(self):
        label, empty = gettext_lazy("Show"), gettext_lazy("Any show")
        super().__init__(label=label, required=False, queryset=Show.objects.all(), empty_label=empty)

    def prepare_value(self, value):
        return super().prepare_value(self._with_handle(value) or value)

    def to_python(self, value):
        return self._with_handle(value) or super().to_python(value)

    def _with_handle(self, value):
        if not isinstance(value, str) or not value or "\0" in value or whole_number(value) is not None:
            return None
        return self.queryset.filter(handle=value).first()


class ReportForm(FilterForm):
    """Filters and order. A filter by something unknown is ignored, with an error message."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        required=False,
        choices=[("", gettext_lazy("Any verdict")), *((value, _verdict_name(value)) for value in Check.Verdict.values)],
    )
    check = forms.ChoiceField(
        label=gettext_lazy("Issue"),
        required=False,
        choices=[("", gettext_lazy("Any issue")), *((check.code, gettext_lazy(check.title)) for check in RULES)],
    )
    discrepancy = forms.ChoiceField(
        label=gettext_lazy("Not in the recording"),
        required=False,
        choices=[("", gettext_lazy("Any wording")), *discrepancies.KINDS.items()],
    )
    state = forms.ChoiceField(label=gettext_lazy("Review status"), required=False, choices=STATES)
    show = ShowField()
    episode = forms.CharField(
        label=gettext_lazy("Episode"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Episode: address or YouTube id")}),
    )
    article = forms.CharField(
        label=gettext_lazy("Article"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Article: address")}),
    )
    source_issue = forms.ModelChoiceField(
        label=gettext_lazy("Issue"), required=False, queryset=SourceIssue.objects.all(), widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=SORTS)

    def __init__(self, data):
        super().__init__(data, auto_id="report-%s")

    def clean_episode(self):
        given = _last_part(self.cleaned_data["episode"])
        if not given:
            return None
        known = Episode.objects.select_related("show")
        episodes = list(
            _with_pk(known, given) or with_name(known, slug=given)[:2] or known.filter(youtube_id=given[-11:])[:1]
        )
        if not episodes:
            raise forms.ValidationError(
                gettext("No episode has the address or YouTube id “%(given)s”.") % {"given": given}
            )
        if len(episodes) > 1:
            raise forms.ValidationError(
                gettext("Several shows have an episode “%(given)s”. Open the report from the list of episodes.")
                % {"given": given}
            )
        return episodes[0]

    def clean_article(self):
        given = _last_part(self.cleaned_data["article"])
        if not given:
            return None
        published = Article.objects.published().select_related("published_revision")
        article = _with_pk(published, given).first() or named(published, slug=given)
        if article is None:
            raise forms.ValidationError(gettext("No published article has the address “%(given)s”.") % {"given": given})
        return article


class ProblemForm(FilterForm):
    """Filters of the list of problems, under names of their own: the home page has the review queue’s, too."""

    mine = forms.BooleanField(label=gettext_lazy("My articles"), required=False)
    of_show = ShowField()

    def __init__(self, data):
        super().__init__(data, auto_id="problems-%s")


def _with_pk(rows, given):
    key = whole_number(given)
    return rows.none() if key is None else rows.filter(pk=key)


def _last_part(address):
    """The last part of a path or URL, or its YouTube id."""
    return address.split("?v=")[-1].strip().strip("/").rpartition("/")[2]
