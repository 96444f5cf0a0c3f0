"""What people record about citations: confirmations, dismissals of flags, and parts exempt from citations."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.shorten import shorten
from articles.core.timestamps import format_label
from articles.derived import republish
from articles.derived.checks import run
from articles.models import Confirmation, Dismissal, Exemption
from articles.workflow.transitions import Action, InvalidTransition, lock_article, name_of, record, require, transition

QUOTE = 80  # maximum characters of a claim in the log


@transition
def confirm_citation(article, *, by, episode, start_seconds, end_seconds, claim, section_key=None):
    """Record that `by` heard this moment of `episode` support `claim`, and return the `Confirmation`.

    It applies to this claim, moment and episode wherever they occur, until one of them changes.
    """
    _require_verifier(by)
    lock_article(article)
    if not claim.strip():
        raise InvalidTransition(gettext("There is no claim for this timestamp to support. Put it after a sentence."))
    confirmation = _insert(
        Confirmation(
            article=article,
            claim_key=run.claim_key(episode, start_seconds, end_seconds, claim),
            episode=episode,
            start_seconds=start_seconds,
            end_seconds=end_seconds,
            claim=claim,
            section_key=section_key,
        ),
        by,
        gettext("Someone has already confirmed this citation."),
    )
    _record_and_republish(article, Action.HEARD, by, f"{format_label(start_seconds)} {_quoted(claim)}")
    return confirmation


@transition
def withdraw_confirmation(confirmation, *, by):
    """Withdraw a confirmation; who made it and when stays on record."""
    _withdraw(confirmation, by)
    moment = format_label(confirmation.start_seconds)
    _record_and_republish(confirmation.article, Action.HEARD_TAKEN_BACK, by, f"{moment} {_quoted(confirmation.claim)}")
    return confirmation


@transition
def dismiss(article, *, by, code, subject, text, reason, note=""):
    """Record why `by` considers a flag unfounded, and return the `Dismissal`.

    `code` is the check or verdict, `subject` the digest of the flagged text (a `claim_key` for a verdict), and `text`
    the flagged text itself. The dismissal applies as long as these don't change.
    """
    _require_verifier(by)
    lock_article(article)
    if reason not in Dismissal.Reason.values:
        raise InvalidTransition(gettext("Choose a reason: heard, paraphrase, on screen or other."))
    note = note.strip()
    if reason == Dismissal.Reason.OTHER and not note:
        raise InvalidTransition(gettext("Briefly describe the other reason."))
    dismissal = _insert(
        Dismissal(article=article, code=code, subject=subject, text=text, reason=reason, note=note[:500]),
        by,
        gettext("Someone has already dismissed this issue."),
    )
    _record_and_republish(article, Action.DISMISSED, by, f"{code}, {dismissal.get_reason_display()}: {_quoted(text)}")
    return dismissal


@transition
def withdraw_dismissal(dismissal, *, by):
    """Withdraw a dismissal, so that the flag shows again."""
    _withdraw(dismissal, by)
    note = f"{dismissal.code}: {_quoted(dismissal.text)}"
    _record_and_republish(dismissal.article, Action.DISMISSAL_TAKEN_BACK, by, note)
    return dismissal


@transition
def exempt(article, *, by, section_key, reason):
    """Mark a section (None: the lead) as exempt from citations, and return the `Exemption`."""
    _require_verifier(by)
    lock_article(article)
    reason = reason.strip()
    if not reason:
        raise InvalidTransition(gettext("Say why this part doesn’t need citations."))
    exemption = _insert(
        Exemption(article=article, section_key=section_key, reason=reason[:300]),
        by,
        gettext("This part is already exempt."),
    )
    _record_and_republish(article, Action.EXEMPTED, by, reason)
    return exemption


@transition
def withdraw_exemption(exemption, *, by):
    """Withdraw an exemption, so that the part needs citations again."""
    _withdraw(exemption, by)
    _record_and_republish(exemption.article, Action.EXEMPTION_TAKEN_BACK, by, exemption.reason)
    return exemption


def _require_verifier(by):
    require(by, "articles.change_revision", gettext("verify citations"))


def _insert(statement, by, taken):
    statement.by, statement.by_name, statement.at = by, name_of(by), timezone.now()
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidTransition(gettext("%(taken)s Reload the page to see who.") % {"taken": taken}) from error
    return statement


def _withdraw(statement, by):
    _require_verifier(by)
    lock_article(statement.article)
    now = timezone.now()
    active = type(statement).objects.active().filter(pk=statement.pk)
    if not active.update(withdrawn_at=now, withdrawn_by=by, withdrawn_by_name=name_of(by)):
        raise InvalidTransition(gettext("This was already withdrawn. Reload the page."))
    statement.withdrawn_at, statement.withdrawn_by, statement.withdrawn_by_name = now, by, name_of(by)


def _record_and_republish(article, action, by, note):
    record(article, None, action, by, note)
    republish(article, with_related=False)


def _quoted(text):
    text = " ".join(text.split())
    return f"“{shorten(text, QUOTE)}”"
