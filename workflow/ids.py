"""Identifiers: time-ordered UUIDs (RFC 9562), so that new rows land at the end of an index."""

import os
import random
import time
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

# What the first hexadecimal digit of a UUID's second half becomes, as its first two bits tell the variant.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_LAST = [f"{number:03x}" for number in range(4096)]
# Ids must not collide; that they cannot be guessed is nobody's protection (tracking tokens are keyed). So ten times
# cheaper random bits will do, as long as two processes never draw the same: hence the new seed after a fork.
_chance = random.Random(os.urandom(32))
os.register_at_fork(after_in_child=lambda: _chance.seed(os.urandom(32)))


def new_id() -> str:
    """A UUIDv7 as text: milliseconds since 1970, then 74 random bits."""
    return _uuid7(_stamp(time.time_ns() // 1_000_000), f"{_chance.getrandbits(80):020x}")


def new_ids(count: int) -> list[str]:
    """Ids in a row, up to 4096: they differ in their last 12 bits."""
    first = new_id()[:-3]
    return [first + last for last in _LAST[:count]]


def job_id(at: datetime, subject: str, version: int, kind: str) -> str:
    """The same id for the same job whoever computes it, so that a job can neither be doubled nor go unnoticed."""
    return _uuid7(_stamp_of(at), blake2b(f"{subject}/{version}/{kind}".encode(), digest_size=10).hexdigest())


def _uuid7(stamp: str, digits: str) -> str:
    """From a stamp and 20 hexadecimal digits, of which 74 bits count."""
    return f"{stamp}-7{digits[:3]}-{_VARIANT[digits[4]]}{digits[5:8]}-{digits[8:]}"


@lru_cache(maxsize=64)
def _stamp(milliseconds: int) -> str:
    text = f"{milliseconds & 0xFFFFFFFFFFFF:012x}"
    return f"{text[:8]}-{text[8:]}"


@lru_cache(maxsize=64)
def _stamp_of(at: datetime) -> str:
    """A batch has one moment in many ids."""
    return _stamp(int(at.timestamp() * 1000))
