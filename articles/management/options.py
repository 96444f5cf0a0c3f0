"""What commands that import have in common: who imports, and the file that every problem goes to."""

from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from articles.importing import shown_path
from articles.workflow import name_of


def acting_user(username, needed):
    """The active user named by ``--as``, else the first superuser, None if there is none.

    Raises `CommandError` for an unknown name, and where one of the permissions `needed` is missing.
    """
    users = get_user_model()._default_manager.filter(is_active=True)
    if not username:
        return users.filter(is_superuser=True).order_by("pk").first()
    user = users.filter(**{get_user_model().USERNAME_FIELD: username}).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    if lacking := [permission for permission in needed if not user.has_perm(permission)]:
        raise CommandError(f"{name_of(user)} may not do this: {', '.join(lacking)} is missing.")
    return user


@contextmanager
def report_file(path):
    """The file of ``--report``, open for writing as spreadsheets read it; None without a `path`."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CommandError(f"{shown_path(path)} cannot be written: {error.strerror}.") from error
    with file:
        yield file
