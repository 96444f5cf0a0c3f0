"""The requests that the editor's screen sends on its own: autosave, and reporting that the draft is open."""

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.editor.forms import ArticleForm
from articles.admin.editor.requests import editors_only
from articles.admin.editor.requests import refuse_as_json as refuse
from articles.admin.shared.helpers import editor_of, found_or_404, local_time, slug_note
from articles.models import Article, Revision
from articles.workflow.collaboration import presence

from . import drafts


@editors_only(refuse)
@require_POST
def autosave(request):
    """Save the form as the “Save draft” button does, over the version that it was loaded from.

    POST the form's fields and `article`, empty for a new one. With `_save`, somebody saves by hand; with `_accept`, the
    key of a comment, the edit that it suggests is written into the text first. Answers with where the text is now (see
    `_saved`), 409 if someone else saved in between or it is no longer a draft, or 422 if the text can't be saved, or the
    edit accepted, in its present state.
    """
    pk = request.POST.get("article", "")
    article = found_or_404(Article.objects.visible_to(request.user), pk, gettext("Article not found.")) if pk else None
    if not request.user.has_perm("articles.change_article" if article else "articles.add_article"):
        return refuse(403, gettext("You don’t have permission to edit articles."))
    form = ArticleForm(request.POST, article=article)
    content = form.content()
    if not form.can_be_saved():
        if article is None and (draft := drafts.already_created(content, request.user)):
            return _saved(request, draft, form)  # its typed slug is taken: by itself
        return refuse(422, " ".join(form.reasons()))
    try:
        target = drafts.target(form, request.user)
        if pk := request.POST.get("_accept"):
            return _saved(request, drafts.accept_edit(form, target, by=request.user, pk=pk), form)
        return _saved(
            request, drafts.save(form, target, by=request.user, is_autosave="_save" not in request.POST), form
        )
    except workflow.StaleDraft as refusal:
        if refusal.revision.saved_by_id == request.user.pk and drafts.is_same(content, refusal.revision):
            return _saved(request, refusal.revision, form)  # this text arrived before, but the response was lost
        return refuse(409, str(refusal), address=editor_of(refusal.revision))
    except workflow.NotAllowed as refusal:
        return refuse(403, str(refusal))
    except workflow.InvalidTransition as refusal:
        is_draft = target is None or Revision.objects.visible_to(request.user).open().filter(pk=target.pk).exists()
        return refuse(422 if is_draft else 409, str(refusal))


@editors_only(refuse)
@require_POST
def present(request):
    """Record that the user has `revision` open (or, with `leaves`, closed it).

    Answers with who else has it open, and who saved it last ("" is the user), when, and as which version.
    """
    revision = found_or_404(
        Revision.objects.visible_to(request.user).open(), request.POST.get("revision"), gettext("Revision not found.")
    )
    if "leaves" in request.POST:
        presence.leave(revision, request.user)
        return JsonResponse({})
    presence.announce(revision, request.user)
    return JsonResponse(
        {
            "others": [
                {"name": workflow.name_of(other.user), "since": local_time(other.since, "TIME_FORMAT")}
                for other in presence.others(revision, request.user)
            ],
            "version": revision.version,
            "saved_by": "" if revision.saved_by_id == request.user.pk else revision.saved_by_name,
            "saved_at": local_time(revision.saved_at, "TIME_FORMAT"),
        }
    )


def _saved(request, draft, form):
    """Where the text is now, as JSON: its revision, version and address, and the keys of its parts by form prefix.

    `notes` says by field which episodes weren't saved, and why; `slug_note` why the slug has a number; `texts` has the
    texts that the site has written, by field; `reopened` is the number of comments that are open again since the edit that
    they suggested was undone. `title` and `heading` are those of the page; `trail`, the HTML of its breadcrumbs, is there
    if the form wasn't loaded from this draft.
    """
    title, address = draft.title or str(draft.article), editor_of(draft)
    trail = {}
    if form.text["loaded_as"].value() != "draft":
        context = {"article": draft.article, "revision": draft, "back": address}
        trail["trail"] = render_to_string("admin/articles/editor/includes/_trail.html", context, request)
    return JsonResponse(
        {
            "article": draft.article_id,
            "revision": draft.pk,
            "number": draft.number,
            "version": draft.version,
            "address": address,
            "title": title,
            "heading": gettext("Edit “%(title)s”") % {"title": title},
            "saved_at": local_time(draft.saved_at, "TIME_FORMAT"),
            "keys": form.keys(draft),
            "notes": form.episode_errors(),
            "slug_note": slug_note(form.text.slug_stem or draft.slug, draft.slug),
            "texts": {f"id_{name}": text for name, text in form.written.items()},
            "reopened": getattr(draft, "reopened", 0),
        }
        | trail
    )
