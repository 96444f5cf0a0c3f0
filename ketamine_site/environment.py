"""Reads settings from environment variables. What can't be meant is refused in one line that says what to set.

Each function returns the value of the variable `name`, and raises `ImproperlyConfigured`.
"""

import os
import re
from email.utils import getaddresses
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

ENVIRONMENT = set()  # the names of the variables that settings come from


def read(name, default=""):
    ENVIRONMENT.add(name)
    return os.environ.get(name, default)


def flag(name, default=False):
    value = read(name, "").strip().lower()
    if value in {"", "0", "false", "no", "off"}:
        return default if value == "" else False
    if value in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"{name}={value!r} is neither on nor off. Use 1 or 0.")


def number(name, default, least, most, unit=""):
    """Return a whole number from `least` to `most`."""
    value = read(name, "").strip() or str(default)
    if not (value.isdecimal() and len(value) < 20 and least <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name}={value!r} isn't valid. Give a whole number{unit} from {least} to {most}, such as {default}."
        )
    return int(value)


def megabytes(name, default, *, least=1, most=1_000_000):
    """Return a size given in megabytes as a number of bytes."""
    return number(name, default, least, most, " of megabytes") * 1024 * 1024


def choice(name, choices):
    """Return one of `choices`, the first by default."""
    value = read(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} isn't a valid choice. Use one of {', '.join(sorted(choices))}.")
    return value


def share(name, default):
    """Return a percentage as a number from 0 to 1."""
    value = read(name, "").strip()
    if value and not re.fullmatch(r"(?:\d{1,2}|100)%?", value):
        raise ImproperlyConfigured(
            f"{name}={value!r} isn't a valid percentage. Give a whole number from 0 to 100, such as {default:.0%}."
        )
    return int(value.removesuffix("%")) / 100 if value else default


def words(name):
    return [word.strip() for word in read(name, "").split(",") if word.strip()]


HOST = r"(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\])(?::\d+)?"


def has_form(pattern, address):
    """Whether an address has the form of a pattern, and a port and an IPv6 address that there can be."""
    try:
        return bool(re.fullmatch(pattern, address, re.ASCII)) and urlsplit(address).port != 0
    except ValueError:
        return False


# What is wrong with addresses and tokens is said without repeating them: they may have a password or be secret.
def origin(name):
    """Return scheme and host, such as https://example.org, without a trailing slash; empty if unset."""
    value = read(name, "").strip().removesuffix("/")
    if value and not has_form(f"https?://{HOST}", value):
        raise ImproperlyConfigured(
            f"{name} isn't a valid origin. Give scheme and host alone, such as https://example.org."
        )
    return value


def origins(name):
    """Return origins as browsers send them: without a slash at the end and without the port that goes without saying."""
    values = [
        re.sub(r"^(http://.+):80$|^(https://.+):443$", r"\1\2", word.lower().removesuffix("/")) for word in words(name)
    ]
    if not all(has_form(rf"https?://(?:\*\.)?{HOST}", value) for value in values):
        raise ImproperlyConfigured(
            f"{name} has what isn't an origin. Give schemes and hosts alone, such as https://example.org, separated by "
            "commas; https://*.example.org is for all subdomains."
        )
    return values


def hosts(name):
    """Return host names as Django compares them with that of a request."""
    values = [word.lower() for word in words(name)]
    if "*" in values:
        raise ImproperlyConfigured(f"{name}=* accepts any host name. List the site's own host names instead.")
    for value in values:
        if not re.fullmatch(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", value):
            raise ImproperlyConfigured(
                f"{name}: {value!r} isn't a host name. Give host names alone, such as example.org, without scheme, port "
                "and path, separated by commas; .example.org is for all subdomains, too."
            )
    return values


def contacts(name):
    """Return addresses for Contact in security.txt (RFC 9116): a mail address, or an https:, mailto: or tel: URI."""
    contacts = [f"mailto:{word}" if re.fullmatch(r"[^@:/]+@[^@:/]+", word) else word for word in words(name)]
    for contact in contacts:
        if not has_form(rf"mailto:[\x21-\x7e]+@[\x21-\x7e]+|tel:\+[\d-]+|https://{HOST}(?:/[\x21-\x7e]*)?", contact):
            raise ImproperlyConfigured(
                f"{name}: {contact!r} isn't an address to report to. Give a mail address or a link, such as "
                "security@example.org or https://example.org/report; several are separated by commas."
            )
    return contacts


def sender(name, default):
    """Return one mail address, which may have a name before it."""
    value = read(name).strip() or default
    if [bool(re.fullmatch(r"[^@\s]+@[^@\s]+", address)) for _, address in getaddresses([value])] != [True]:
        raise ImproperlyConfigured(
            f"{name}={value!r} isn't a mail address. Give one, such as site@example.org or Example <site@example.org>."
        )
    return value


def path(name, default=None):
    """Return the path of a file or folder."""
    value = read(name).strip()
    if value.startswith("~") or "$" in value or "://" in value:
        raise ImproperlyConfigured(
            f"{name}={value!r} isn't a path: ~ and $ aren't replaced here. Give all of it, such as /srv/site/name."
        )
    return Path(value) if value else default


def time_zone(name):
    """Return the name of a time zone, UTC by default."""
    value = read(name, "").strip() or "UTC"
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name}={value!r} isn't a time zone. Give its name, such as Europe/Berlin.")
    return value


def link(name):
    """Return an https address, empty if unset."""
    value = read(name, "").strip()
    if value and not has_form(rf"https://{HOST}(?:/[\x21-\x7e]*)?", value):
        raise ImproperlyConfigured(f"{name} isn't an https address, such as https://example.org/policy.")
    return value


def header(name, value):
    """Return a token that is sent in a header."""
    if not re.fullmatch(r"[\x20-\x7e]*", value):
        raise ImproperlyConfigured(f"{name} can't be sent in a header. Use A to Z, a to z, digits and - . _ only.")
    return value


def require_driver(name, url):
    if url.startswith("redis") and not find_spec("redis"):
        raise ImproperlyConfigured(
            f"{name} names Redis, whose driver isn't installed: pip install --require-hashes -r requirements/production.txt"
        )


def optional(name, module, remedy="pip install --require-hashes -r requirements/production.txt"):
    """Return a setting that needs a package; empty if unset."""
    value = read(name).strip()
    if value and not find_spec(module):
        raise ImproperlyConfigured(f"{name} is set, but its package isn't installed: {remedy}")
    return value
