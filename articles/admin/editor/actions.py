"""The actions of the editor's screen: one class for each button that submits the whole form."""

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
    """The action of the button called `name`.

    `run` answers the request. It takes the submitted `ArticleForm` and `target`, the revision that the form was
    loaded from (None for a new article).
    """

    name = ""

    def run(self, request, form, target):
        raise NotImplementedError


class Evidence(ScreenAction):
    """A click in the evidence panel; it doesn't save the draft."""

    name = "_evidence"

    def run(self, request, form, target):
        is_change = drafts.is_change(form.article, target)
        outcome = evidence_actions.act(form, by=request.user, is_change=is_change)
        return screen(request, form, target, outcome=outcome)


class Restore(ScreenAction):
    """Show the text that the browser had kept, without saving it."""

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
        """Redirect to the saved draft, with a message."""
        messages.success(
            request,
            gettext("Saved as revision %(number)s. The published text hasn’t changed.") % {"number": draft.number},
        )
        return HttpResponseRedirect(editor_of(draft))


class Submit(Save):
    """Save the draft and submit it for review. It stays saved if it can't be submitted."""

    name = "_submit"

    def answer(self, request, draft):
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


# In order of precedence: the first whose button is in the form runs.
ACTIONS = {action.name: action() for action in (Evidence, Restore, Submit, Save)}


def _log(request, draft, flag):
    """Record the save in the admin's own log."""
    message = gettext("Revision %(number)s saved.") % {"number": draft.number}
    AdminLogEntry.objects.log_actions(
        request.user.pk, [draft.article], flag, change_message=message, single_object=True
    )
