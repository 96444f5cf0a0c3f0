"""What is asked of the report over the whole site, as it stands in the page's address."""

from django import forms

from articles.inspection import CHECKS
from articles.models import Article, Check, Episode, Show

NOBODY, HEARD, DISMISSED = "nobody", "heard", "dismissed"
STATES = [
    ("", "whoever looked"),
    (NOBODY, "nobody looked yet"),
    (HEARD, "a person heard it"),
    (DISMISSED, "a person dismissed the flag"),
]
SORTS = [
    ("", "risk for readers"),
    ("moment", "episode and moment"),
    ("article", "article"),
    ("score", "least found first"),
]


class ReportForm(forms.Form):
    """Filters and order. An episode or an article that does not exist is left out, and the form says so."""

    verdict = forms.ChoiceField(
        label="Verdict",
        required=False,
        choices=[("", "any verdict"), *((value, value) for value in Check.Verdict.values)],
    )
    check = forms.ChoiceField(
        label="Check", required=False, choices=[("", "any check"), *((check.code, check.title) for check in CHECKS)]
    )
    state = forms.ChoiceField(label="Who looked", required=False, choices=STATES)
    show = forms.ModelChoiceField(label="Show", required=False, queryset=Show.objects.all(), empty_label="any show")
    episode = forms.CharField(
        label="Episode",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "episode: address or YouTube id"}),
    )
    article = forms.CharField(
        label="Article",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "article: address"}),
    )
    sort = forms.ChoiceField(label="Order", required=False, choices=SORTS)

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
            raise forms.ValidationError(f"No episode has the address or YouTube id “{given}”.")
        if len(found) > 1:
            raise forms.ValidationError(f"Several shows have an episode “{given}”: open it from the list of episodes.")
        return found[0]

    def clean_article(self):
        given = _last_part(self.cleaned_data["article"])
        if not given:
            return None
        published = Article.objects.published().select_related("published_revision")
        by_number = published.filter(pk=int(given)) if given.isdecimal() and len(given) < 10 else published.none()
        found = by_number.first() or published.filter(slug=given).first()
        if found is None:
            raise forms.ValidationError(f"No published article has the address “{given}”.")
        return found

    @property
    def wanted(self):
        """What was asked for and is understood: {field: value}, without what was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _last_part(address):
    """The last part of an address, whole addresses included."""
    return address.split("?v=")[-1].strip().strip("/").rpartition("/")[2]
