"""The editor's screen: the permissions it needs, how it is shown and checked, and what its buttons do."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from articles import workflow
from articles.admin.shared.helpers import admin_page, editor_of, slug_note, taken_down_words
from articles.admin.shared.permissions import may_add, may_change
from articles.core.parsing.numbers import whole_number
from articles.models import Article, Revision
from articles.workflow.collaboration import presence, suggested_edits
from articles.workflow.content import content_of
from articles.workflow.drafts import discarding, versions
from articles.workflow.drafts.lineage import returns_by_key
from articles.workflow.publishing.reviews import progress_by_key

from . import evidence_actions, reading, timestamps
from .forms import ArticleForm
from .initial import TooManyChapters, initial_content
from .saving import conflicts, drafts

UNAPPROVED = {Revision.Status.DRAFT, Revision.Status.SUBMITTED}
REVISIONS_SHOWN = 12
REASONS_SHOWN = 5  # why images weren't stored; the evidence panel lists all of these images


def edit(request, article):
    """Show the editor for `article`, or for a new one (None).

    A POST runs the pressed button's action; the default saves.
    """
    user = request.user
    can_write = may_change(user) if article else may_add(user)
    may_view = user.has_perm("articles.view_article") or user.has_perm("articles.change_article")
    if not can_write and (request.method == "POST" or article is None or not may_view):
        raise PermissionDenied
    if request.method != "POST":
        revision = drafts.revision_to_show(request, article)
        try:
            content = content_of(revision) if revision else initial_content(user, request.GET)
        except TooManyChapters as refusal:
            return HttpResponseRedirect(reverse("admin:begin_from_episode", args=[refusal.episode.pk]))
        page = request.GET.get("evidence_page", "")  # of a link to a claim
        form = ArticleForm(article=article, content=content, revision=revision, evidence_page=page)
        # What was sent is shown again in a form that can be written in, so that it isn't lost.
        is_protected = article is not None and workflow.why_protected(user, article)
        return screen(request, form, revision, can_write=can_write and not is_protected)
    form = ArticleForm(request.POST, article=article)
    pressed = next((name for name in ACTIONS if name in form.data), "_save")
    return ACTIONS[pressed](request, form, drafts.target(form, request.user))


def screen(request, form, revision, *, conflict=None, can_write=True, is_restored=False, is_saved=False, outcome=None):
    """Render the screen for `form`, which was loaded from `revision`.

    `conflict` is (conflicting revision, message), `outcome` the result of a click in the evidence panel. `is_restored`
    is set if the form holds text that the browser had kept, `is_saved` if all of it but an episode was just saved.
    """
    article = form.article
    is_change = drafts.is_change(article, revision)
    user = request.user if can_write else None
    read = outcome.reading if outcome else reading.read(form, is_change=is_change, editor=user)
    others = _revisions(request, article) if article else []
    has_errors = form.text.is_bound and not (conflict or is_restored or outcome)
    own = drafts.own_in_review(article, request.user) if article and can_write else None
    returned = returns_by_key([revision] if revision and revision.is_draft and can_write else [])
    approvals = progress_by_key([row for row in (revision, own) if row and row.status in UNAPPROVED])
    context = {
        "title": (revision and revision.title) or (article and str(article)) or gettext("New article"),
        "opts": Article._meta,
        "article": article,
        "published": article.published_revision if article else None,
        "revision": revision,
        "saved_ago": reading.how_long_ago(revision.saved_at) if revision else "",
        "own_draft": next((r for r in others if r.is_draft and r.author_id == request.user.pk), None),
        "own": own,
        "returned": returned.get(revision.pk) if revision else None,
        "own_approvals": approvals.get(own.pk) if own else None,
        "draft_approvals": approvals.get(revision.pk) if revision and revision.is_draft else None,
        "revisions": others,
        # What is saved from anything but a draft is one's own draft.
        "may_discard": revision is None or not revision.is_draft or discarding.may_discard(revision, request.user),
        "may_see_versions": revision is not None and versions.may_see(request.user, revision),
        "form": form,
        "reading": read,
        "is_change": is_change,
        "has_errors": has_errors,
        "is_settings_open": not read.panel.sources or (has_errors and form.has_settings_errors()),
        "is_restored": is_restored,
        "saved_address": editor_of(revision) if is_saved else "",
        "is_submission": "_submit" in form.data,
        "outcome": outcome,
        "conflict": _conflict(form, *conflict, by=request.user) if conflict else None,
        "can_write": can_write,
        "taken_down": taken_down_words(article) if article else "",
        "is_empty": article is None and not form.text.is_bound and not form.content().sections,
        "protection": workflow.why_protected(request.user, article) if article else "",
        "present_every": presence.TELL_EVERY_MS,
        "empty_card": reading.ReadCard("card-sections-__prefix__", form.sections.empty_form, gettext("New section"), 1),
        "is_popup": False,
        "is_nav_sidebar_enabled": False,  # the outline takes its place
    }
    return admin_page(request, "admin/articles/editor/editor.html", context, status=409 if conflict else 200)


def _conflict(form, revision, message, *, by):
    """Template context for a `form` that can't be saved because of `revision`: why, and how the two differ."""
    return {
        "revision": revision,
        "message": message,
        "is_own": revision.saved_by_id == by.pk,
        "happened": _happened(revision),
        "over": f"{revision.pk}:{revision.version}",
        "differences": conflicts.compare(form, form.content(), content_of(revision)),
    }


