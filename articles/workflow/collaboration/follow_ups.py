"""How a reader hears what came of a correction request: by mail to an address that is kept no longer than that, and on a
page; and what everyone reads of it."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import CorrectionRequest, FollowUp
from articles.workflow.history import audit_log, rows
from articles.workflow.transitions import InvalidTransition, lock_article, require_reason, transition
from articles.workflow.transitions.four_eyes import require_second_person

Audience, Mail = FollowUp.Audience, FollowUp.Mail
Outcome = CorrectionRequest.Outcome


def begin(correction_request, address=""):
    """Give a correction request its page and, if the reader left an `address`, keep that for the outcome.

    Runs in the caller's transaction; sending the same request again adds an address that was forgotten.
    """
    follow_up = FollowUp.objects.filter(correction_request=correction_request).first()
    if follow_up is None:
        follow_up = FollowUp.objects.create(correction_request=correction_request)
        rows.record_new(follow_up)
    if address and settings.EMAIL_IS_ON and follow_up.mail == Mail.NONE and correction_request.outcome == Outcome.OPEN:
        follow_up.mail, follow_up.address = Mail.WAITING, address
        follow_up.expires_at = timezone.now() + timedelta(days=settings.CORRECTION_ADDRESS_DAYS)
        follow_up.save(update_fields=["mail", "address", "expires_at"])
    return follow_up


def require_audience(audience, *, by, outcome, answer, corrected_in):
    """Guard: what everyone is to read of a correction comes from a second person, as the public note does."""
    if audience not in Audience.values:
        raise InvalidTransition(gettext("Choose who sees the reason."))
    if audience != Audience.PUBLIC:
        return
    if outcome != Outcome.CORRECTED:
        raise InvalidTransition(
            gettext("The version history only shows answers to corrected requests. Choose who else sees the reason.")
        )
    require_reason(answer, gettext("Write what everyone is to read in the version history."))
    refusal = gettext(
        "You contributed to revision %(number)s, so someone else has to write what everyone reads of it. Choose who else "
        "sees the reason, or let another moderator answer."
    )
    require_second_person(by, corrected_in, refusal=refusal % {"number": corrected_in.number})


def settle(correction_requests, *, outcome, audience):
    """Let the readers who sent these answered requests know; nobody is told that their request counts as spam.

    Runs in the transaction of the answer.
    """
    audience = Audience.TEAM if outcome == Outcome.SPAM else audience
    for correction_request in correction_requests:  # some came before there were follow-ups
        begin(correction_request)
    follow_ups = FollowUp.objects.filter(correction_request__in=correction_requests)
    with rows.recorded(FollowUp, follow_ups.values_list("pk", flat=True)):
        follow_ups.update(audience=audience)
    if outcome == Outcome.SPAM:
        follow_ups.forget()
    else:
        follow_ups.filter(mail=Mail.WAITING).update(mail_due_at=timezone.now())


@transition
def forget_address(follow_up):
    """Delete the address at the reader's request."""
    lock_article(follow_up.correction_request.article)
    FollowUp.objects.filter(pk=follow_up.pk).forget()
    follow_up.refresh_from_db()


def public_answers(revisions):
    """Return {primary key: public answers} of those of `revisions` that readers' requests led to; one query."""
    found = {}
    answered = CorrectionRequest.objects.filter(corrected_in__in=revisions, outcome=Outcome.CORRECTED).order_by("pk")
    for revision, answer, audience in answered.values_list("corrected_in", "answer", "follow_up__audience"):
        is_shown = audience == Audience.PUBLIC and answer != audit_log.TOMBSTONE
        found.setdefault(revision, {}).update({answer: None} if is_shown else {})  # the same answer once
    return {revision: tuple(answers) for revision, answers in found.items()}
