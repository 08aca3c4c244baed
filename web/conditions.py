"""The request headers that make a command conditional or repeatable, and the entity tags that go with them."""

import re
from hashlib import blake2b

from web.bodies import digest
from web.context import Request
from web.refusals import InvalidHeader
from workflow.submissions import Idempotency

KEY_PATTERN = r'^("[ !#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$'
_KEY = re.compile(KEY_PATTERN)
# A version without its quotes is understood as well: many a client forgets them.
VERSION_PATTERN = r'^("[0-9]{1,9}"|[0-9]{1,9})$'
_TAG = re.compile(r'\s*(W/)?(?:"([\x21\x23-\x7e\x80-\xff]*)"|([0-9]{1,9}))\s*')
NEVER = -1


def tag(version: int) -> str:
    """The entity tag of an order's version."""
    return f'"{version}"'


def expected_version(req: Request) -> int | None:
    """The version that If-Match names; None when any will do, NEVER when it can be none of ours.

    Raises InvalidHeader when it is no entity tag. A weak tag never matches (RFC 9110 §13.1.1).
    """
    header = req.header(b"if-match")
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header)
    if found is None:
        raise InvalidHeader('If-Match takes one entity tag: "7".', header="If-Match")
    weak, quoted, bare = found.groups()
    opaque = bare or quoted
    return int(opaque) if not weak and opaque.isdecimal() and len(opaque) < 10 else NEVER


def known_already(req: Request, current: str) -> bool:
    """Whether If-None-Match names the tag *current*: nothing has changed for this client (RFC 9110 §13.1.2)."""
    header = req.header(b"if-none-match")
    if header is None:
        return False
    if header == current or header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == current for part in header.split(","))


def idempotency(req: Request, principal: str) -> Idempotency | None:
    """The client's name for this request, if it gave one, with the fingerprint of what it asks.

    Raises InvalidHeader when the key is empty, too long, or not visible ASCII.
    """
    header = req.header(b"idempotency-key")
    if header is None:
        return None
    if not _KEY.fullmatch(header):
        detail = "An Idempotency-Key has 1 to 255 visible characters, with quotes around it or not."
        raise InvalidHeader(detail, header="Idempotency-Key")
    asked = f"{req.method} {req.path}?{req.query_string}\n{digest(req)}"
    return Idempotency(principal, header.strip('"'), blake2b(asked.encode(), digest_size=16).hexdigest())
