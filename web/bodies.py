"""Request bodies as bytes: how large, of which type, and what they say however they are spaced."""

from hashlib import blake2b
from typing import Any

import msgspec

from web.context import Request
from web.refusals import ContentTooLarge, MalformedRequest, UnsupportedMediaType

_spelt = msgspec.json.Encoder(order="sorted").encode
LIMIT_BYTES = 256 * 1024
JSON = "application/json"


async def read(req: Request) -> bytes:
    """The whole body. Raises ContentTooLarge beyond 256 KiB, announced or not, and UnsupportedMediaType."""
    announced = req.content_length
    if announced == 0:
        return b""
    if announced is not None and announced > LIMIT_BYTES:
        raise _too_large()
    body = req.arrived
    if body is None:
        body = await (req.stream.read() if announced else req.stream.read(LIMIT_BYTES + 1))
    if len(body) > LIMIT_BYTES:
        raise _too_large()
    if body:
        _require_json(req.content_type)
    return body


def digest(req: Request) -> str:
    """The same for the same JSON, whatever the order of its members and its white space. Raises MalformedRequest."""
    context = req.context
    if context.digest is None:
        context.digest = _digest(context.body)
    return context.digest


def _digest(body: bytes) -> str:
    try:
        return digest_of(msgspec.json.decode(body or b"{}"))
    except msgspec.DecodeError as broken:
        raise MalformedRequest(f"The body is not JSON: {broken}.") from None


def digest_of(said: Any) -> str:
    return blake2b(_spelt(said), digest_size=16).hexdigest()


def _require_json(content_type: str | None) -> None:
    if content_type == JSON:
        return
    media_type, _, parameters = (content_type or "").partition(";")
    charset = parameters.replace(" ", "").lower()
    if media_type.strip().lower() != JSON or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
        raise UnsupportedMediaType(f"Send JSON in UTF-8 as {JSON}.")


def _too_large() -> ContentTooLarge:
    return ContentTooLarge(f"A body may have {LIMIT_BYTES} bytes.", limit_bytes=LIMIT_BYTES)
