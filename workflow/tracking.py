"""The link by which a guest follows an order: unguessable, and derived, so that it is never stored."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

DIGEST_BYTES = 16
# The orders that are being cooked and asked for: each is answered with its token a dozen times.
REMEMBERED = 512


class Tokens:
    """Tracking tokens under one secret: the order's id and a keyed digest of 128 bits, 43 URL-safe characters."""

    def __init__(self, secret: str) -> None:
        self._keyed = blake2b(digest_size=DIGEST_BYTES, key=blake2b(secret.encode()).digest(), person=b"tracking")
        self._remembered = lru_cache(REMEMBERED)(self._token)

    def token(self, order_id: str) -> str:
        return self._remembered(order_id)

    def order_id(self, token: str) -> str | None:
        """The order that *token* belongs to; None when nobody gave it out."""
        try:
            both = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        identity, digest = both[:16], both[16:]
        if len(digest) != DIGEST_BYTES or not compare_digest(digest, self._digest(identity)):
            return None
        return str(UUID(bytes=identity))

    def _token(self, order_id: str) -> str:
        identity = bytes.fromhex(order_id.replace("-", ""))
        return urlsafe_b64encode(identity + self._digest(identity)).rstrip(b"=").decode()

    def _digest(self, identity: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(identity)
        return keyed.digest()
