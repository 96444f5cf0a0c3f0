"""Sends one mail over a connection that is kept for the next, and says why a mail failed."""

import contextlib
import smtplib

from articles.core.language.shorten import printable_line, shorten
from articles.models import Notice

CLOSING, TOO_LARGE = 421, 552  # of RFC 5321, section 4.2.3
ERROR_MAX = Notice._meta.get_field("mail_error").max_length


class NoMailServer(Exception):
    """The mail server can't be reached, or refuses the log-in or the sender, which is no fault of the address."""


def send(message, connection):
    """Send over the open connection or a new one, if the server ended the open one after the last mail."""
    is_new = _open(connection)
    try:
        _transmit(message, connection)
    except smtplib.SMTPException as error:
        is_ended = isinstance(error, smtplib.SMTPServerDisconnected) or getattr(error, "smtp_code", 0) == CLOSING
        if is_new or not is_ended or may_have_arrived(error, connection):
            raise
        close(connection)
        _open(connection)
        _transmit(message, connection)


def _open(connection):
    """Open the connection, if it isn't; returns whether it is a new one."""
    try:
        is_new = connection.open()
    except Exception as error:
        raise NoMailServer(reason_of(error)) from error
    if is_new and (smtp := getattr(connection, "connection", None)):
        _watch(smtp)
    return is_new


def _transmit(message, connection):
    try:
        is_taken = connection.send_messages([message])
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code in {CLOSING, TOO_LARGE}:
            raise
        raise NoMailServer(reason_of(error)) from error
    if not is_taken:
        raise smtplib.SMTPException("The mail server took no mail.")


def _watch(smtp):
    """Have `smtp` keep in `has_sent_text` whether it sent the end of a text (RFC 5321, section 4.1.1.4) last."""
    send = smtp.send

    def watched(data):
        send(data)
        smtp.has_sent_text = data[-5:] in {b"\r\n.\r\n", "\r\n.\r\n"}

    smtp.send, smtp.has_sent_text = watched, False


def may_have_arrived(error, connection):
    """Whether the mail server had the whole text when the connection broke: a second mail could be a second copy."""
    is_answer = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
    smtp = getattr(connection, "connection", None)
    return isinstance(error, OSError) and not is_answer and getattr(smtp, "has_sent_text", False)


def close(connection):
    with contextlib.suppress(OSError):
        connection.close()


def reason_of(error):
    """Say in one line why a mail failed, with the mail server's own words (smtplib's errors are OSErrors)."""
    if isinstance(error, NoMailServer):
        code, words = "", str(error)
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        code, words = (
            "",
            str(error) if isinstance(error, OSError) and str(error) else f"{type(error).__name__}: {error}",
        )
    words = words.decode(errors="replace") if isinstance(words, bytes) else words
    return shorten(printable_line(f"{code} {words}".strip()), ERROR_MAX)
