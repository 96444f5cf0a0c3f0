"""The form with which a reader suggests a correction, and the one with which a moderator answers it."""

from django import forms
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from .http import client_network

TEXT_MIN, TEXT_MAX = 10, 2000
SECONDS_MIN, SECONDS_MAX = 3, 24 * 3600
SALT = "articles.challenge"
WHOLE = ""  # the choice of no claim in particular


def token_of(revision):
    """What a form carries: which text the reader saw, and since when, signed."""
    return signing.dumps(revision.pk, salt=SALT)


def revision_in(token):
    """The key of the revision in a token, or None where it was not made here or is too old."""
    try:
        return signing.loads(token, salt=SALT, max_age=SECONDS_MAX)
    except signing.BadSignature:
        return None


def sender_of(request):
    """A keyed digest of the address that a request comes from; an IPv6 network (/64) is one sender."""
    return salted_hmac(SALT, client_network(request), algorithm="sha256").hexdigest()


class CorrectionRequestForm(forms.Form):
    """`claims` are the citations among which a reader chooses, as (anchor, claim)."""

    claim = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy("This claim does not stand in the section. Choose one of those below.")
        },
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong, or how should it read?"),
        min_length=TEXT_MIN,
        max_length=TEXT_MAX,
        error_messages={
            "required": gettext_lazy("Write what is wrong, or how it should read."),
            "min_length": gettext_lazy("Say a little more: at least %(limit_value)d characters."),
            "max_length": gettext_lazy("Keep it to %(limit_value)d characters: this has %(show_value)d."),
        },
        widget=forms.Textarea(attrs={"rows": 7, "aria-describedby": "text-help", "dir": "auto"}),
    )
    # People do not see it; programs fill it in.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, claims=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claim"].choices = [*claims, (WHOLE, gettext("Something else"))]

    def clean_website(self):
        if self.cleaned_data["website"]:
            self.data = self.data | {"website": ""}
            raise forms.ValidationError(
                gettext(
                    "A field that nobody sees was filled in, as programs do. It is empty again: press the button "
                    "once more."
                )
            )
        return ""

    def clean_token(self):
        token = self.cleaned_data["token"]
        if revision_in(token) is None:
            raise forms.ValidationError(
                gettext("This page was open for more than a day. It is fresh again: press the button once more.")
            )
        try:
            signing.loads(token, salt=SALT, max_age=SECONDS_MIN)
        except signing.SignatureExpired:
            return token
        raise forms.ValidationError(gettext("That was very quick. Wait a few seconds and press the button once more."))
