"""Forms that assign topics: to one article on its own page, to several from the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Topic


class TopicsField(forms.ModelMultipleChoiceField):
    """Any number of topics, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(Topic.objects.all(), **kwargs)


class FilingForm(forms.Form):
    """The topics of one article; `seen` are those it had when the form was shown."""

    topics = TopicsField(required=False, label=_("Topics"))
    seen = TopicsField(required=False, widget=forms.MultipleHiddenInput)

    @classmethod
    def of(cls, article):
        """The form with the article's current topics checked."""
        topics = [topic.pk for topic in article.topics.all()]
        return cls(initial={"topics": topics, "seen": topics}, auto_id="filing-%s")


class BulkFilingForm(forms.Form):
    """Adds topics to several articles, or removes topics from them."""

    act = forms.ChoiceField(
        label=_("Action"),
        choices=[("add", _("Add topics")), ("remove", _("Remove topics"))],
        initial="add",
        widget=forms.RadioSelect,
    )
    topics = TopicsField(label=_("Topics"), error_messages={"required": _("Choose at least one topic.")})
