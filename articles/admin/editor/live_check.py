"""Checks what is typed in the editor, and runs what the evidence panel's buttons do, without saving it."""

import hashlib

from django.conf import settings
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles.admin.editor import evidence_actions, reading
from articles.admin.editor.forms import ArticleForm
from articles.admin.editor.requests import editors_only, refuse
from articles.core.parsing.numbers import whole_number
from articles.models import Article

STATE_LENGTH = 12  # characters of the digest that identifies a rendered group


@editors_only(refuse)
@require_POST
def check(request, *, has_action=False):
    """Check the submitted form; answers with the parts of the screen around the text as HTML. Saves nothing.

    With `has_action`, runs an action of the evidence panel (`_evidence`) first and adds its message; 422 if refused.
    """
    if sum(len(value) for value in request.POST.values()) > settings.PREVIEW_MAX_CHARACTERS * 5:
        return refuse(413, gettext("The text is too long to check while you type. You can still save it."))
    pk = whole_number(request.POST.get("article"))
    article = Article.objects.visible_to(request.user).filter(pk=pk).first()
    form = ArticleForm(request.POST, article=article)
    is_change = form.data.get("is_change") == "1"
    outcome = evidence_actions.act(form, by=request.user, is_change=is_change) if has_action else None
    read = outcome.reading if outcome else reading.read(form, is_change=is_change, editor=request.user)
    pieces = _rendered_groups(read.panel, set(form.data.getlist("evidence_has")))
    context = {"reading": read, "form": form, "outcome": outcome, "pieces": pieces}
    status = 422 if outcome and outcome.is_refused else 200
    return render(request, "admin/articles/editor/live_check.html", context, status=status)


def _rendered_groups(panel, known):
    """Yield the HTML of each group of the panel, or a placeholder if the page already has it (`key:state` in `known`)."""
    for group in panel.groups:
        context = {"group": group, "panel": panel, "can_write": True}
        html = render_to_string("admin/articles/evidence/_group.html", context)
        state = hashlib.sha256(html.encode()).hexdigest()[:STATE_LENGTH]
        key = group.card.evidence_anchor
        if f"{key}:{state}" in known:
            yield format_html('<section data-keyed="{}" data-unchanged></section>', key)
        else:
            yield mark_safe(html.replace('data-known=""', f'data-known="{state}"', 1))  # noqa: S308  (rendered by a template)
