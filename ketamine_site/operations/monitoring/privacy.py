"""Removes what may tell of a person from texts that leave the site, such as log lines."""

import ipaddress
import re

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*[0-9A-Fa-f:]")
# PostgreSQL quotes the values of a row in the details of an error, SQLite doesn't.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
# Pages that open for whoever knows their address: a shared draft, what came of a reader's suggestion.
_KEYED = re.compile(r"(/(?:shared|suggestions)/)[\w.-]{16,}")


def scrubbed(text):
    """Return `text` without mail addresses, network addresses, values of rows and keys in addresses of pages."""
    text = _KEYED.sub(r"\1[key]", text)
    text = _MAIL.sub("[mail address]", text)
    text = _IPV4.sub("[address]", text)
    text = _IPV6.sub(lambda match: "[address]" if _is_address(match[0]) else match[0], text)
    return _DETAIL.sub(r"\1: [left out]", text)


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
