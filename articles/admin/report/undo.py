"""Takes back what was just decided about a flagged citation."""

from django.utils.translation import gettext

from articles import workflow
from articles.derived.checks import run
from articles.models import Confirmation, Dismissal
from articles.workflow.content import content_of

from .actions import Refused, moved


def undo(act, citation, *, by, seconds=None):
    """Take back the user's last `act` on the public `citation`; a moved one was moved to `seconds`. Return the message.

    Raises `Refused` if there is nothing to take back, and `workflow.WorkflowError`.
    """
    if act == "retime" and seconds is not None:
        return _move_back(citation, seconds, by=by)
    article = citation.revision.article
    if act == "confirm":
        judgements, withdraw = Confirmation.objects.filter(claim_key=citation.claim_key), workflow.withdraw_confirmation
    else:
        judgements, withdraw = Dismissal.objects.filter(subject=citation.claim_key), workflow.withdraw_dismissal
    judgement = judgements.active().filter(article=article, by=by).order_by("-pk").first()
    if judgement is None:
        raise Refused(gettext("This was already withdrawn."))
    withdraw(judgement, by=by)
    return gettext("Undone. This citation is open again.")


def _move_back(citation, seconds, *, by):
    """Move the citation back in the user's draft, which stays."""
    end = None
    if citation.end_seconds is not None:
        end = seconds + citation.end_seconds - citation.start_seconds
        end = min(end, citation.episode.length_seconds or end)
        end = end if end > seconds else None
    key = run.claim_key(citation.episode, seconds, end, citation.claim)
    draft = citation.revision.article.revision_set.visible_to(by).open().filter(author=by).first()
    change = draft and moved(content_of(draft), citation, citation.start_seconds, key=key)
    if not change:
        raise Refused(gettext("Your draft no longer has this citation at that timestamp."))
    content, mark = change
    workflow.save_draft(draft, content, by=by, version=draft.version)
    return gettext("Undone. It is %(mark)s again in your draft.") % {"mark": mark}
