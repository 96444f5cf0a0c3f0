"""The settings in a backup: the environment variables that are set, without passwords and keys."""

import os
from urllib.parse import urlsplit

from ketamine_site.environment import ENVIRONMENT

SECRETS = {
    "BUCKET_KEY_ID",
    "BUCKET_SECRET_KEY",
    "CDN_PURGE_TOKEN",
    "CELERY_BROKER_URL",  # may name several brokers
    "METRICS_TOKEN",
    "SECRET_KEY",
    "SENTRY_DSN",
}


def without_secrets(environment=os.environ):
    """Return the lines NAME=value of the settings, and comments for what is left out."""
    lines = ["# The settings of the site, without its secrets. Add those before you use this file."]
    for name in sorted(ENVIRONMENT):
        value = environment.get(name, "").strip()
        if not value:
            continue
        if name in SECRETS:
            lines.append(f"# {name} was set. It is a secret: put it in from where you keep secrets.")
            continue
        if "://" in value and (shown := _without_password(value)) != value:
            lines.append(f"# The password of {name} is left out.")
            value = shown
        lines.append(f"{name}={_quoted(value)}")
    return "\n".join(lines) + "\n"


def _without_password(address):
    """Return an address without what may be secret, password, query and fragment; empty if it can't be read."""
    try:
        url = urlsplit(address)
        host = url.netloc.rpartition("@")[2]
        user = f"{url.username}@" if url.username else ""
    except ValueError:
        return ""
    return f"{url.scheme}://{user}{host}{url.path}"


def _quoted(value):
    """Return a value as shells and systemd read it."""
    if all(character.isalnum() or character in "_-./:,@%+=" for character in value):
        return value
    return "'" + value.replace("'", "'\\''") + "'"
