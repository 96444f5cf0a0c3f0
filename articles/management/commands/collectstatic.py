"""Django's command, which says what is wrong with the folder that it can't write to."""

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management.base import CommandError


class Command(collectstatic.Command):
    def handle(self, **options):
        try:
            return super().handle(**options)
        except OSError as error:
            raise CommandError(
                f"Static files can’t be collected: {error.filename or settings.STATIC_ROOT}: {error.strerror or error}. "
                f"Let this account write to STATIC_ROOT ({settings.STATIC_ROOT}), or set another folder, then run this "
                "again."
            ) from error
