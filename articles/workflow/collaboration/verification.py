"""What people say of a citation or a flag: that they heard it, why it is none, that a part needs no citation."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.shorten import shorten
from articles.core.timestamps import format_label
from articles.derived import republish
from articles.derived.checks import run
from articles.models import Confirmation, Dismissal, Exemption
from articles.workflow.transitions import Action, InvalidTransition, lock_article, name_of, record, require, transition

QUOTE = 80  # characters of a claim in the log


@transition
def confirm_citation(article, *, by, episode, start_seconds, end_seconds, claim, section_key=None):
    """`by` heard that this moment of `episode` supports `claim`; the `Confirmation`.

    It holds for this claim, moment and episode, wherever they stand, until one of them changes.
    """
    _may(by)
    lock_article(article)
    if not claim.strip():
        raise InvalidTransition(
            gettext("There is no sentence that this moment could support: put the mark behind one.")
        )
    confirmation = _stated(
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
        gettext("Somebody has confirmed this citation already."),
    )
    _told(article, Action.HEARD, by, f"{format_label(start_seconds)} {_quoted(claim)}")
    return confirmation


@transition
def withdraw_confirmation(confirmation, *, by):
    """Take back that somebody heard it; who did and when stays on record."""
    _take_back(confirmation, by)
    moment = format_label(confirmation.start_seconds)
    _told(confirmation.article, Action.HEARD_TAKEN_BACK, by, f"{moment} {_quoted(confirmation.claim)}")
    return confirmation


@transition
def dismiss(article, *, by, code, subject, text, reason, note=""):
    """`by` says why a flag is none; the `Dismissal`.

    `code` is the check or the verdict, `subject` the digest of what was flagged (`claim_key` for a verdict), `text`
    what was flagged as it is written. It holds as long as those stay as they are.
    """
    _may(by)
    lock_article(article)
    if reason not in Dismissal.Reason.values:
        raise InvalidTransition(gettext("Choose a reason: heard, paraphrase, on screen, or another one."))
    note = note.strip()
    if reason == Dismissal.Reason.OTHER and not note:
        raise InvalidTransition(gettext("Say in a few words what the other reason is."))
    dismissal = _stated(
        Dismissal(article=article, code=code, subject=subject, text=text, reason=reason, note=note[:500]),
        by,
        gettext("Somebody has dismissed this already."),
    )
    _told(article, Action.DISMISSED, by, f"{code}, {dismissal.get_reason_display()}: {_quoted(text)}")
    return dismissal


@transition
def withdraw_dismissal(dismissal, *, by):
    """Raise the flag again."""
    _take_back(dismissal, by)
    _told(dismissal.article, Action.DISMISSAL_TAKEN_BACK, by, f"{dismissal.code}: {_quoted(dismissal.text)}")
    return dismissal


@transition
def exempt(article, *, by, section_key, reason):
    """The sentences of a section (None: the lead) need no citation, and why; the `Exemption`."""
    _may(by)
    lock_article(article)
    reason = reason.strip()
    if not reason:
        raise InvalidTransition(gettext("Say why this part needs no citations."))
    exemption = _stated(
        Exemption(article=article, section_key=section_key, reason=reason[:300]),
        by,
        gettext("This part is exempt already."),
    )
    _told(article, Action.EXEMPTED, by, reason)
    return exemption


@transition
def withdraw_exemption(exemption, *, by):
    """The part needs citations again."""
    _take_back(exemption, by)
    _told(exemption.article, Action.EXEMPTION_TAKEN_BACK, by, exemption.reason)
    return exemption


def _may(by):
    require(by, "articles.change_revision", gettext("say how citations stand"))


def _stated(statement, by, taken):
    statement.by, statement.by_name, statement.at = by, name_of(by), timezone.now()
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidTransition(gettext("%(taken)s Load the page anew to see who.") % {"taken": taken}) from error
    return statement


def _take_back(statement, by):
    _may(by)
    lock_article(statement.article)
    now = timezone.now()
    standing = type(statement).objects.active().filter(pk=statement.pk)
    if not standing.update(withdrawn_at=now, withdrawn_by=by, withdrawn_by_name=name_of(by)):
        raise InvalidTransition(gettext("It was taken back already. Load the page anew."))
    statement.withdrawn_at, statement.withdrawn_by, statement.withdrawn_by_name = now, by, name_of(by)


def _told(article, action, by, note):
    """Into the log, and onto the published page."""
    record(article, None, action, by, note)
    republish(article, with_related=False)


def _quoted(text):
    text = " ".join(text.split())
    return f"“{shorten(text, QUOTE)}”"
