"""What people record about citations: confirmations, dismissals of flags, and parts exempt from citations."""

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext

from articles.core.recordings.transcripts import typed_text
from articles.derived import republish
from articles.derived.checks import run
from articles.models import Article, Citation, Confirmation, Contributor, Dismissal, Exemption
from articles.workflow.history import rows
from articles.workflow.history.judgements import heard, quoted
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    compare_and_set,
    lock_article,
    name_of,
    record,
    refuse_second,
    require,
    require_editable,
    require_reason,
    transition,
    why_protected,
)
from articles.workflow.transitions.four_eyes import require_two_people


@transition
def confirm_citation(article, *, by, episode, start_seconds, end_seconds, claim, section_key=None):
    """Record that `by` heard this moment of `episode` support `claim`, and return the `Confirmation`.

    Whoever wrote the claim can't: that would be one person's word twice. It applies to this claim, moment and episode
    wherever they occur, until one of them changes.
    """
    lock_article(article)
    _require_verifier(by, article)
    require_reason(claim, gettext("There is no claim for this timestamp to support. Put it after a sentence."))
    claim_key = run.claim_key(episode, start_seconds, end_seconds, claim)
    if claim_key in own_claims(by, [claim_key]):
        raise NotAllowed(
            gettext("You helped to write the text that this claim first stood in, so someone else has to confirm it.")
        )
    first = Citation.objects.filter(claim_key=claim_key).order_by("revision").values("revision")[:1]
    require_two_people(by, Contributor.objects.filter(revision__in=first).values_list("user", flat=True))
    confirmation = Confirmation(
        article=article,
        claim_key=claim_key,
        episode=episode,
        start_seconds=start_seconds,
        end_seconds=end_seconds,
        claim=claim,
        section_key=section_key,
    )
    taken = gettext("Someone has already confirmed this citation.")
    return _insert(confirmation, by, Action.HEARD, heard(confirmation), taken=taken)


@transition
def withdraw_confirmation(confirmation, *, by):
    """Withdraw a confirmation; who made it and when stays on record."""
    return _withdraw(confirmation, by, Action.HEARD_TAKEN_BACK, heard(confirmation))


@transition
def dismiss(article, *, by, code, subject, text, reason, note=""):
    """Record why `by` considers a flag unfounded, and return the `Dismissal`.

    `code` is the check or verdict, `subject` the digest of the flagged text (a `claim_key` for a verdict), and `text`
    the flagged text itself. The dismissal applies as long as these don't change.
    """
    lock_article(article)
    _require_verifier(by, article)
    if reason not in Dismissal.Reason.values:
        raise InvalidTransition(gettext("Choose a reason: heard, paraphrase, on screen or other."))
    note = typed_text(note)
    if reason == Dismissal.Reason.OTHER:
        require_reason(note, gettext("Briefly describe the other reason."))
    return _insert(
        Dismissal(article=article, code=code, subject=subject, text=text, reason=reason, note=note[:500]),
        by,
        Action.DISMISSED,
        f"{code}, {Dismissal.Reason(reason).label}: {quoted(text)}",
        taken=gettext("Someone has already dismissed this issue."),
    )


@transition
def withdraw_dismissal(dismissal, *, by):
    """Withdraw a dismissal, so that the flag shows again."""
    return _withdraw(dismissal, by, Action.DISMISSAL_TAKEN_BACK, f"{dismissal.code}: {quoted(dismissal.text)}")


@transition
def exempt(article, *, by, section_key, reason):
    """Mark a section (None: the lead) as exempt from citations, and return the `Exemption`."""
    lock_article(article)
    _require_verifier(by, article)
    reason = reason.strip()
    require_reason(reason, gettext("Say why this part doesn’t need citations."))
    exemption = Exemption(article=article, section_key=section_key, reason=reason[:300])
    return _insert(exemption, by, Action.EXEMPTED, reason, taken=gettext("This part is already exempt."))


@transition
def withdraw_exemption(exemption, *, by):
    """Withdraw an exemption, so that the part needs citations again."""
    return _withdraw(exemption, by, Action.EXEMPTION_TAKEN_BACK, exemption.reason)


def _require_verifier(by, article):
    """Require permission to judge citations; the caller has locked the article, whose protection counts."""
    require(by, "articles.change_revision", gettext("verify citations"))
    require_editable(by, article)


def own_claims(user, claim_keys):
    """Return those of `claim_keys` that `user` wrote, as a set, and so can't confirm under the four-eyes rule.

    A claim is by those who contributed to the first text that it stood in; one that isn't saved yet is by its writer.
    Two queries.
    """
    if not (settings.FOUR_EYES and claim_keys):
        return set()
    saved = Citation.objects.filter(claim_key__in=claim_keys).order_by().values_list("claim_key")
    first = dict(saved.annotate(first=Min("revision")))
    wrote = Contributor.objects.filter(revision__in=set(first.values()), user=user).values_list("revision", flat=True)
    wrote = set(wrote)
    return {key for key in claim_keys if first.get(key) is None or first[key] in wrote}


def _insert(judgement, by, action, note, *, taken):
    """Save a new judgement and log it with `note`; `taken` says that somebody has already made the same one."""
    judgement.by, judgement.by_name, judgement.at = by, name_of(by), timezone.now()
    with refuse_second(gettext("%(taken)s Reload the page to see who.") % {"taken": taken}):
        judgement.save(force_insert=True)
    rows.record_new(judgement)
    return _record_and_republish(judgement, by, action, note)


def _withdraw(judgement, by, action, note):
    lock_article(judgement.article)
    _require_verifier(by, judgement.article)
    withdrawal = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_by_name": name_of(by)}
    with rows.recorded(type(judgement), [judgement.pk]):
        done = compare_and_set(type(judgement).objects.active(), judgement, **withdrawal)
    if not done:
        raise InvalidTransition(gettext("This was already withdrawn. Reload the page."))
    return _record_and_republish(judgement, by, action, note)


def _record_and_republish(judgement, by, action, note):
    record(judgement.article, None, action, by, note)
    others = _elsewhere(judgement)
    for article in others:
        if why_protected(by, article):
            message = gettext("“%(article)s” cites the same claim and is protected. Only moderators can judge it.")
            raise NotAllowed(message % {"article": article})
    for article in (judgement.article, *others):
        republish(article, with_related=False)
    return judgement


def _elsewhere(judgement):
    """Lock and return the other articles whose public text says the same about the same moment: they show it, too."""
    claim_key = getattr(judgement, "claim_key", None) or getattr(judgement, "subject", None)
    if claim_key is None:
        return []
    citing = Citation.objects.filter(is_public=True, claim_key=claim_key).order_by().values("revision")
    others = Article.objects.filter(published_revision__in=citing).exclude(pk=judgement.article_id)
    return list(others.select_for_update(no_key=True).order_by("pk"))
