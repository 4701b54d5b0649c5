"""Deep links: a token that the shop signs for its signed-in customer, and that a chat can be started with.

A messenger allows 64 characters of A-Z, a-z, 0-9, _ and -: 48 bytes, which hold

    1 byte   version: 1, the id as it is; 2, the id is a UUID, as its 16 bytes
    4 bytes  expiry, in seconds since 1970
    3 bytes  anything that makes two tokens differ
    n bytes  the customer's id in UTF-8, at most 28 bytes
    12 bytes the first of HMAC-SHA256 over all of the above, with the identity secret
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from casework.identity import IdentityRefused

LASTS = timedelta(minutes=15)
_PLAIN, _UUID = 1, 2
_SIGNED, _NONCE, _HEAD, _LONGEST = 12, 3, 8, 28


class IdTooLong(ValueError):
    """The customer's id does not fit into a deep link."""


@dataclass(frozen=True, slots=True)
class DeepLink:
    """What a token says. `key` names it without giving it away."""

    customer_id: str
    expires_at: datetime
    key: str


def sign(secret: str, customer_id: str, now: datetime, lasts: timedelta = LASTS) -> str:
    """A token for one customer. Raises IdTooLong."""
    version, packed = _packed(customer_id)
    expires = int((now + lasts).timestamp()).to_bytes(4, "big")
    body = bytes([version]) + expires + secrets.token_bytes(_NONCE) + packed
    return base64.urlsafe_b64encode(body + _signature(secret, body)).rstrip(b"=").decode()


def read(secret: str, token: str, now: datetime) -> DeepLink:
    """What the shop signed. Raises IdentityRefused."""
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise IdentityRefused("This is no link of ours.") from error
    body, signature = whole[:-_SIGNED], whole[-_SIGNED:]
    if len(body) <= _HEAD or not hmac.compare_digest(signature, _signature(secret, body)):
        raise IdentityRefused("This link was not signed by the shop.")
    expires_at = datetime.fromtimestamp(int.from_bytes(body[1:5], "big"), UTC)
    if expires_at <= now:
        raise IdentityRefused("This link has expired.")
    return DeepLink(_unpacked(body[0], body[_HEAD:]), expires_at, hashlib.sha256(whole).hexdigest())


def _packed(customer_id: str) -> tuple[int, bytes]:
    try:
        as_uuid = uuid.UUID(customer_id)
    except ValueError:
        as_uuid = None
    if as_uuid is not None and str(as_uuid) == customer_id:
        return _UUID, as_uuid.bytes
    packed = customer_id.encode()
    if not 0 < len(packed) <= _LONGEST:
        raise IdTooLong(f"A deep link holds ids of 1 to {_LONGEST} bytes, and this one has {len(packed)}.")
    return _PLAIN, packed


def _unpacked(version: int, packed: bytes) -> str:
    try:
        return str(uuid.UUID(bytes=packed)) if version == _UUID else packed.decode()
    except ValueError as error:
        raise IdentityRefused("This link names nobody.") from error


def _signature(secret: str, body: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"redress deep link\n" + body, "sha256")[:_SIGNED]
