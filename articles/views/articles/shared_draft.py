"""A text that isn't published, for somebody without an account who got a link to it, and their comments."""

from django import forms
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.core.language.newlines import normalise_newlines
from articles.derived.pages.context import page_context
from articles.models import GuestComment
from articles.views.correction_requests.requests import sender_of
from articles.views.fields import LimitedTextField
from articles.views.http import public_page
from articles.workflow import WorkflowError
from articles.workflow.collaboration import sharing

TEXT_MAX = 5000


class GuestCommentForm(forms.Form):
    name = LimitedTextField(
        label=gettext_lazy("Your name"),
        max_length=GuestComment._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Say who you are."),
        },
    )
    text = LimitedTextField(
        label=gettext_lazy("Your comment"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Write a comment."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            del field.widget.attrs["maxlength"]  # browsers cut what is pasted without a word

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


# There is no cookie that somebody could misuse; the token is what lets a guest comment.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared_draft(request, token):
    link = sharing.link_of(token)
    if link is None:
        response = _ended(404)
    elif not sharing.works(link) or not hasattr(link.revision, "rendering"):
        response = _ended(410, link, _typed(request))
    elif request.method == "POST":
        response = _comment(request, link, token)
    else:
        if request.method == "GET":
            sharing.count_opening(link)
        response = _page(link, token, GuestCommentForm())
    # The address opens the text, so it is told to nobody: neither to search engines nor by links.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _comment(request, link, token):
    data = request.POST.dict()
    data["text"] = normalise_newlines(data.get("text", ""))  # before validating its length
    form, status = GuestCommentForm(data), 400
    if form.is_valid():
        try:
            stored = sharing.comment(link, sender=sender_of(request), **form.cleaned_data)
        except sharing.TooMany as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except WorkflowError as refusal:
            if not sharing.works(link):  # it has ended just now
                return _ended(410, link, _typed(request))
            form.add_error(None, str(refusal))
            status = 403
        else:
            response = HttpResponseRedirect(f"{reverse('shared_draft', args=[token])}#comment-{stored.pk}")
            response.status_code = 303
            return response
    return _page(link, token, form, status=status)


def _page(link, token, form, *, status=200):
    revision = link.revision
    return public_page(
        "articles/pages/shared_draft.html",
        status=status,
        # As in an earlier text: what a recording's transcript may be quoted is counted for what is public.
        **page_context(revision, has_excerpts=False),
        link=link,
        comments=link.comments.filter(deleted_at=None) if link.allows_comments else (),
        form=form if link.allows_comments else None,
        address=reverse("shared_draft", args=[token]),
    )


def _typed(request):
    """The comment that was sent to a link that takes none any longer, for its writer to copy."""
    return normalise_newlines(request.POST.get("text", ""))[:TEXT_MAX]


def _ended(status, link=None, typed=""):
    """Say that there is nothing to read, and nothing of what there was, unless it has been published since."""
    article = link.revision.article if link else None
    is_public = article is not None and article.published_revision_id == link.revision_id
    return public_page(
        "articles/pages/shared_draft_ended.html",
        status=status,
        article=article if is_public else None,
        is_known=link is not None,
        typed=typed,
    )
