"""Whatever dies while orders move, every screen that is open ends with what the books say."""

import http.client
import re
import socket
from contextlib import ExitStack, contextmanager, suppress

import pytest
import sqlalchemy as sa

from tests.faults.client import Client
from tests.faults.house import opened
from tests.faults.load import load
from tests.faults.oracle import settle
from tests.faults.parts import Part
from tests.faults.screens import Screen
from tests.faults.test_broker import more_orders
from workflow import processes
from workflow.embedded.postgres import running_postgres
from workflow.embedded.server import free_port
from workflow.migrating import upgrade
from workflow.schema import orders
from workflow.state_machine.commands import AdvanceOrder
from workflow.submissions import Submission

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
OTHER = "web-other"
ADDRESSES = ("/v1/dashboard/stream", "/v1/kitchen/stream", "/v1/kitchen/stream?station=pizza")


@contextmanager
def another_web(house):
    """A second web process, to which nobody sends commands: all that its screens show was done elsewhere."""
    settings = house.settings.model_copy(update={"port": free_port()})
    log = house.root / "logs" / "web-other.log"
    house.parts[OTHER] = Part(OTHER, processes.web(settings), processes.environment(settings), log)
    try:
        yield settings.port
    finally:
        house.remove(OTHER)


@contextmanager
def screens(house, *ports):
    """A screen of each kind at each of the web processes."""
    with ExitStack() as opened:
        shown = []
        for port in ports:
            for address in ADDRESSES:
                screen = Screen(port, address, house.keys["manager"])
                opened.callback(screen.close)
                shown.append(screen)
        house.until(lambda: all(screen.snapshots for screen in shown))
        for screen in shown:
            screen.breaks = 0  # a process that is not up yet refuses
        yield shown


def books(house):
    with house.store.reading() as connection:
        return dict(connection.execute(sa.select(orders.c.id, orders.c.version)).all())


def lags(house, screen, begun):
    """The orders of which *screen* does not show the last version, among those that changed since it was opened."""
    versions, station = books(house), screen.address.partition("station=")[2]
    late = {
        order_id: (screen.orders.get(order_id, {}).get("version"), version)
        for order_id, version in versions.items()
        if version != begun.get(order_id) and screen.orders.get(order_id, {}).get("version") != version
    }
    return {order_id: both for order_id, both in late.items() if not station or _cooks(house, order_id, station)}


def _cooks(house, order_id, station):
    with house.store.snapshot() as connection:
        return any(item.station == station for item in house.store.orders(connection, [order_id])[order_id].items)


def expect_all_shown(house, shown, begun):
    settle(house)
    for screen in shown:
        try:
            house.until(lambda screen=screen: not lags(house, screen, begun), 20)
        except AssertionError:
            pytest.fail(f"{screen.address} lacks {lags(house, screen, begun)}")


def kill(house, what):
    if what == "broker":
        house.broker.kill()
        more_orders(house)
        house.broker.start()
    elif what == "hanging broker":
        house.broker.pause()
        more_orders(house)
        house.broker.resume()
    else:
        house.crash(what)
    more_orders(house)


@pytest.mark.parametrize("victim", ["broker", "hanging broker", "dispatcher", "worker", "web", OTHER])
def test_whatever_is_killed_every_screen_ends_with_the_right_versions(house, houses, victim):
    begun = books(house)
    with another_web(house) as port, screens(house, house.settings.port, port) as shown:
        with load(house, pause=0.02) as running:
            more_orders(house)
            kill(house, victim)
            running.stop()
            house.until(running.finished)
        expect_all_shown(house, shown, begun)
        hit = {"web": house.settings.port, OTHER: port}.get(victim)
        assert all(screen.breaks for screen in shown if screen._port == hit)
        assert not any(screen.breaks for screen in shown if screen._port != hit)
    houses.sound = True


def test_without_a_dispatcher_screens_see_what_others_do_all_the_same(house, houses):
    """Nobody numbers what happens, and nobody announces it."""
    begun = books(house)
    with screens(house, house.settings.port) as shown:
        house.remove("dispatcher")
        house.broker.kill()
        with load(house, 4) as running:
            house.until(running.finished)
        for order_id, version in books(house).items():
            if begun.get(order_id) != version:
                command = AdvanceOrder("rush")
                house.store.run([Submission(command, "main", "manager:elsewhere", order_id)])
        for screen in shown:
            house.until(lambda screen=screen: not lags(house, screen, begun), 20)
        house.broker.start()
        house.start("dispatcher")
    house.until(house.ready)
    houses.sound = True


def test_a_server_that_stops_does_not_wait_for_its_screens(house, houses):
    with screens(house, house.settings.port) as shown:
        part = house.parts["web"]
        part.signal(15)
        house.until(lambda: part._process.poll() is not None, 4)
        house.until(house.ready)
        house.until(lambda: all(screen.breaks for screen in shown))
        assert "timeout graceful shutdown exceeded" not in part.log.read_text(errors="replace")
    houses.sound = True


@pytest.mark.postgresql
def test_a_database_that_crashes_breaks_no_stream_and_takes_nothing_from_it(tmp_path):
    with running_postgres() as server:
        upgrade(server.url())
        with (
            opened(tmp_path, server.url(), "dispatcher", "worker", "web") as house,
            screens(house, house.settings.port) as shown,
            load(house) as running,
        ):
            more_orders(house)
            server.kill()
            house.lose_connections()
            house.until(lambda: house.ledger.counts["503"] >= 3)
            server.start()
            more_orders(house)
            running.stop()
            house.until(running.finished)
            expect_all_shown(house, shown, {})
            assert not any(screen.breaks for screen in shown)


def test_a_client_that_takes_nothing_is_cut_off_and_nobody_else_notices(house, houses):
    order = {"channel": "takeaway", "notes": "x" * 900, "items": [{"sku": "MARGHERITA", "quantity": 1}] * 4}
    client = Client(house.settings.port, house.keys["manager"])
    with screens(house, house.settings.port) as shown, stalled(house) as other:
        begun, promised = books(house), {}
        while not cut_off(client):
            for _ in range(50):
                answer = client.post("/v1/orders", order)
                promised[answer.body["id"]] = answer.body["version"]
            assert len(promised) < 3000
            # In step with the screens, or a busy machine would cut them off as well.
            for screen in shown:
                house.until(lambda screen=screen: not lags(house, screen, begun), 20)
        with suppress(ConnectionError):
            while other.recv(65536):
                pass
        assert not any(screen.breaks for screen in shown)
    client.close()
    houses.sound = True


@contextmanager
def stalled(house):
    """A dashboard that never reads."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        other.connect(("127.0.0.1", house.settings.port))
        head = f"GET /v1/dashboard/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {house.keys['manager']}\r\n\r\n"
        other.sendall(head.encode())
        yield other


def cut_off(client):
    connection = http.client.HTTPConnection("127.0.0.1", client._port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return float(re.search(r"^passline_streams_cut_off_total (.*)$", text, re.M)[1])
