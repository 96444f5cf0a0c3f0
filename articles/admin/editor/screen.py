"""Renders the editor's screen from its form."""

from django.utils.translation import gettext

from articles.admin.pages import admin_page
from articles.models import Article
from articles.workflow.collaboration import presence

from . import drafts, reading

REVISIONS_SHOWN = 12


def screen(request, form, revision, *, conflict=None, can_write=True, is_restored=False, outcome=None):
    """Render the screen for `form`, which was loaded from `revision`.

    `conflict` is (conflicting revision, message), `outcome` the result of a click in the evidence panel. `is_restored`
    is set if the form holds text that the browser had kept.
    """
    article = form.article
    is_change = drafts.is_change(article, revision)
    read = outcome.reading if outcome else reading.read(form, is_change=is_change, is_editor=can_write)
    others = list(drafts.revisions(request, article)[:REVISIONS_SHOWN]) if article else []
    context = {
        "title": str(article) if article else gettext("New article"),
        "opts": Article._meta,
        "article": article,
        "published": article.published_revision if article else None,
        "revision": revision,
        "saved_ago": reading.how_long_ago(revision.saved_at) if revision else "",
        "own_draft": next((r for r in others if r.is_draft and r.author_id == request.user.pk), None),
        "revisions": others,
        "form": form,
        "reading": read,
        "is_change": is_change,
        "has_errors": form.text.is_bound and not (conflict or is_restored or outcome),
        "is_restored": is_restored,
        "outcome": outcome,
        "conflict": drafts.conflict(form, *conflict, by=request.user) if conflict else None,
        "can_write": can_write,
        "present_every": presence.TELL_EVERY_MS,
        "empty_card": reading.ReadCard("card-sections-__prefix__", form.sections.empty_form, gettext("New section"), 1),
        "is_popup": False,
        "is_nav_sidebar_enabled": False,  # the outline takes its place
    }
    return admin_page(request, "admin/articles/editor/editor.html", context, status=409 if conflict else 200)
