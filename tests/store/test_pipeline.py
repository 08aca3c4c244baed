"""The wire to PostgreSQL on an event loop, when it is cut."""

import asyncio
import select
import socket
import struct
import threading

import psycopg
import pytest
import sqlalchemy as sa
import uvloop

from workflow.store.pipeline import Awaiting, Silent, exchange
from workflow.store.spelling import Statement, Step

pytestmark = pytest.mark.postgresql
PART_OF_A_NOTICE = b"N\x00\x00\x01\x00S"
SECONDS = 20


class Relay:
    """Carries one connection to *port*, until it is reset."""

    def __init__(self, port):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._server = socket.create_connection(("127.0.0.1", port))
        self._enough, self._stop = socket.socketpair()
        self.sleeping = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def reset(self, said=b""):
        """Says *said* to the client and breaks the connection off, in one go."""
        self._stop.close()
        self._thread.join()
        self._client.sendall(said)
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._client.close()

    def close(self):
        for end in (self._server, self._enough, self._listener):
            end.close()

    def _carry(self):
        self._client, _ = self._listener.accept()
        while True:
            ready, _, _ = select.select([self._client, self._server, self._enough], [], [])
            if self._enough in ready:
                return
            for end in ready:
                said = end.recv(65536)
                (self._server if end is self._client else self._client).sendall(said)
                if b"pg_sleep" in said:
                    self.sleeping.set()


@pytest.fixture
def relay(postgresql_database):
    relay = Relay(sa.make_url(postgresql_database).port)
    yield relay
    relay.close()


@pytest.fixture
def wired(relay, postgresql_database):
    """Runs *work* with a wire through the relay, on the loop that web processes use."""

    def run(work):
        url = sa.make_url(postgresql_database).set(drivername="postgresql", port=relay.port)

        async def main():
            wire = Awaiting(await asyncio.to_thread(psycopg.connect, url.render_as_string(hide_password=False)))
            try:
                await asyncio.wait_for(work(wire), SECONDS)
            finally:
                wire.close()

        uvloop.run(main())

    return run


@pytest.mark.parametrize("said", [b"", PART_OF_A_NOTICE])
def test_whoever_waits_hears_that_the_connection_was_reset(relay, wired, said):
    async def work(wire):
        asking = asyncio.ensure_future(wire.exchange(Step([Statement("SELECT pg_sleep(60)::text", ())])))
        await asyncio.to_thread(relay.sleeping.wait)
        relay.reset(said)
        with pytest.raises(psycopg.OperationalError):
            await asking

    wired(work)


@pytest.mark.parametrize("said", [b"", PART_OF_A_NOTICE])
def test_whoever_asks_after_it_was_reset_hears_of_it(relay, wired, said):
    async def work(wire):
        await wire.exchange(Step([Statement("SELECT 'here'", ())]))
        relay.reset(said)
        with pytest.raises(psycopg.OperationalError):
            await wire.exchange(Step([Statement("SELECT 'here'", ())]))

    wired(work)


def test_what_fails_meanwhile_leaves_the_connection_in_order(relay, wired):
    here = Statement("SELECT 'here'", ())

    def fail():
        raise ZeroDivisionError

    async def work(wire):
        with pytest.raises(ZeroDivisionError):
            await wire.exchange(Step([here], meanwhile=fail))
        assert await wire.exchange(Step([here])) == [[b"here"]]
        relay.reset()

    wired(work)


def test_what_is_to_be_done_meanwhile_is_done_while_the_last_statement_waits(relay, wired, postgresql_database):
    url = sa.make_url(postgresql_database).set(drivername="postgresql").render_as_string(hide_password=False)
    done = Statement("SELECT 'done'", ())
    lock = Statement("SELECT 'locked' FROM pg_advisory_lock(1)", ())

    async def work(wire):
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_advisory_lock(1)")
            assert await wire.exchange(Step([done, lock], meanwhile=other.close)) == [[b"done"], [b"locked"]]
        relay.reset()

    wired(work)


def test_nothing_is_done_meanwhile_for_statements_that_failed(relay, wired):
    done = []

    async def work(wire):
        broken, last = Statement("SELECT (1 / 0)::text", ()), Statement("SELECT 'last'", ())
        with pytest.raises(psycopg.errors.DivisionByZero):
            await wire.exchange(Step([broken, last], meanwhile=lambda: done.append(1)))
        relay.reset()

    wired(work)
    assert not done


SLEEP = Step([Statement("SELECT pg_sleep(30)::text", ())])


def test_a_server_that_says_nothing_any_more_is_given_up(postgresql_database):
    url = sa.make_url(postgresql_database).set(drivername="postgresql").render_as_string(hide_password=False)

    async def ask():
        connection = Awaiting(psycopg.connect(url), patience=0.2)
        try:
            await connection.exchange(SLEEP)
        finally:
            connection.close()

    with pytest.raises(Silent):
        asyncio.run(ask())
    raw = psycopg.connect(url)
    with pytest.raises(Silent):
        exchange(raw, {}, SLEEP, patience=0.2)
    raw.close()
