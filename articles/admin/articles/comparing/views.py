"""The page that compares any two texts of an article."""

from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.articles.history import article_page, editable_article

from . import texts

VIEWS = ("unified", "side")


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


def _title(old, new):
    if old.version is None and new.version is None:
        numbers = {"old": old.revision.number, "new": new.revision.number}
        return gettext("Revision %(old)s and revision %(new)s") % numbers
    return gettext("%(old)s and %(new)s") % {"old": old.name, "new": new.name}
