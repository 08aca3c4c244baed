"""Columns of values as PostgreSQL's arrays, each in the format that is soonest written here and read there."""

import struct
from binascii import unhexlify
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from psycopg.pq import Format
from sqlalchemy.dialects import postgresql

# What a binary array begins with: dimensions, whether it has nulls, the type of its elements; how many, from where.
HEAD = struct.Struct(">iiIii")
# An element after its length: a time in microseconds since 2000, a date in days since then, an id in hexadecimal.
MOMENT = struct.Struct(">iq")
DATE = struct.Struct(">ii")
ID = (16).to_bytes(4).hex()
NULL = (-1).to_bytes(4, signed=True)
JSON_OID, DATE_OID, MOMENT_OID, ID_OID = 114, 1082, 1184, 2950
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


def _ids(values: Sequence[str | None]) -> bytes:
    """In binary: PostgreSQL reads an id's text digit by digit."""
    if None in values:
        elements = "".join([NULL.hex() if value is None else ID + value for value in values])
    else:
        elements = ID + ID.join(values)  # type: ignore[arg-type]
    return _head(ID_OID, len(values)) + unhexlify(elements.encode().translate(None, b"-"))


def _dates(values: Sequence[date | None]) -> bytes:
    return _binary(DATE_OID, _alike(_date, values))


def _moments(values: Sequence[datetime | None]) -> bytes:
    """In binary: nothing takes PostgreSQL as long to read as a time."""
    return _binary(MOMENT_OID, _alike(_moment, values))


def _alike(write: Callable[[Any], bytes], values: Sequence[Any]) -> list[bytes]:
    """Nearly always they are all the same: a batch is of one day, and of one moment."""
    first, count = values[0], len(values)
    return [write(first)] * count if values.count(first) == count else list(map(write, values))


@lru_cache(MOMENTS)
def _date(day: date | None) -> bytes:
    return NULL if day is None else DATE.pack(4, (day - EPOCH.date()).days)


@lru_cache(MOMENTS)
def _moment(at: datetime | None) -> bytes:
    return NULL if at is None else MOMENT.pack(8, (at - EPOCH) // MICROSECOND)


def _binary(oid: int, elements: Sequence[bytes]) -> bytes:
    return _head(oid, len(elements)) + b"".join(elements)


def _head(oid: int, count: int) -> bytes:
    return HEAD.pack(1, 1, oid, count, 1)


WRITTEN = {
    "TEXT": (Format.TEXT, _texts),
    "UUID": (Format.BINARY, _ids),
    "JSON": (Format.BINARY, _jsons),
    "DATE": (Format.BINARY, _dates),
    "TIMESTAMP WITH TIME ZONE": (Format.BINARY, _moments),
}
