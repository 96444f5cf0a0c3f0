"""The pages and the form with which readers suggest a correction, without an account or a cookie."""

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.core.language.newlines import normalise_newlines
from articles.core.timestamps import format_label
from articles.models import Article, Citation, FollowUp, Revision, named
from articles.views.base import published_or_redirect
from articles.views.fields import LimitedEmailField, LimitedTextField
from articles.views.http import client_network, public_page, public_view
from articles.views.http.gone import gone_or_404
from articles.workflow import WorkflowError
from articles.workflow.collaboration import correction_requests

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
    text = LimitedTextField(
        label=gettext_lazy("What is wrong, or how should it read?"),
        min_length=TEXT_MIN,
        max_length=TEXT_MAX,
        error_messages={
            "required": gettext_lazy("Describe what is wrong, or how it should read."),
            "min_length": gettext_lazy("Write at least %(limit_value)d characters."),
        },
        widget=forms.Textarea(attrs={"rows": 7, "aria-describedby": "text-help", "dir": "auto"}),
    )
    address = LimitedEmailField(
        label=gettext_lazy("Email address, if you want to hear the outcome (optional)"),
        required=False,
        max_length=FollowUp._meta.get_field("address").max_length,
        error_messages={
            "invalid": gettext_lazy("This isn’t a complete email address. Correct it, or leave it empty."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "aria-describedby": "address-help", "dir": "ltr"}),
    )
    # A honeypot: hidden from people, filled in by bots.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, claims=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claim"].choices = [*claims, (WHOLE, gettext("Something else"))]
        for name in ("text", "address"):
            del self.fields[name].widget.attrs["maxlength"]  # browsers cut what is pasted without a word
        if not settings.EMAIL_IS_ON:
            del self.fields["address"]

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


# A CSRF cookie would make the page uncacheable, and there is nothing to forge: sending a correction request needs no
# privileges. The signed token proves that the form was loaded from this site.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def correction_request(request, slug):
    return _receive(request, slug) if request.method == "POST" else _form(request, slug)


@public_view(kept_in=None)  # its token has the time
@published_or_redirect()
def _form(request, article):
    revision = article.published_revision
    section, citations = _place(revision, request.GET.get("section", ""))
    claim = next((c.claim for c in citations if c.anchor == request.GET.get("claim")), None)
    first = next((c.anchor for c in citations if c.claim == claim), "")
    form = CorrectionRequestForm(claims=_choices(citations), initial={"token": token_of(revision), "claim": first})
    return _page(article, section, form)


@never_cache
def _receive(request, slug):
    articles = Article.objects.published().select_related("published_revision")
    # A redirect would lose the reader's text.
    article = named(articles, slug=slug) or named(articles, previousslug__slug=slug)
    if article is None:
        return gone_or_404(request)
    # The revision that the reader saw; another one may have been published while they wrote.
    seen = Revision.objects.filter(article=article, pk=revision_in(request.POST.get("token", ""))).first()
    revision = seen or article.published_revision
    section, citations = _place(revision, request.POST.get("section", "").replace("\0", ""))
    data = request.POST.dict()
    data["text"] = normalise_newlines(data.get("text", ""))  # before validating its length
    form = CorrectionRequestForm(data, claims=_choices(citations))
    status = 400
    if form.is_valid():
        claims = {citation.anchor: citation.claim for citation in citations}
        claim = claims.get(form.cleaned_data["claim"], "")
        try:
            correction_request = correction_requests.receive(
                revision,
                form.cleaned_data["text"],
                sender=sender_of(request),
                section=section,
                claim=claim,
                address=form.cleaned_data.get("address", ""),
            )
        except correction_requests.TooMany as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except WorkflowError as refusal:
            form.add_error(None, str(refusal))
        else:
            response = HttpResponseRedirect(correction_request.follow_up.get_absolute_url())
            response.status_code = 303
            return response
    if seen is None:
        form.data = form.data | {"token": token_of(revision)}
    return _page(article, section, form, status=status)


def _place(revision, anchor):
    """Return the section of `revision` with this anchor, or None, and the citations in it (or in the lead)."""
    section = revision.section_set.filter(anchor=anchor).first() if anchor else None
    citations = Citation.objects.filter(revision=revision, section=section).order_by("position")
    return section, list(citations)


def _choices(citations):
    """Return the choices of claims, each once, as (anchor, label with its first timestamp)."""
    by_claim = {}
    for citation in citations:
        by_claim.setdefault(citation.claim, citation)
    return [(c.anchor, f"{format_label(c.start_seconds)} {c.claim}") for c in by_claim.values()]


def _page(article, section, form, *, status=200):
    return public_page(
        "articles/pages/article/correction_request.html",
        status=status,
        article=article,
        title=article.published_revision.title,
        section=section,
        form=form,
        address=reverse("challenge", args=[article.slug]),
        address_days=settings.CORRECTION_ADDRESS_DAYS,
    )
