"""The actions of the editor's screen: one class for each button that sends the whole form."""

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from articles import workflow
from articles.admin.pages import editor_of
from articles.models import Revision

from . import drafts, evidence_actions
from .screen import screen


class ScreenAction:
    """A button. `name` is that of the button; `run` answers the request.

    `form` is the `ArticleForm` that was sent, `target` the revision that it was loaded from, None for a new article.
    """

    name = ""

    def run(self, request, form, target):
        raise NotImplementedError


class Evidence(ScreenAction):
    """A click in the column beside the text; the draft is not saved by it."""

    name = "_evidence"

    def run(self, request, form, target):
        is_change = drafts.is_change(form.article, target)
        outcome = evidence_actions.act(form, by=request.user, is_change=is_change)
        return screen(request, form, target, outcome=outcome)


class Restore(ScreenAction):
    """What the browser had kept is shown, to be saved or not."""

    name = "_restore"

    def run(self, request, form, target):
        return screen(request, form, target, is_restored=True)


class Save(ScreenAction):
    name = "_save"

    def run(self, request, form, target):
        if not form.is_valid():
            return screen(request, form, target)
        try:
            draft = drafts.save(form, target, by=request.user)
        except workflow.StaleDraft as refusal:
            return screen(request, form, target, conflict=(refusal.revision, str(refusal)))
        except workflow.InvalidTransition as refusal:
            current = Revision.objects.get(pk=target.pk) if target else None
            if current is not None and not current.is_draft:
                return screen(request, form, target, conflict=(current, str(refusal)))
            form.text.add_error(None, str(refusal))
        except workflow.NotAllowed as refusal:
            form.text.add_error(None, str(refusal))
        else:
            _log(request, draft, ADDITION if form.article is None else CHANGE)
            return self.answer(request, draft)
        return screen(request, form, target)

    def answer(self, request, draft):
        """Where a saved draft leads, with what is said there."""
        messages.success(
            request,
            gettext("Saved as revision %(number)s. The published text stays as it is.") % {"number": draft.number},
        )
        return HttpResponseRedirect(editor_of(draft))


class Submit(Save):
    """Saves the draft and hands it in for review; it stays saved if it cannot be handed in."""

    name = "_submit"

    def answer(self, request, draft):
        try:
            workflow.submit(draft, by=request.user)
        except workflow.NotReady as refusal:
            messages.warning(
                request, gettext("Saved, but not submitted yet. %(missing)s") % {"missing": " ".join(refusal.missing)}
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


# The first whose button was pressed is done.
ACTIONS = {action.name: action() for action in (Evidence, Restore, Submit, Save)}


def _log(request, draft, flag):
    """Into the admin's own log."""
    said = gettext("Revision %(number)s saved.") % {"number": draft.number}
    AdminLogEntry.objects.log_actions(request.user.pk, [draft.article], flag, change_message=said, single_object=True)
