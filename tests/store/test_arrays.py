"""What goes to PostgreSQL in an array arrives as it was, whatever it has in it."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workflow.schema import Id, Json, Moment
from workflow.store.arrays import arrays, kind_of
from workflow.store.pipeline import exchange
from workflow.store.spelling import Statement, Step

pytestmark = pytest.mark.postgresql

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
moments = st.datetimes(timezones=st.just(UTC))
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
json_values = st.recursive(plain, lambda some: st.lists(some) | st.dictionaries(texts, some), max_leaves=5).filter(
    lambda value: value is not None
)
KINDS = {
    "text": (sa.Text(), texts),
    "integer": (sa.Integer(), st.integers(-(2**31), 2**31 - 1)),
    "bigint": (sa.BigInteger(), st.integers(-(2**63), 2**63 - 1)),
    "boolean": (sa.Boolean(), st.booleans()),
    "date": (sa.Date(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "moment": (Moment, moments),
    "id": (Id, st.uuids().map(str)),
    "json": (Json, json_values),
}


@pytest.fixture(scope="module")
def ask(postgresql):
    """What PostgreSQL makes of an array of values."""
    url = postgresql.empty()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET timezone TO 'UTC'")
        info = {}

        def asked(type_, values):
            kind = kind_of(sa.Column("value", type_))
            text = f"SELECT coalesce(to_json(value)::text, 'null') FROM unnest($1::{kind.name}[]) value"
            statement = Statement(text, arrays([kind], [values]), formats=[kind.format])
            (found,) = exchange(connection, info, Step([statement]))
            return [msgspec.json.decode(value) for value in found]

        yield asked
    postgresql.drop(url)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_arrive(ask, kind, data):
    type_, values = KINDS[kind]
    sent = data.draw(st.lists(st.none() | values, min_size=1).filter(any_value))
    found = ask(type_, sent)
    assert (as_moments(found) if kind == "moment" else found) == as_json(sent, kind)


def any_value(values):
    return any(value is not None for value in values)


def as_json(values, kind):
    return values if kind == "moment" else msgspec.json.decode(msgspec.json.encode(values))


def as_moments(found):
    return [text and msgspec.convert(text, datetime) for text in found]


@given(sent=st.lists(texts, min_size=1))
@example(
    sent=['a "quoted" \\ word', "two\nlines\tand a bell \x07", "{null,NULL}", "null", "", "\\n", "ü🍕", "\x7f\u2028"]
)
@example(sent=["plain", "null"])
def test_texts_arrive(ask, sent):
    assert ask(sa.Text(), [*sent, None]) == [*sent, None]


def test_moments_of_other_zones_and_of_one_moment_arrive(ask):
    at = datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    for sent in ([at, at, at], [at, None, at], [at, at + timedelta(microseconds=1)], [at, at.astimezone(UTC)]):
        assert as_moments(ask(Moment, sent)) == sent


def test_an_array_of_nothing_is_null():
    assert arrays([kind_of(sa.Column("value", Moment))], [(None, None)]) == [None]
