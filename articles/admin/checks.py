"""What the editor's screen asks about the whole form: how it stands as it is, and what comes of a click beside it."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_POST

from articles.admin import claims, editor
from articles.admin.previews import editors_only, refuse
from articles.forms import ArticleForm
from articles.models import Article


@editors_only(refuse)
@require_POST
def check(request):
    """The whole form, checked: the parts of the screen beside the text, as one HTML fragment. Nothing is written."""
    return _too_long(request) or _checked(request, request.POST)


@editors_only(refuse)
@require_POST
def act(request):
    """The same after a click beside the text (`_evidence`), with what came of it in words; 422: why nothing did."""
    if refusal := _too_long(request):
        return refusal
    is_change = request.POST.get("is_change") == "1"
    outcome = claims.act(request.POST, _article(request), request.user, is_change=is_change)
    return _checked(request, outcome.data, outcome)


def _checked(request, data, outcome=None):
    form = ArticleForm(data, article=_article(request))
    reading = editor.read(form, is_change=data.get("is_change") == "1", wanted=claims.wanted_of(data))
    context = {"reading": reading, "form": form, "outcome": outcome}
    status = 422 if outcome and outcome.is_refused else 200
    return render(request, "admin/articles/editor/checked.html", context, status=status)


def _article(request):
    pk = request.POST.get("article", "")
    return Article.objects.visible_to(request.user).filter(pk=pk).first() if pk.isdecimal() else None


def _too_long(request):
    if sum(len(value) for value in request.POST.values()) > settings.PREVIEW_MAX_CHARACTERS * 5:
        return refuse(413, "The text is too long to be checked while you type. It can be saved.")
    return None
