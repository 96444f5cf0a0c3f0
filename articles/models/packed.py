"""Long texts that the database may keep packed."""

import zlib
from base64 import b64decode, b64encode
from functools import cached_property

from django.db import models

MARK = "\1"  # begins what is packed; no HTML of ours does


class Packed(str):
    """A text that is stored packed."""

    @cached_property
    def stored(self):
        return MARK + b64encode(zlib.compress(self.encode())).decode()


class PackedTextField(models.TextField):
    """A text, which is stored packed if it is a `Packed`, and read as one if it was.

    Its column is that of a `TextField`, which it is to migrations, and may have texts of both kinds.
    """

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value, expression, connection):
        return unpacked(value)

    def get_prep_value(self, value):
        if isinstance(value, Packed):
            return value.stored
        value = super().get_prep_value(value)
        return value.lstrip(MARK) if isinstance(value, str) else value


def unpacked(stored):
    """Return the text that the database has stored like this."""
    if stored is None or not stored.startswith(MARK):
        return stored
    return Packed(zlib.decompress(b64decode(stored[len(MARK) :])).decode())
