"""Options that the import commands share: the acting user and the problem report file."""

from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from articles.importing import shown_path
from articles.workflow import name_of


def acting_user(username, needed):
    """Return the active user named by ``--as``, else the first superuser, None if there is none.

    Raises `CommandError` for an unknown name, or if the named user lacks a permission in `needed`.
    """
    users = get_user_model()._default_manager.filter(is_active=True)
    if not username:
        return users.filter(is_superuser=True).order_by("pk").first()
    user = users.filter(**{get_user_model().USERNAME_FIELD: username}).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    if missing := [permission for permission in needed if not user.has_perm(permission)]:
        raise CommandError(f"{name_of(user)} lacks permission: {', '.join(missing)}.")
    return user


@contextmanager
def report_file(path):
    """Open the ``--report`` file for writing, encoded for spreadsheets; yield None without a `path`."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CommandError(f"Can’t write {shown_path(path)}: {error.strerror}.") from error
    with file:
        yield file
