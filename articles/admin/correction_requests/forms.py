"""The form for answering a correction request."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.core.markdown import visible_links
from articles.models import CorrectionRequest, FollowUp


class AnswerForm(forms.Form):
    """`revisions` are those that can contain the correction, `alike` the other open requests about the same claim."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (CorrectionRequest.Outcome.STANDS, gettext_lazy("No change needed")),
            (CorrectionRequest.Outcome.CORRECTED, gettext_lazy("Corrected")),
            (CorrectionRequest.Outcome.SPAM, gettext_lazy("Spam")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an outcome.")},
    )
    corrected_in = forms.ModelChoiceField(
        label=gettext_lazy("Corrected in"), queryset=None, required=False, empty_label=gettext_lazy("No revision")
    )
    answer = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees the reason"),
        choices=FollowUp.Audience.choices,
        initial=FollowUp.Audience.READER,
        required=False,  # a form of the release before has none
        widget=forms.RadioSelect,
    )
    together = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Answer these requests about the same claim, too"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy(
                "One of these requests has been answered meanwhile. Check what is left of them."
            )
        },
    )

    def clean_audience(self):
        return self.cleaned_data["audience"] or FollowUp.Audience.TEAM

    def __init__(self, *args, revisions, alike, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["together"].queryset = alike
        self.fields["together"].label_from_instance = lambda correction_request: visible_links(correction_request.text)
        self.fields["corrected_in"].queryset = revisions
        self.fields["corrected_in"].label_from_instance = lambda revision: (
            (gettext("revision %(number)s") % {"number": revision.number})
            + (f": {revision.shown_note}" if revision.public_note else "")
        )
