"""System checks, which `manage.py check` and most commands run."""

import os

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

from articles.workflow.history import verification

OTHERS = 0o077  # the bits of a file's mode for everyone but its owner


@register
def check_signing_key(app_configs, **kwargs):
    """Warn if the record isn't signed, or if others than the key's owner can read it."""
    if problem := verification.problem_of_key():
        message = f"The record of changes isn’t signed. {problem}"
        return [CheckWarning(message, obj="SIGNING_KEY_FILE", id="articles.W001")]
    path = settings.SIGNING_KEY_FILE
    if path.stat().st_mode & OTHERS:
        return [
            CheckWarning(
                f"Other accounts on this machine can use the signing key {path}.",
                hint=f"Run: chmod 600 {path}",
                obj="SIGNING_KEY_FILE",
                id="articles.W002",
            )
        ]
    return []


@register
def check_signed_heads(app_configs, **kwargs):
    """Warn if signed heads can't be kept outside the database."""
    path = settings.SIGNED_HEADS_FILE
    place = path if path.exists() else next(folder for folder in path.absolute().parents if folder.exists())
    if (place == path or place.is_dir()) and os.access(place, os.R_OK | os.W_OK):
        return []
    hint = "Let the site write there, or set SIGNED_HEADS_FILE to another place."
    message = f"Signed heads can’t be written to {path}."
    return [CheckWarning(message, hint=hint, obj="SIGNED_HEADS_FILE", id="articles.W003")]
