"""What is asked of the report over the whole site, as it stands in the page's address."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.core.lint import RULES
from articles.models import Article, Check, Episode, Show

NOBODY, HEARD, DISMISSED = "nobody", "heard", "dismissed"
STATES = [
    ("", gettext_lazy("whoever looked")),
    (NOBODY, gettext_lazy("nobody looked yet")),
    (HEARD, gettext_lazy("a person heard it")),
    (DISMISSED, gettext_lazy("a person dismissed the flag")),
]
SORTS = [
    ("", gettext_lazy("risk for readers")),
    ("moment", gettext_lazy("episode and moment")),
    ("article", gettext_lazy("article")),
    ("score", gettext_lazy("least found first")),
]


class ReportForm(forms.Form):
    """Filters and order. An episode or an article that does not exist is left out, and the form says so."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        required=False,
        choices=[("", gettext_lazy("any verdict")), *((value, gettext_lazy(value)) for value in Check.Verdict.values)],
    )
    check = forms.ChoiceField(
        label=gettext_lazy("Check"),
        required=False,
        choices=[("", gettext_lazy("any check")), *((check.code, gettext_lazy(check.title)) for check in RULES)],
    )
    state = forms.ChoiceField(label=gettext_lazy("Who looked"), required=False, choices=STATES)
    show = forms.ModelChoiceField(
        label=gettext_lazy("Show"), required=False, queryset=Show.objects.all(), empty_label=gettext_lazy("any show")
    )
    episode = forms.CharField(
        label=gettext_lazy("Episode"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("episode: address or YouTube id")}),
    )
    article = forms.CharField(
        label=gettext_lazy("Article"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("article: address")}),
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=SORTS)

    def __init__(self, data):
        super().__init__(data, auto_id="report-%s")

    def clean_episode(self):
        given = _last_part(self.cleaned_data["episode"])
        if not given:
            return None
        known = Episode.objects.select_related("show")
        by_number = known.filter(pk=int(given)) if given.isdecimal() and len(given) < 10 else known.none()
        found = list(by_number or known.filter(slug=given)[:2] or known.filter(youtube_id=given[-11:])[:1])
        if not found:
            raise forms.ValidationError(
                gettext("No episode has the address or YouTube id “%(given)s”.") % {"given": given}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                gettext("Several shows have an episode “%(given)s”: open it from the list of episodes.")
                % {"given": given}
            )
        return found[0]

    def clean_article(self):
        given = _last_part(self.cleaned_data["article"])
        if not given:
            return None
        published = Article.objects.published().select_related("published_revision")
        by_number = published.filter(pk=int(given)) if given.isdecimal() and len(given) < 10 else published.none()
        found = by_number.first() or published.filter(slug=given).first()
        if found is None:
            raise forms.ValidationError(gettext("No published article has the address “%(given)s”.") % {"given": given})
        return found

    @property
    def wanted(self):
        """What was asked for and is understood: {field: value}, without what was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _last_part(address):
    """The last part of an address, whole addresses included."""
    return address.split("?v=")[-1].strip().strip("/").rpartition("/")[2]
