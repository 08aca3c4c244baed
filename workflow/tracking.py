"""The link by which a guest follows an order: unguessable, and derived, so that it is never stored."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

DIGEST_BYTES = 16


class Tokens:
    """Tracking tokens under one secret: the order's id and a keyed digest of 128 bits, 43 URL-safe characters."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def token(self, order_id: str) -> str:
        identity = bytes.fromhex(order_id.replace("-", ""))
        return urlsafe_b64encode(identity + self._digest(identity)).rstrip(b"=").decode()

    def order_id(self, token: str) -> str | None:
        """The order that *token* belongs to; None when nobody gave it out."""
        try:
            both = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        identity, digest = both[:16], both[16:]
        if len(digest) != DIGEST_BYTES or not hmac.compare_digest(digest, self._digest(identity)):
            return None
        return str(UUID(bytes=identity))

    def _digest(self, identity: bytes) -> bytes:
        return hmac.digest(self._key, b"tracking:" + identity, "sha256")[:DIGEST_BYTES]
