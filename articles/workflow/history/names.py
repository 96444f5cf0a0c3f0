"""How digests cover names, although a name can be withheld later and the record must still verify then."""

import hashlib
import secrets

from articles.models import WITHHELD

SALT, DIGEST = 32, 64  # hexadecimal digits of a seal, as long as the name is stored and afterwards


def new_seal():
    """Return the seal of a name that is about to be stored: a random salt."""
    return secrets.token_hex(SALT // 2)


def sealed(name, seal):
    """Return what digests cover in place of `name`: its salted SHA-256, or "" in rows of earlier versions."""
    return hashlib.sha256(f"{seal}\n{name}".encode()).hexdigest() if len(seal) == SALT else seal


def is_as_sealed(name, seal):
    """Whether `name` can be what `seal` is of: without its salt, only a withheld name can."""
    return len(seal) != DIGEST or name == WITHHELD
