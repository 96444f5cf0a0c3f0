"""The view of the editor's screen, and the permissions it needs."""

from django.core.exceptions import PermissionDenied

from articles.core.markdown import wiki_slug
from articles.workflow.content import Content, content_of

from . import drafts
from .actions import ACTIONS
from .forms import ArticleForm
from .screen import screen

LONGEST = 200  # characters of a title and of a slug


def may_add(user):
    return user.has_perm("articles.add_article") and user.has_perm("articles.change_revision")


def may_change(user):
    return user.has_perm("articles.change_article") and user.has_perm("articles.change_revision")


def may_view(user):
    return user.has_perm("articles.view_article") or user.has_perm("articles.change_article")


def edit(request, article):
    """Show the editor for `article`, or for a new one (None). A POST runs the pressed button's action; the default saves."""
    can_write = may_change(request.user) if article else may_add(request.user)
    if not can_write and (request.method == "POST" or article is None or not may_view(request.user)):
        raise PermissionDenied
    if request.method != "POST":
        revision = drafts.revision_to_show(request, article)
        content = content_of(revision) if revision else _initial_content(request)
        form = ArticleForm(article=article, content=content, revision=revision)
        return screen(request, form, revision, can_write=can_write)
    form = ArticleForm(request.POST, article=article)
    pressed = next((name for name in ACTIONS if name in form.data), "_save")
    return ACTIONS[pressed].run(request, form, drafts.target(form))


def _initial_content(request):
    """The content of a new article, prefilled from the query string: `?slug=…&title=…`."""
    title, slug = (request.GET.get(name, "").replace("\0", "").strip() for name in ("title", "slug"))
    return Content(title=title[:LONGEST], slug=wiki_slug(slug)[:LONGEST].strip("-"))
