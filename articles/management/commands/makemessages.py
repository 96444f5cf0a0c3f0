"""Django's makemessages, that finds the words of the pure modules (articles/core/language/messages.py) as well."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy_message",
        "--keyword=lazy_plural:1,2",
        "--keyword=noop",
    ]
    # A guess looks like a translation; what is new stays empty until somebody writes it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
