"""A real SMTP server for tests, in a thread: keeps what it accepts, and refuses the addresses it is told to."""

import asyncio
import email
import email.policy
import math
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class MailServer:
    """`messages` are the received mails as parsed from the wire; `refused` maps addresses to the server's answer.

    `senders` and `texts` are the answers to MAIL and to the end of a text. Instead of the latter, `end_after_text`
    "close" ends the connection, and "silence" never answers. After `mails_per_connection` the server wants a new one.
    """

    def __init__(self):
        self.messages = []
        self.refused = {}
        self.senders = self.texts = "250 OK"
        self.end_after_text = ""
        self.mails_per_connection = math.inf

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        session.mails = getattr(session, "mails", 0) + 1
        if session.mails > self.mails_per_connection:
            return "421 Too many mails in this connection"
        envelope.mail_from = address
        return self.senders

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.texts.startswith("250"):
            self.messages.append(email.message_from_bytes(envelope.original_content, policy=email.policy.default))
        if self.end_after_text == "close":
            server.transport.abort()
        elif self.end_after_text:
            await asyncio.sleep(5)
        return self.texts

    @property
    def subjects(self):
        """The subjects, without the space that remains where Python folds a long one before its first word."""
        return [message["Subject"].removeprefix(" ") for message in self.messages]

    def body(self):
        """The text of the only message."""
        (message,) = self.messages
        return message.get_content().replace("\r\n", "\n")


class _Controller(Controller):
    def _trigger_server(self):
        """Connect to the port that the system chose; the library tries the 0 it was told."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(settings):
    """Run a mail server and set the site to send its mail there; yields the `MailServer`."""
    handler = MailServer()
    controller = _Controller(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_IS_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    try:
        yield handler
    finally:
        controller.stop()
