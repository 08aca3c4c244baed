"""Identifiers: time-ordered UUIDs (RFC 9562), so that new rows land at the end of an index."""

import os
import random
import time
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

_TAIL = (1 << 62) - 1
# Ids must not collide; that they cannot be guessed is nobody's protection (tracking tokens are keyed). So ten times
# cheaper random bits will do, as long as two processes never draw the same: hence the new seed after a fork.
_chance = random.Random(os.urandom(32))
os.register_at_fork(after_in_child=lambda: _chance.seed(os.urandom(32)))


def new_id() -> str:
    """A UUIDv7 as text: milliseconds since 1970, then 74 random bits."""
    return _uuid7(time.time_ns() // 1_000_000, _chance.getrandbits(80))


def job_id(at: datetime, subject: str, version: int, kind: str) -> str:
    """The same id for the same job whoever computes it, so that a job can neither be doubled nor go unnoticed."""
    digest = blake2b(f"{subject}/{version}/{kind}".encode(), digest_size=10).digest()
    return _uuid7(int(at.timestamp() * 1000), int.from_bytes(digest, "big"))


def valid(text: str) -> bool:
    """Whether *text* is a UUID in its usual spelling."""
    if len(text) != 36:
        return False
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _uuid7(milliseconds: int, bits: int) -> str:
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (bits >> 68 & 0xFFF) << 64 | 0b10 << 62 | bits & _TAIL
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