def _happened(revision):
    """What became of a text that is no longer a draft: {"what": of the heading, "text": its name}; None if it is one."""
    if revision.is_draft:
        return None
    if revision.status == Revision.Status.DISCARDED:
        return {"what": gettext("this draft was discarded"), "text": gettext("Discarded text")}
    if revision.status == Revision.Status.SUBMITTED:
        return {"what": gettext("this draft was submitted"), "text": gettext("Submitted text")}
    return {"what": gettext("this draft was closed"), "text": gettext("Closed text")}


def _revisions(request, article):
    """The article's revisions that the user may see, for a list: open drafts first, then newest first."""
    is_closed = Case(When(status=Revision.Status.DRAFT, then=0), default=1)
    visible = article.revision_set.visible_to(request.user).select_related("base").defer("lead", "base__lead")
    return list(visible.order_by(is_closed, "-number")[:REVISIONS_SHOWN])


def _evidence(request, form, target):
    """Run a click in the evidence panel; it doesn't save the draft."""
    outcome = evidence_actions.act(form, by=request.user, is_change=drafts.is_change(form.article, target))
    return screen(request, form, target, outcome=outcome)


def _restore(request, form, target):
    """Show the text that the browser had kept, without saving it."""
    return screen(request, form, target, is_restored=True)


def _save(request, form, target, *, answer, save=drafts.save):
    """Save the draft and return what `answer` returns for it, or show the form again with the episodes not saved."""
    if not form.can_be_saved():
        return screen(request, form, target)
    for reason in drafts.store_images(form, by=request.user)[:REASONS_SHOWN]:
        messages.warning(request, reason)
    try:
        draft = save(form, target, by=request.user)
    except suggested_edits.NotAccepted as refusal:
        form.text.add_error(None, str(refusal))
    except workflow.StaleDraft as refusal:
        return screen(request, form, target, conflict=(refusal.revision, str(refusal)))
    except workflow.InvalidTransition as refusal:
        current = Revision.objects.visible_to(request.user).get(pk=target.pk) if target else None
        if current is not None and not current.is_draft:
            return screen(request, form, target, conflict=(current, str(refusal)))
        form.text.add_error(None, str(refusal))
    except workflow.NotAllowed as refusal:
        form.text.add_error(None, str(refusal))
    else:
        article_admin = admin.site.get_model_admin(Article)
        log = article_admin.log_addition if form.article is None else article_admin.log_change
        log(request, draft.article, gettext("Revision %(number)s saved.") % {"number": draft.number})
        if remark := form.data.get("evidence_remark", "").strip():
            messages.warning(request, gettext("Your comment wasn’t added: %(text)s") % {"text": remark})
        if note := slug_note(form.text.slug_stem or draft.slug, draft.slug):
            messages.info(request, note)
        if form.episode_errors():
            return screen(request, form.continued(draft), draft, is_saved=True)
        return answer(request, draft)
    return screen(request, form, target)


def _saved(request, draft):
    """Redirect to the saved draft, with a message."""
    messages.success(
        request,
        gettext("Saved as revision %(number)s. The published text hasn’t changed.") % {"number": draft.number},
    )
    return HttpResponseRedirect(editor_of(draft))


def _accept(request, form, target):
    """Save the draft with the suggested edit whose button was pressed."""
    return _save(request, form, target, answer=_accepted, save=partial(drafts.accept_edit, pk=form.data["_accept"]))


def _accepted(request, draft):
    messages.success(request, gettext("Edit accepted, and saved as revision %(number)s.") % {"number": draft.number})
    return HttpResponseRedirect(editor_of(draft))


def _submitted(request, draft):
    """Submit the saved draft for review. It stays saved if it can't be submitted."""
    try:
        workflow.submit(draft, by=request.user)
    except workflow.NotReady as refusal:
        messages.warning(
            request, gettext("Saved, but not submitted. %(missing)s") % {"missing": " ".join(refusal.missing)}
        )
        return HttpResponseRedirect(f"{editor_of(draft)}#missing")
    except workflow.WorkflowError as refusal:
        messages.error(request, gettext("Saved, but not submitted. %(refusal)s") % {"refusal": refusal})
        return HttpResponseRedirect(editor_of(draft))
    messages.success(
        request,
        gettext("Submitted for review: “%(title)s”, revision %(number)s.")
        % {"title": draft.title, "number": draft.number},
    )
    return HttpResponseRedirect(reverse("admin:articles_article_changelist"))


def _correct(request, form, target):
    """Save the draft to show the corrections of an episode's citations, if there are any."""
    episode = whole_number(form.data["_timestamps"])
    if episode and form.can_be_saved() and timestamps.refuse_without_corrections(form, episode):
        return screen(request, form, target)
    return _save(request, form, target, answer=_corrected)


def _corrected(request, draft):
    """Show the corrections of all citations of the episode whose button was pressed, in the saved draft."""
    episode = whole_number(request.POST.get("_timestamps"))
    return HttpResponseRedirect(timestamps.address(draft, episode) if episode else editor_of(draft))


# By button, in order of precedence: the first whose button is in the form runs. Each takes the request, the submitted
# `ArticleForm`, and the revision that the form was loaded from (None for a new article).
ACTIONS = {
    "_evidence": _evidence,
    "_restore": _restore,
    "_timestamps": _correct,
    "_accept": _accept,
    "_submit": partial(_save, answer=_submitted),
    "_save": partial(_save, answer=_saved),
}
