"""The form for correction requests, with its signed token and its keyed sender digest."""

from django import forms
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from .http import client_network

TEXT_MIN, TEXT_MAX = 10, 2000
SECONDS_MIN, SECONDS_MAX = 3, 24 * 3600
SALT = "articles.challenge"
WHOLE = ""  # the choice for no particular claim


def token_of(revision):
    """Return a signed token for a form: which revision the reader saw, and when."""
    return signing.dumps(revision.pk, salt=SALT)


def revision_in(token):
    """Return the primary key of the revision in a token, or None if the token is invalid or too old."""
    try:
        return signing.loads(token, salt=SALT, max_age=SECONDS_MAX)
    except signing.BadSignature:
        return None


def sender_of(request):
    """Return a keyed digest of the request's network address; an IPv6 network (/64) counts as one sender."""
    return salted_hmac(SALT, client_network(request), algorithm="sha256").hexdigest()


class CorrectionRequestForm(forms.Form):
    """`claims` are the choices of citations, as pairs (anchor, claim)."""

    claim = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("This claim isn’t in the section. Choose one of those below.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong, or how should it read?"),
        min_length=TEXT_MIN,
        max_length=TEXT_MAX,
        error_messages={
            "required": gettext_lazy("Describe what is wrong, or how it should read."),
            "min_length": gettext_lazy("Write at least %(limit_value)d characters."),
            "max_length": gettext_lazy("Use at most %(limit_value)d characters (currently %(show_value)d)."),
        },
        widget=forms.Textarea(attrs={"rows": 7, "aria-describedby": "text-help", "dir": "auto"}),
    )
    # A honeypot: hidden from people, filled in by bots.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, claims=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claim"].choices = [*claims, (WHOLE, gettext("Something else"))]

    def clean_website(self):
        if self.cleaned_data["website"]:
            self.data = self.data | {"website": ""}
            raise forms.ValidationError(
                gettext("A hidden field was filled in, as spam bots do. We cleared it; send your suggestion again.")
            )
        return ""

    def clean_token(self):
        token = self.cleaned_data["token"]
        if revision_in(token) is None:
            raise forms.ValidationError(
                gettext("This page was open for more than a day. We refreshed it; send your suggestion again.")
            )
        try:
            signing.loads(token, salt=SALT, max_age=SECONDS_MIN)
        except signing.SignatureExpired:
            return token
        raise forms.ValidationError(
            gettext("That was very quick. Wait a few seconds, then send your suggestion again.")
        )
