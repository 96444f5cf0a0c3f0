"""System checks, which `manage.py check` and most commands run."""

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

from articles.workflow.history import verification

OTHERS = 0o077  # the bits of a file's mode for everyone but its owner


@register
def check_signing_key(app_configs, **kwargs):
    """Warn if the record isn't signed, or if others than the key's owner can read it."""
    if problem := verification.problem_of_key():
        return [CheckWarning(f"The record of changes isn’t signed. {problem}", id="articles.W001")]
    path = settings.SIGNING_KEY_FILE
    if path.stat().st_mode & OTHERS:
        return [
            CheckWarning(
                f"Other accounts on this machine can use the signing key {path}.",
                hint=f"Run: chmod 600 {path}",
                id="articles.W002",
            )
        ]
    return []
