"""The forms that file articles under topics: one article on its own screen, several from the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Topic


class TopicsField(forms.ModelMultipleChoiceField):
    """Any number of topics, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(Topic.objects.all(), **kwargs)


class FilingForm(forms.Form):
    """The topics of one article; `seen` are those that it was filed under when the form was shown."""

    topics = TopicsField(required=False, label=_("Topics"))
    seen = TopicsField(required=False, widget=forms.MultipleHiddenInput)

    @classmethod
    def of(cls, article):
        """The form for `article` as it is filed now."""
        topics = [topic.pk for topic in article.topics.all()]
        return cls(initial={"topics": topics, "seen": topics}, auto_id="filing-%s")


class BulkFilingForm(forms.Form):
    """What becomes of several articles: filed under topics as well, or no longer under them."""

    act = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[("add", _("File them under these topics, too")), ("remove", _("File them under these no longer"))],
        initial="add",
        widget=forms.RadioSelect,
    )
    topics = TopicsField(label=_("Topics"), error_messages={"required": _("Tick at least one topic.")})
