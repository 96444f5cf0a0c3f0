"""System checks, which `manage.py check` and most commands run."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

from articles.core.lint import RULES
from articles.workflow.history import verification

OTHERS = 0o077  # the bits of a file's mode for everyone but its owner


def existing(path):
    """Return `path`, or what is known to be there of the folders above it: a file if it can't be made there."""
    path = Path(path).absolute()
    # Path.exists raises an error within a folder that mustn't be entered.
    return next(place for place in (path, *path.parents) if os.path.exists(place))  # noqa: PTH110


@register
def check_signing_key(app_configs, **kwargs):
    """Warn if the record isn't signed, or if others than the key's owner can read it."""
    path = settings.SIGNING_KEY_FILE
    if problem := verification.problem_of_key():
        message = f"The record of changes isn’t signed. {problem}"
        place = existing(path)
        is_missing = place != path.absolute() and place.is_dir() and os.access(place, os.W_OK)
        # For one that is missing, the message says how to create it.
        hint = None if is_missing else "Name the file of the key in SIGNING_KEY_FILE, and let the site read it."
        return [CheckWarning(message, hint=hint, obj="SIGNING_KEY_FILE", id="articles.W001")]
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
    path = settings.SIGNED_HEADS_FILE.absolute()
    place = existing(path)
    is_possible = place.is_file() if place == path else place.is_dir()
    if is_possible and os.access(place, os.R_OK | os.W_OK):
        return []
    hint = "Let the site write there, or set SIGNED_HEADS_FILE to another place."
    if not is_possible:
        hint = f"Set SIGNED_HEADS_FILE to another place: {place} is a {'folder' if place.is_dir() else 'file'}."
    message = f"Signed heads can’t be written to {settings.SIGNED_HEADS_FILE}."
    return [CheckWarning(message, hint=hint, obj="SIGNED_HEADS_FILE", id="articles.W003")]


@register
def check_codes(app_configs, **kwargs):
    """Warn of codes in CHECKS_OFF that no check has, such as that of an earlier release."""
    codes = [rule.code for rule in RULES]
    return [
        CheckWarning(
            f"No check has the code {code!r}, so it switches nothing off.",
            hint=f"Remove it from CHECKS_OFF, or write one of these: {', '.join(codes)}.",
            obj="CHECKS_OFF",
            id="articles.W004",
        )
        for code in settings.INSPECTION_OFF
        if code not in codes
    ]
