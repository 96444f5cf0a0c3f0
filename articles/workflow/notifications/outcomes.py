"""Mails readers the outcomes of their correction requests, and deletes the addresses that are no longer needed.

An address is that of whoever typed it, or of a third person: so a request leads to one mail, after a moderator has
answered it, without any word of the sender; nobody gets more than `MAILS_A_DAY`; and neither logs nor error messages
repeat it.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from articles.core.language.newlines import normalise_newlines
from articles.models import CorrectionRequest, FollowUp

from .delivery import BATCH, CLAIMED_FOR, MAIL_ATTEMPTS, RETRY_AFTER, Delivery
from .messages import absolute, one_line
from .sending import NoMailServer, close, may_have_arrived, send

Mail = FollowUp.Mail
MAILS_A_DAY = 3  # to one address; the next ones wait
DAY = timedelta(days=1)
RUN_SECONDS = 10

logger = logging.getLogger(__name__)


def deliver_outcomes(*, seconds=RUN_SECONDS):
    """Mail the outcomes that are due, within about `seconds`, and return the `Delivery`.

    A mail that failed is tried again as those of notices are. With the last attempt the address is deleted, too.
    """
    forget_expired()
    if not settings.EMAIL_IS_ON:
        return Delivery()
    end, sent, problem = time.monotonic() + seconds, 0, ""
    connection = get_connection()
    due = FollowUp.objects.filter(mail=Mail.WAITING, mail_due_at__lte=timezone.now())
    related = ("correction_request__article__published_revision", "correction_request__corrected_in")
    for follow_up in due.select_related(*related).order_by("mail_due_at", "pk")[:BATCH]:
        if time.monotonic() > end:
            break
        try:
            sent += _deliver(follow_up, connection)
        except NoMailServer as error:
            problem = str(error)
            break
    close(connection)
    return Delivery(sent, problem)


def forget_expired():
    """Delete the addresses whose time is over, and after a day what counts the mails to an address."""
    now = timezone.now()
    FollowUp.objects.filter(expires_at__lte=now).forget()
    FollowUp.objects.filter(mailed_at__lte=now - DAY).exclude(address_digest="").update(address_digest="")


def _deliver(follow_up, connection):
    """Send one mail; returns 1, or 0 if it failed, has to wait or is being sent by another process."""
    row = FollowUp.objects.filter(pk=follow_up.pk, mail=Mail.WAITING)
    address_digest, now = _digest_of(follow_up.address), timezone.now()
    mailed = FollowUp.objects.filter(address_digest=address_digest, mailed_at__gt=now - DAY).order_by("-mailed_at")
    mailed = list(mailed.values_list("mailed_at", flat=True)[:MAILS_A_DAY])
    if len(mailed) == MAILS_A_DAY:
        row.update(mail_due_at=mailed[-1] + DAY)
        return 0
    # The attempt is counted before it is made: if the process dies during it, the mail is tried again later.
    claim = {"mail_attempts": F("mail_attempts") + 1, "mail_due_at": now + CLAIMED_FOR}
    if not row.filter(mail_attempts=follow_up.mail_attempts).update(**claim):
        return 0
    try:
        send(outcome_mail(follow_up), connection)
    except Exception as error:  # whatever is wrong with this mail, the next one is sent
        attempts = follow_up.mail_attempts + 1
        is_hopeless = attempts >= MAIL_ATTEMPTS or may_have_arrived(error, connection)
        if is_hopeless:
            row.update(mail=Mail.FAILED, **_FORGOTTEN)
        else:
            row.update(mail_due_at=timezone.now() + RETRY_AFTER[attempts - 1])
        # The mail server's words usually repeat the address.
        code = getattr(error, "smtp_code", "") or type(error).__name__
        outcome = "given up" if is_hopeless else "will be tried again"
        logger.warning(
            "Mailing the outcome of request %s failed, %s: %s", follow_up.correction_request_id, outcome, code
        )
        close(connection)  # the next mail gets a new one
        if isinstance(error, NoMailServer):
            raise
        return 0
    row.update(mail=Mail.SENT, mailed_at=timezone.now(), address_digest=address_digest, **_FORGOTTEN)
    return 1


_FORGOTTEN = {"address": "", "mail_due_at": None, "expires_at": None}


def _digest_of(address):
    return salted_hmac("articles.follow_up.address", address.casefold(), algorithm="sha256").hexdigest()


def outcome_mail(follow_up):
    """Return the mail with the outcome. Neither it nor the page that it leads to says what the reader wrote: they may have
    typed another's address.
    """
    correction_request = follow_up.correction_request
    title = _title_of(correction_request)
    about = gettext("Your suggested correction to “%(title)s”") if title else gettext("Your suggested correction")
    day = date(timezone.localtime(correction_request.at), "DATE_FORMAT")
    paragraphs = [
        gettext("On %(day)s you suggested a correction to “%(title)s”.") % {"day": day, "title": title}
        if title
        else gettext("On %(day)s you suggested a correction.") % {"day": day},
        outcome_words(correction_request),
    ]
    if follow_up.audience != FollowUp.Audience.TEAM and correction_request.answer:
        paragraphs.append(normalise_newlines(correction_request.answer).strip())
    if title:
        page = correction_request.article.get_absolute_url()
        if correction_request.corrected_in and not correction_request.is_taken_back:
            page = reverse(
                "public_revision", args=[correction_request.article.slug, correction_request.corrected_in.number]
            )
        paragraphs.append(gettext("The text: %(url)s") % {"url": absolute(page)})
    paragraphs += [
        gettext("The page of your suggestion: %(url)s") % {"url": absolute(follow_up.get_mailed_url())},
        "-- \n"
        + gettext(
            "Your address was given with the suggestion, for this mail only. It has been deleted, and you won’t get "
            "another mail about it. If it wasn’t you who gave it, there is nothing you need to do."
        ),
    ]
    subject = one_line(f"{settings.SITE_NAME}: {about % {'title': title}}")
    # Answers by machines, such as notes of absence, aren't wanted (RFC 3834).
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, "\n\n".join(paragraphs) + "\n", to=[follow_up.address], headers=headers)


def _title_of(correction_request):
    """Return the article's title, "" if it isn't public."""
    published = correction_request.article.published_revision
    return published.title if published else ""


def outcome_words(correction_request):
    """Say in a sentence or two what came of an answered correction request, and whether that still holds."""
    published = correction_request.article.published_revision
    if correction_request.outcome == CorrectionRequest.Outcome.SPAM:
        return gettext("It was closed without an answer.")
    words = gettext("A moderator decided that no change is needed.")
    if correction_request.outcome == CorrectionRequest.Outcome.CORRECTED:
        words = gettext("The text was corrected, in revision %(number)s.")
        words %= {"number": correction_request.corrected_in.number}
    if published is None:
        now = gettext("The article isn’t public at the moment.")
        return f"{words} {now}"
    if correction_request.is_taken_back:
        since = gettext(
            "Since then an earlier text has been published again: revision %(now)s isn’t based on the correction."
        )
        return f"{words} {since % {'now': published.number}}"
    return words
