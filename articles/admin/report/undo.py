"""Takes back what was just decided about a citation of the report, and names it between two pages."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext

from articles import workflow
from articles.core.parsing.numbers import whole_number
from articles.derived.checks import run
from articles.models import Citation, Confirmation, Dismissal, LintIssue
from articles.workflow.content import content_of

from .actions import ACTIONS, Refused, moved, wanted_second

TAG = "did-"


@dataclass(frozen=True)
class Done:
    """What was done with a public citation, a primary key: one of `ACTIONS`.

    `result` is the second to which it was moved, or the primary key of the confirmation or dismissal, so that asking twice
    doesn't take back an earlier one.
    """

    act: str
    citation: int
    result: int

    @property
    def text(self):
        """How an address, a form or the tag of a message names it."""
        return f"{self.act}-{self.citation}-{self.result}"


def done_by(data, citation, *, by):
    """Return what a row's form, which was just carried out for `by`, did with `citation`; None if somebody undid it."""
    if data["act"] == "retime":
        return Done("retime", citation.pk, wanted_second(citation, data))
    newest = _judgements(data["act"], citation, by).order_by("-pk").first()
    return newest and Done(data["act"], citation.pk, newest.pk)


def _judgements(act, citation, by):
    """Return the active confirmations, or the dismissals of the verdict and the flags, that `by` gave a citation."""
    if act == "confirm":
        judgements = Confirmation.objects.filter(claim_key=citation.claim_key)
    else:
        flags = LintIssue.objects.filter(citation=citation).values_list("subject", flat=True)
        judgements = Dismissal.objects.filter(subject__in=[citation.claim_key, *flags])
    return judgements.active().filter(article=citation.revision.article, by=by)


def parse(text):
    """Return the `Done` with this text, None for anything else."""
    act, _, rest = text.partition("-")
    citation, result = (whole_number(part) for part in rest.partition("-")[::2])
    return Done(act, citation, result) if act in ACTIONS and None not in (citation, result) else None


def of_message(message):
    """Return what a message of `decide` says was done, None if it can’t be taken back."""
    tags = (message.extra_tags or "").split()
    return parse(next((tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)), ""))


def citation_of(done):
    """Return the public citation with which something was done; None if it isn’t public any longer."""
    public = Citation.objects.filter(is_public=True).select_related("revision__article", "episode__show")
    return public.filter(pk=done.citation).first() if done else None


def undo(done, *, by):
    """Take back what `by` has just `done`; return (message, citation).

    Raises `Refused` if there is nothing to take back, and `workflow.WorkflowError`.
    """
    citation = citation_of(done)
    if citation is None:
        raise Refused(gettext("The published text has changed in the meantime. Nothing was changed."))
    if done.act == "retime":
        return _move_back(citation, done.result, by=by), citation
    return withdraw(done, citation, by=by), citation


def withdraw(done, citation, *, by):
    """Withdraw the judgement that `by` gave `citation`, which needn’t be public; return the message.

    Raises `Refused` if there is none, and `workflow.WorkflowError`.
    """
    judgement = _judgements(done.act, citation, by).filter(pk=done.result).first()
    if judgement is None:
        raise Refused(gettext("This was already withdrawn."))
    take_back = workflow.withdraw_confirmation if done.act == "confirm" else workflow.withdraw_dismissal
    take_back(judgement, by=by)
    return gettext("Undone. This citation is open again.")


def _move_back(citation, seconds, *, by):
    """Move the citation back in the user's draft, which is discarded if the move started it and it has nothing else."""
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
    if _is_only_move(draft, citation, seconds):
        workflow.discard(draft, by=by, version=draft.version)
        return gettext("Undone. Your draft, revision %(number)s, had no other change, so it was discarded.") % {
            "number": draft.number
        }
    content, mark = change
    workflow.save_draft(draft, content, by=by, version=draft.version)
    return gettext("Undone. It is %(mark)s again in your draft.") % {"mark": mark}


def _is_only_move(draft, citation, seconds):
    """Whether the draft is the published text with the citation at `seconds`, saved once, and nobody was shown it."""
    if draft.version != 1 or draft.comment_set.exists() or draft.draftlink_set.exists():
        return False
    published, stored = content_of(citation.revision), content_of(draft)
    change = moved(published, citation, seconds)
    return change is not None and replace(change[0], edit_summary=stored.edit_summary) == stored
