"""The key that signs the chain, in a file outside the database, with the public keys of those it has replaced.

The file has PEM blocks (RFC 7468): the private key, then the retired public keys, oldest first. All are Ed25519 (RFC
8032).
"""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)


class KeyProblem(Exception):
    """The key can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Keys:
    """The current key and the public keys that it and its predecessors sign with."""

    private: Ed25519PrivateKey
    retired: tuple[Ed25519PublicKey, ...] = ()

    @cached_property
    def public(self):
        """{key id: public key}, oldest first; the last one is the current key's."""
        return {id_of(key): key for key in (*self.retired, self.private.public_key())}

    @cached_property
    def order(self):
        """{key id: its place among the keys}, oldest first."""
        return {key_id: place for place, key_id in enumerate(self.public)}

    @cached_property
    def current_id(self):
        return id_of(self.private.public_key())

    def sign(self, statement):
        """Return (key id, signature as Base64) of a statement, a string."""
        return self.current_id, base64.b64encode(self.private.sign(statement.encode())).decode()

    def proof(self, statement):
        """Return the keyed digest (HMAC, RFC 2104; 64 hex digits) by which only this site's processes prove a statement.

        It costs a tenth of a signature, and nobody else has to verify it.
        """
        return hmac.new(self._secret, statement.encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _secret(self):
        raw = self.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return hmac.digest(raw, b"proof of a record", hashlib.sha256)

    def has_proven(self, statement, proof):
        return hmac.compare_digest(self.proof(statement), proof or "")

    def has_signed(self, statement, key_id, signature):
        """Whether `signature` is that of the statement by the key with this id."""
        key = self.public.get(key_id)
        try:
            decoded = base64.b64decode(signature, validate=True)
            if key is not None:
                key.verify(decoded, statement.encode())
        except (InvalidSignature, ValueError):
            return False
        return key is not None


def id_of(public_key):
    """Return the id of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(_raw(public_key)).hexdigest()[:16]


def load():
    """Return the site's `Keys`. Raises `KeyProblem`.

    The file is read again when it has changed, so that running processes notice a new key.
    """
    path = settings.SIGNING_KEY_FILE
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except FileNotFoundError:
        raise KeyProblem(
            f"There is no signing key at {path}. Create one with `manage.py signing_key --create`, or put it back."
        ) from None
    except OSError as error:
        raise KeyProblem(f"The signing key {path} can’t be read: {error.strerror}.") from error


def load_or_none():
    """Return the site's `Keys`, None if there are none that can be used."""
    try:
        return load()
    except KeyProblem:
        return None


@lru_cache(maxsize=4)
def _read(path, modified, size):
    try:
        blocks = [(match[1], match[0]) for match in _BLOCK.finditer(path.read_bytes())]
        private = [load_pem_private_key(block, None) for label, block in blocks if label == b"PRIVATE KEY"]
        retired = [load_pem_public_key(block) for label, block in blocks if label == b"PUBLIC KEY"]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private, retired = [], []
    is_usable = len(private) == 1 and isinstance(private[0], Ed25519PrivateKey)
    if not is_usable or not all(isinstance(key, Ed25519PublicKey) for key in retired):
        raise KeyProblem(
            f"{path} isn’t a signing key. It must have one Ed25519 private key as PEM, then the retired public keys. "
            "Put the right file back; `manage.py signing_key --create` makes a new one where there is none."
        )
    return Keys(private[0], tuple(retired))


def create():
    """Write a new key, readable only by its owner, unless there is a file already; return whether it was written."""
    path = settings.SIGNING_KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, Keys(Ed25519PrivateKey.generate()))
    except FileExistsError:
        return False
    return True


def rotate():
    """Replace the key by a new one and retire the old one: its public key is kept, its private key isn't."""
    path, old = settings.SIGNING_KEY_FILE, load()
    new = Keys(Ed25519PrivateKey.generate(), (*old.retired, old.private.public_key()))
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    _write(unfinished, new)
    unfinished.replace(path)
    return new


def as_pem(public_key):
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def as_jwks(keys):
    """Return the public keys as a JSON Web Key Set (RFC 7517, RFC 8037), the current one first; empty without keys."""
    public = reversed(keys.public.items()) if keys else ()
    return {
        "keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": key_id, "use": "sig", "alg": "EdDSA", "x": _base64url(_raw(key))}
            for key_id, key in public
        ]
    }


def _write(path: Path, keys):
    private = keys.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("".join([private, *map(as_pem, keys.retired)]))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink()  # half a key would be taken for one that is there already
        raise OSError(error.errno, error.strerror, str(path)) from error


def _raw(public_key):
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
