"""Columns of values as PostgreSQL's arrays, each in the format that is soonest written here and read there."""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from psycopg.pq import Format
from sqlalchemy.dialects import postgresql

# What a binary array begins with: dimensions, whether it has nulls, the type of its elements; how many, from where.
HEAD = struct.Struct(">iiIii")
# An element of its length: none, and a time, in microseconds since 2000.
MOMENT = struct.Struct(">iq")
NULL = (-1).to_bytes(4, signed=True)
JSON_OID, MOMENT_OID = 114, 1184
EPOCH, MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# A batch has few moments, and each of them in many rows.
MOMENTS = 256
ESCAPED = str.maketrans({"\\": r"\\", '"': r"\""})

encode = msgspec.json.Encoder().encode


class Kind(NamedTuple):
    """How the values of a type are written, and what PostgreSQL calls the type."""

    name: str
    format: Format
    write: Callable[[Sequence[Any]], bytes]


def kind_of(column: sa.Column[Any]) -> Kind:
    name = column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]
    return Kind(name, *WRITTEN.get(name, (Format.TEXT, _as_json)))


def arrays(kinds: Iterable[Kind], columns: Iterable[Sequence[Any]]) -> list[bytes | None]:
    """An array for each column; one that is null where all its values are."""
    return [
        None if values[0] is None and values.count(None) == len(values) else kind.write(values)
        for kind, values in zip(kinds, columns, strict=True)
    ]


def _as_json(values: Sequence[Any]) -> bytes:
    """JSON but for the brackets: an array has numbers, dates and nulls just so."""
    return b"{%b}" % encode(values)[1:-1]


def _texts(values: Sequence[str | None]) -> bytes:
    text = encode(values)
    if b"\\" not in text:
        return b"{%b}" % text[1:-1]
    # What follows a backslash in JSON can mean something else in an array.
    quoted = ["null" if value is None else f'"{value.translate(ESCAPED)}"' for value in values]
    return f"{{{','.join(quoted)}}}".encode()


def _jsons(values: Sequence[Any]) -> bytes:
    """In binary: of JSON within an array's text, PostgreSQL reads every byte three times."""
    return _binary(
        JSON_OID, [NULL if value is None else len(text := encode(value)).to_bytes(4) + text for value in values]
    )


def _moments(values: Sequence[datetime | None]) -> bytes:
    """In binary: nothing takes PostgreSQL as long to read as a time."""
    first, count = values[0], len(values)
    same = values.count(first) == count  # as nearly always: a batch is of one moment
    return _binary(MOMENT_OID, [_moment(first)] * count if same else list(map(_moment, values)))


@lru_cache(MOMENTS)
def _moment(at: datetime | None) -> bytes:
    return NULL if at is None else MOMENT.pack(8, (at - EPOCH) // MICROSECOND)


def _binary(oid: int, elements: Sequence[bytes]) -> bytes:
    return HEAD.pack(1, 1, oid, len(elements), 1) + b"".join(elements)


WRITTEN = {
    "TEXT": (Format.TEXT, _texts),
    "JSON": (Format.BINARY, _jsons),
    "TIMESTAMP WITH TIME ZONE": (Format.BINARY, _moments),
}
