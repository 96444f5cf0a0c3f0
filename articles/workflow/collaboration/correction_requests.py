"""Readers' correction requests: received within limits, answered once, taken up as a draft."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from articles.core.language.shorten import shorten
from articles.core.markdown import plain_heading
from articles.derived.reviews import reviewers
from articles.models import CorrectionRequest, Notice, Revision
from articles.workflow import notifications
from articles.workflow.content import content_of
from articles.workflow.drafts import start_draft
from articles.workflow.history import audit_log, rows
from articles.workflow.transitions import (
    InvalidTransition,
    WorkflowError,
    clock,
    lock_article,
    name_of,
    require,
    require_reason,
    transition,
)

from . import follow_ups

Outcome = CorrectionRequest.Outcome
LIMITS = ((timedelta(hours=1), 5, gettext_lazy("an hour")), (timedelta(days=1), 20, gettext_lazy("a day")))
SUMMARY_MAX = Revision._meta.get_field("edit_summary").max_length


class TooMany(WorkflowError):
    """One network address has sent more correction requests than a person would write."""


@transition
def receive(revision, text, *, sender, section=None, claim="", address=""):
    """Store a reader's correction request for `revision`, or one `section` and `claim` of it, and notify reviewers.

    Sending the same request twice stores it once. `sender` is a keyed digest of the network address; `address` is where
    the reader wants to hear the outcome. Raises `TooMany` beyond the limits.
    """
    article = revision.article
    lock_article(article)  # so that two identical requests at the same moment are stored once
    now = timezone.now()
    from_sender = CorrectionRequest.objects.filter(sender=sender)
    same = from_sender.filter(revision=revision, section_key=section and section.key, claim=claim, text=text).first()
    if same is not None:
        follow_ups.begin(same, address)
        return same
    for period, most, words in LIMITS:
        if from_sender.filter(at__gt=now - period).count() >= most:
            raise TooMany(
                gettext(
                    "More than %(most)s suggestions %(words)s came from your network address, so this one wasn’t sent. "
                    "Your text is kept below: copy it and try again later."
                )
                % {"most": most, "words": words}
            )
    heading = plain_heading(section.heading) if section else ""
    correction_request = CorrectionRequest.objects.create(
        article=article,
        revision=revision,
        section_key=section and section.key,
        section_heading=heading,
        claim=claim,
        text=text,
        at=now,
        sender=sender,
    )
    rows.record_new(correction_request)
    follow_ups.begin(correction_request, address)
    where = f", “{heading}”" if heading else ""
    notifications.notify(
        Notice.Kind.CHALLENGED,
        gettext("A reader suggests a correction to “%(title)s”%(where)s: %(text)s")
        % {"title": revision.title, "where": where, "text": text},
        revision=revision,
        users=[
            *reviewers.users_with_permission("articles.review_revision"),
            revision.author,
            *notifications.watchers(article),
        ],
    )
    return correction_request


@transition
def answer(
    correction_request, *, by, outcome, answer="", corrected_in=None, together=(), audience=follow_ups.Audience.TEAM
):
    """Close an open correction request with an outcome, and those in `together`, which are about the same claim.

    `Outcome.STANDS` needs a reason in `answer`, `Outcome.CORRECTED` a later published revision in `corrected_in`. If one
    of them can't be answered like this, none is. Readers hear the outcome; `audience` says who also reads the reason.
    """
    require(by, "articles.review_revision", gettext("answer correction requests"))
    lock_article(correction_request.article)
    answered = [correction_request, *together]
    _require_answer(answered, outcome, answer, corrected_in)
    follow_ups.require_audience(audience, by=by, outcome=outcome, answer=answer, corrected_in=corrected_in)
    values = {
        "outcome": outcome,
        "answer": answer,
        "corrected_in": corrected_in if outcome == Outcome.CORRECTED else None,
        "answered_at": timezone.now(),
        "answered_by": by,
        "answered_by_name": name_of(by),
    }
    keys = [one.pk for one in answered]
    with rows.recorded(CorrectionRequest, keys):
        number = CorrectionRequest.objects.open().filter(pk__in=keys).update(**values)
    for one in answered:
        one.refresh_from_db()
    if number < len(keys):
        raise _answered_already(next(one for one in answered if one.answered_at != values["answered_at"]))
    follow_ups.settle(answered, outcome=outcome, audience=audience)
    return correction_request


def _require_answer(answered, outcome, answer, corrected_in):
    first = answered[0]
    if outcome not in {Outcome.STANDS, Outcome.CORRECTED, Outcome.SPAM}:
        raise InvalidTransition(gettext("Choose an outcome: no change needed, corrected or spam."))
    if any((one.article_id, one.claim) != (first.article_id, first.claim) or not one.claim for one in answered[1:]):
        raise InvalidTransition(gettext("Only requests about the same claim can be answered together."))
    if outcome == Outcome.STANDS:
        require_reason(answer, gettext("Say why no change is needed, in case someone else asks."))
    if outcome == Outcome.CORRECTED:
        if corrected_in is None or corrected_in.article_id != first.article_id:
            raise InvalidTransition(gettext("Choose the revision of this article that contains the correction."))
        seen = max(one.revision.number for one in answered)
        if corrected_in.number <= seen or not audit_log.was_published(corrected_in):
            raise InvalidTransition(
                gettext(
                    "Revision %(number)s wasn’t published after the text in question. Publish the correction first."
                )
                % {"number": corrected_in.number}
            )


def _answered_already(correction_request):
    return InvalidTransition(
        gettext(
            "%(answered_by_name)s already answered this at %(answered_at)s: %(outcome_display)s. Your answer "
            "wasn’t saved."
        )
        % {
            "answered_by_name": correction_request.answered_by_name,
            "answered_at": clock(correction_request.answered_at),
            "outcome_display": correction_request.get_outcome_display(),
        }
    )


@transition
def take_up(correction_request, *, by):
    """Start a draft for `by` from the published text, with an edit summary that cites the correction request."""
    require(by, "articles.review_revision", gettext("start drafts from correction requests"))
    article = correction_request.article
    lock_article(article)
    published = article.published_revision
    if published is None:
        raise InvalidTransition(gettext("The article is no longer published, so there is no text to correct."))
    summary = shorten(f"Correction request no. {correction_request.pk}: {correction_request.text}", SUMMARY_MAX)
    content = replace(content_of(published), edit_summary=" ".join(summary.split()))
    return start_draft(article, content, by=by, base=published)
