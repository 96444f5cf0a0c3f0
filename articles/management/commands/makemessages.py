"""Extend makemessages to extract the lazy messages of the core (articles/core/language/messages.py)."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy_message",
        "--keyword=lazy_plural:1,2",
        "--keyword=noop",
    ]
    # A fuzzy guess looks like a translation; new messages stay empty until somebody translates them.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
