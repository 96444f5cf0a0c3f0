"""The mails: one notice, or a day's notices in one digest. Plain text with links, and a subject of one line."""

import unicodedata

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from articles.core.language.newlines import normalise_newlines
from articles.core.language.shorten import shorten_at_word

from .links import url_of

SUBJECT_MAX = 150  # characters
LISTED_MAX = 100  # notices in a digest
UNSAFE = {"Cc", "Cs"}  # control characters and surrogates, which headers can't carry


def notice_mail(notice):
    """Return the mail for one notice."""
    return _mail(notice.user, notice.text, [_paragraph(notice, notice.user)])


def digest_mail(user, notices):
    """Return one mail for several notices of `user`, oldest first. Beyond `LISTED_MAX` it gives their number."""
    number = len(notices)
    subject = ngettext("%(number)s notice", "%(number)s notices", number) % {"number": number}
    paragraphs = [
        f"{date(timezone.localtime(notice.at), 'DATETIME_FORMAT')}\n{_paragraph(notice, user)}"
        for notice in notices[:LISTED_MAX]
    ]
    if more := number - len(paragraphs):
        paragraphs.append(
            ngettext("%(more)s more notice is in your inbox.", "%(more)s more notices are in your inbox.", more)
            % {"more": more}
        )
    return _mail(user, subject, paragraphs)


def _mail(user, subject, paragraphs):
    links = [
        gettext("Your inbox: %(url)s") % {"url": absolute(reverse("admin:inbox"))},
        gettext("How often you get mail: %(url)s") % {"url": absolute(reverse("admin:own_account"))},
    ]
    # “-- ” is the usual separator of a signature (RFC 3676, section 4.3).
    body = "\n\n".join([*paragraphs, "\n".join(["-- ", *links])]) + "\n"
    # Answers to notices by machines, such as notes of absence, aren't wanted (RFC 3834).
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(one_line(f"{settings.SITE_NAME}: {subject}"), body, to=[user.email], headers=headers)


def _paragraph(notice, user):
    return f"{normalise_newlines(notice.text).strip()}\n{absolute(url_of(notice, user))}"


def one_line(text):
    """Return `text` as a subject: one line, without control characters, at most `SUBJECT_MAX` characters and “ …”."""
    words = " ".join(text.split())
    return shorten_at_word("".join(char for char in words if unicodedata.category(char) not in UNSAFE), SUBJECT_MAX)


def absolute(path):
    """Return the absolute URL of `path`: below `SITE_URL` or, without one, the first of `ALLOWED_HOSTS`."""
    if settings.SITE_URL:
        return settings.SITE_URL + path
    host = next(iter(settings.ALLOWED_HOSTS), "localhost").removeprefix(".")
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{host}{path}"
