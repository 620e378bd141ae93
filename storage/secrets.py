"""Sealing: what is encrypted under the data key, found by keyed hashes, and wiped by destroying a case's key.

Sealed bytes: format (1 byte) | key id (4) | nonce (12) | ciphertext and tag of AES-256-GCM (NIST SP 800-38D).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary, TypeDecorator

from storage import data_key
from storage.data_key import LENGTH as _KEY
from storage.lenient import Shape, shape

if TYPE_CHECKING:
    from sqlalchemy import Dialect

FORMAT = b"\x01"
_KEY_ID, _NONCE = 4, 12
_START = len(FORMAT) + _KEY_ID


class SecretsError(Exception):
    """Something sealed can't be made or read."""


class NoKeys(SecretsError):
    """`use` was not called: this process has no data key."""


class BadKey(SecretsError):
    """A data key is not 32 bytes in base64."""


class WrongKey(SecretsError):
    """Something was sealed under a key that is not in the ring. `key_id` names it, in hexadecimal."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class Tampered(SecretsError):
    """What was sealed is not whole, or belongs elsewhere (another context)."""


class Keys:
    """The key ring: the data key, and older ones that still read. All else is derived (HKDF, RFC 5869)."""

    def __init__(self, data_key: str, *older: str) -> None:
        """Keys as `bot key` prints them. Raises BadKey."""
        self._ring = {secret.key_id: secret for secret in map(_Secret.decode, (data_key, *older))}
        self._current = next(iter(self._ring.values()))

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt; only the same context (a column, a file) unseals, so that nothing changes places."""
        secret = self._current
        return _encrypt(secret.sealing, FORMAT + secret.key_id, plain, context)

    def unseal(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt. Raises WrongKey, Tampered."""
        return _decrypt(self._sealed_under(sealed).sealing, sealed, context)

    def is_current(self, sealed: bytes) -> bool:
        """Whether something is sealed under the current key; rotation seals the rest again."""
        return sealed[:_START] == FORMAT + self._current.key_id

    def blind_index(self, kind: str, canonical: str) -> str:
        """A keyed hash of a canonical value, to find equals without reading any: 32 hexadecimal digits."""
        return self._current.blind(kind, canonical)

    def lookups(self, kind: str, canonical: str) -> tuple[str, ...]:
        """The hash under each key of the ring, for `column.in_(…)`: rows may be older than the key."""
        return tuple(secret.blind(kind, canonical) for secret in self._ring.values())

    def derive(self, purpose: str) -> bytes:
        """32 bytes derived from the data key for a purpose of one's own (signed links, stored codes)."""
        return self._current.derive(purpose)

    def new_case_key(self, context: bytes = b"") -> WrappedKey:
        """A fresh key for one case. Destroying what this returns wipes what is sealed under it."""
        return WrappedKey(wrapped=self.seal(os.urandom(_KEY), _CASE_KEY + context), salt=os.urandom(_KEY))

    def case_key(self, wrapped: WrappedKey, context: bytes = b"") -> CaseKey:
        """A case's key, ready for use. Raises WrongKey, Tampered."""
        return CaseKey(self.unseal(wrapped.wrapped, _CASE_KEY + context), wrapped.salt)

    def rewrap(self, wrapped: WrappedKey, context: bytes = b"") -> WrappedKey:
        """The same case key under the current data key."""
        key = self.unseal(wrapped.wrapped, _CASE_KEY + context)
        return WrappedKey(wrapped=self.seal(key, _CASE_KEY + context), salt=wrapped.salt)

    def __repr__(self) -> str:
        """Ids alone."""
        return f"Keys({', '.join(key_id.hex() for key_id in self._ring)})"

    def _sealed_under(self, sealed: bytes) -> _Secret:
        if sealed[: len(FORMAT)] != FORMAT or len(sealed) < _START + _NONCE:
            raise Tampered
        key_id = sealed[len(FORMAT) : _START]
        if key_id not in self._ring:
            raise WrongKey(key_id.hex())
        return self._ring[key_id]


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A case's key as it is stored, sealed under the data key, and the salt of its digests."""

    wrapped: bytes = field(repr=False)
    salt: bytes = field(repr=False)


class CaseKey:
    """Seals what belongs to one case, and makes the digests by which the audit trail names it."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        """From `Keys.case_key`."""
        self._key_id = hashlib.sha256(b"case key" + key).digest()[:_KEY_ID]
        self._cipher = AESGCM(key)
        self._salt = salt

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt under the case's key."""
        return _encrypt(self._cipher, FORMAT + self._key_id, plain, context)

    def unseal(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt. Raises WrongKey (another case's), Tampered."""
        if sealed[: len(FORMAT)] != FORMAT or len(sealed) < _START + _NONCE:
            raise Tampered
        if sealed[len(FORMAT) : _START] != self._key_id:
            raise WrongKey(sealed[len(FORMAT) : _START].hex())
        return _decrypt(self._cipher, sealed, context)

    def digest(self, sealed: bytes) -> str:
        """What the audit trail's chain holds of sealed bytes; see `salted_digest`."""
        return salted_digest(self._salt, sealed)

    def __repr__(self) -> str:
        """Nothing."""
        return "CaseKey()"


generate = data_key.generate
"""A new data key, in base64."""


def salted_digest(salt: bytes, sealed: bytes) -> str:
    """HMAC-SHA256 in hexadecimal: verifies without a key, and says nothing once the salt is gone."""
    return hmac.new(salt, sealed, hashlib.sha256).hexdigest()


def mask(value: str, keep: int = 4) -> str:
    """A secret as cards show it: at most its last `keep` characters, and never more than half of it."""
    shown = min(keep, len(value) // 2)
    return "••••" + value[len(value) - shown :] if value else ""


def use(ring: Keys | None) -> None:
    """Give this process its keys, under which all of storage seals; None takes them away."""
    global _keys  # noqa: PLW0603 - a column type can't be handed its keys; a process has one ring
    _keys = ring


def keys() -> Keys:
    """The keys given by `use`. Raises NoKeys."""
    if _keys is None:
        raise NoKeys
    return _keys


@contextmanager
def using(ring: Keys) -> Iterator[Keys]:
    """`use` for a while, for tests and commands."""
    before = _keys
    use(ring)
    try:
        yield ring
    finally:
        use(before)


class Sealed(TypeDecorator[Any]):
    """A value of any type that pydantic can check, sealed under the process's keys and read leniently.

    What does not validate comes back as what fits of it (see `storage.lenient`); what can't be unsealed
    raises WrongKey or Tampered. Give `annotation` as it stands on the field: it must be hashable, for
    SQLAlchemy caches statements by it.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, annotation: Any) -> None:
        super().__init__()
        hash(annotation)
        self.annotation = annotation

    @property
    def _shape(self) -> Shape:
        return shape(self.annotation)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Python to database."""
        return None if value is None else keys().seal(self._shape.dump(value), _COLUMN)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Database to Python."""
        return None if value is None else self._shape.load(keys().unseal(value, _COLUMN))


class _Secret:
    """One data key and what is derived from it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = self.derive("key id")[:_KEY_ID]
        self.sealing = AESGCM(self.derive("seal"))
        self._blind = self.derive("blind index")

    @classmethod
    def decode(cls, text: str) -> _Secret:
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise BadKey from None
        if len(key) != _KEY:
            raise BadKey
        return cls(key)

    def derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), _KEY, salt=None, info=b"shenqiao 1 " + purpose.encode()).derive(self._key)

    def blind(self, kind: str, canonical: str) -> str:
        message = b"\0".join((kind.encode(), canonical.encode()))
        return hmac.new(self._blind, message, hashlib.sha256).hexdigest()[:32]


def _encrypt(cipher: AESGCM, head: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return head + nonce + cipher.encrypt(nonce, plain, head + context)


def _decrypt(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    head, nonce = sealed[:_START], sealed[_START : _START + _NONCE]
    try:
        return cipher.decrypt(nonce, sealed[_START + _NONCE :], head + context)
    except InvalidTag:
        raise Tampered from None


_CASE_KEY = b"case key:"
_COLUMN = b"column"
_keys: Keys | None = None
