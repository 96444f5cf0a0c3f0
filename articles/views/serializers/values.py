"""Languages, addresses and times as plain data."""

from django.conf import settings


def language(revision):
    """Return the BCP 47 tag of the text's language."""
    return revision.language or settings.LANGUAGE_CODE


def absolute(address, root):
    return f"{root}{address}" if address.startswith("/") else address


def time(moment):
    return moment and moment.isoformat(timespec="seconds")
