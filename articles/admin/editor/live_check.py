"""What the editor's screen asks about the whole form: how it stands as it is, and what comes of a click beside it."""

import hashlib

from django.conf import settings
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles.models import Article

from . import evidence_actions
from . import reading as editor
from .forms import ArticleForm
from .preview import editors_only, refuse

STATE_LENGTH = 12


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
    outcome = evidence_actions.act(request.POST, _article(request), request.user, is_change=is_change)
    return _checked(request, outcome.data, outcome)


def _checked(request, data, outcome=None):
    form = ArticleForm(data, article=_article(request))
    reading = editor.read(form, is_change=data.get("is_change") == "1", wanted=evidence_actions.wanted_of(data))
    pieces = _pieces(reading.beside, set(data.getlist("evidence_has")))
    context = {"reading": reading, "form": form, "outcome": outcome, "pieces": pieces}
    status = 422 if outcome and outcome.is_refused else 200
    return render(request, "admin/articles/editor/live_check.html", context, status=status)


def _pieces(beside, has):
    """What stands beside each part; of a long text, only what the page does not have already, as `key:state`."""
    for group in beside.groups:
        context = {"group": group, "beside": beside, "can_write": True}
        html = render_to_string("admin/articles/evidence/_group.html", context)
        state = hashlib.sha256(html.encode()).hexdigest()[:STATE_LENGTH]
        key = group.card.evidence_anchor
        if f"{key}:{state}" in has:
            yield format_html('<section data-keyed="{}" data-unchanged></section>', key)
        else:
            yield mark_safe(html.replace('data-known=""', f'data-known="{state}"', 1))  # noqa: S308  (a template's)


def _article(request):
    pk = request.POST.get("article", "")
    return Article.objects.visible_to(request.user).filter(pk=pk).first() if pk.isdecimal() else None


def _too_long(request):
    if sum(len(value) for value in request.POST.values()) > settings.PREVIEW_MAX_CHARACTERS * 5:
        return refuse(413, gettext("The text is too long to be checked while you type. It can be saved."))
    return None
