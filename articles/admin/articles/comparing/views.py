"""The pages that compare any two texts of an article, and say who wrote each sentence of one."""

from django.core.paginator import Paginator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.articles.history.views import article_page, editable_article

from . import texts
from .blame import TextBlame

VIEWS = ("unified", "side")
SENTENCES_PER_PAGE = 400


@require_safe
@never_cache
def compare(request, pk):
    """Compare `?old=` and `?new=`, shown as `?view=`; without a view, side by side where the window is wide enough."""
    article = editable_article(request, pk)
    old, new = texts.pair(article, request.user, request.GET)
    erased = [text for text in (old, new) if text.is_erased]
    shown, lacking = (None, []) if erased or old == new else texts.compare(old, new)
    groups, is_cut = texts.choices(article, request.user, old, new)
    view = request.GET.get("view")
    return article_page(
        request,
        "comparing/compare",
        article,
        title=_title(old, new),
        old=old,
        new=new,
        erased=erased,
        groups=groups,
        is_cut=is_cut,
        view=view if view in VIEWS else "",
        shown=shown,
        lacking=lacking,
        changes=shown.page(request.GET.get("page")) if shown else None,
    )


@require_safe
@never_cache
def blame(request, pk):
    """Who wrote each sentence of `?text=`, by default of what is published, and who confirmed its citations."""
    article = editable_article(request, pk)
    published = article.published_revision
    default = published.number if published else texts.newest_number(article, request.user)
    text = texts.chosen(article, request.user, request.GET.get("text") or str(default))
    blamed = None if text.is_erased else TextBlame(article, request.user, text)
    sentences = Paginator(blamed.sentences() if blamed else [], SENTENCES_PER_PAGE)
    page = sentences.get_page(request.GET.get("page"))
    groups, is_cut = texts.choices(article, request.user, text)
    return article_page(
        request,
        "comparing/blame",
        article,
        title=gettext("Who wrote what"),
        text=text,
        groups=groups,
        is_cut=is_cut,
        sentences=page,
        stretches=blamed.stretches(page.object_list) if blamed else [],
    )


def _title(old, new):
    if old.version is None and new.version is None:
        numbers = {"old": old.revision.number, "new": new.revision.number}
        return gettext("Revision %(old)s and revision %(new)s") % numbers
    return gettext("%(old)s and %(new)s") % {"old": old.name, "new": new.name}
