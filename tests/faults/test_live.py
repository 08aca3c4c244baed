"""Whatever dies while orders move, every screen that is open ends with what the books say."""

import http.client
import re
import resource
import socket
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.house import opened
from tests.faults.load import load
from tests.faults.parts import Part
from tests.faults.screens import Books, Screen, judge_screens, lags
from tests.faults.test_postgresql import end_connections
from workflow import processes
from workflow.embedded.postgres import running_postgres
from workflow.embedded.server import free_port
from workflow.migrating import upgrade
from workflow.state_machine.commands import AdvanceOrder
from workflow.submissions import Outcome, Submission

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
OTHER = "web-other"
STALLED, STALLED_BYTES = 10, 2 * 1024 * 1024
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
def screens(house, *ports, guests=()):
    """A screen of each kind at each of the web processes, and one for each order in *guests*."""
    with ExitStack() as opened:
        shown = [Screen(port, address, house.keys["manager"]) for port in ports for address in ADDRESSES]
        tracked = [(port, f"/v1/track/{order['tracking_token']}/stream", order) for port in ports for order in guests]
        shown += [Screen(port, address, order_id=order["id"]) for port, address, order in tracked]
        for screen in shown:
            opened.callback(screen.close)
        house.until(lambda: all(screen.snapshots for screen in shown))
        for screen in shown:
            screen.breaks = 0  # a process that is not up yet refuses
        yield shown


def placed(house, number):
    """So many orders, as answered."""
    client = Client(house.settings.port, house.keys["pos"])
    body = {"channel": "takeaway", "items": [{"sku": "MARGHERITA"}, {"sku": "FRIES"}]}
    answers = [client.post("/v1/orders", body) for _ in range(number)]
    client.close()
    return [answer.body for answer in answers]


def act_elsewhere(house, placed, action):
    """As a process does that announces nothing."""
    for order in placed:
        done = house.store.run([Submission(AdvanceOrder(action), "main", "manager:elsewhere", order["id"])])
        assert isinstance(done[0], Outcome), done


def kill(house, what):
    if what == "broker":
        house.broker.kill()
        house.keeps_promising()
        house.broker.start()
    elif what == "hanging broker":
        house.broker.pause()
        house.keeps_promising()
        house.broker.resume()
    else:
        house.crash(what)
    house.keeps_promising()


@pytest.mark.parametrize("victim", ["broker", "hanging broker", "dispatcher", "worker", "web", OTHER])
def test_whatever_is_killed_every_screen_ends_with_the_right_versions(house, houses, victim, request):
    begun, guests = Books(house.store), placed(house, 2)
    with another_web(house) as port, screens(house, house.settings.port, port, guests=guests) as shown:
        with load(house, pause=0.02) as running:
            house.keeps_promising()
            act_elsewhere(house, guests, "rush")
            kill(house, victim)
            act_elsewhere(house, guests, "start")
            running.stop()
            house.until(running.finished)
        judge_screens(house, shown, begun, request.node.name)
        hit = {"web": house.settings.port, OTHER: port}.get(victim)
        assert all(screen.breaks for screen in shown if screen.port == hit)
        assert not any(screen.breaks for screen in shown if screen.port != hit)
        # Whoever says how far they came is sent what they missed, and no more.
        assert {screen.snapshots for screen in shown if not screen.order_id} == {1}
        assert any(order["estimate"] for screen in shown if screen.port == port for order in screen.orders.values())
    houses.sound = True


def test_without_a_dispatcher_screens_see_what_others_do_all_the_same(house, houses):
    """Nobody numbers what happens, and nobody announces it."""
    begun, guests = Books(house.store), placed(house, 3)
    with another_web(house) as port, screens(house, house.settings.port, port, guests=guests) as shown:
        house.remove("dispatcher")
        house.broker.kill()
        act_elsewhere(house, guests, "rush")
        client = Client(house.settings.port, house.keys["kitchen"])
        for order in guests:
            assert client.post(f"/v1/orders/{order['id']}/start", {}).good
        client.close()
        house.until(lambda: not any(lags(house, screen, begun) for screen in shown), 20)
        assert not any(screen.breaks for screen in shown)
        house.broker.start()
        house.start("dispatcher")
    house.until(house.ready)
    houses.sound = True


def test_screens_of_another_web_process_are_told_before_they_look(house, houses):
    """A feed that is looked at every fifth of a second, or every second, would take as long each time."""
    [guest] = placed(house, 1)
    manager, took = Client(house.settings.port, house.keys["manager"]), []
    with another_web(house) as port, screens(house, port, guests=[guest]) as shown:
        screen = next(screen for screen in shown if screen.order_id)
        for action in ("rush", "unrush") * 5:
            version, begun = manager.post(f"/v1/orders/{guest['id']}/{action}", {}).body["version"], time.monotonic()
            house.until(lambda version=version: screen.orders[guest["id"]]["version"] >= version, 5)
            took.append(time.monotonic() - begun)
    manager.close()
    print(f"told within {sorted(took)[len(took) // 2] * 1000:.0f} ms, half of the time")
    assert sorted(took)[2] < 0.1, took
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


def crash(house, server):
    server.kill()
    house.lose_connections()
    house.until(lambda: house.ledger.counts["503"] >= 3)
    server.start()


def lose_all_connections(house, server):
    for _ in range(3):
        end_connections(server)
        house.lose_connections()
        house.keeps_promising(4)


@pytest.mark.postgresql
@pytest.mark.parametrize("suffer", [crash, lose_all_connections])
def test_a_database_in_trouble_breaks_no_stream_and_takes_nothing_from_it(tmp_path, suffer, request):
    with running_postgres() as server:
        upgrade(server.url())
        with opened(tmp_path, server.url(), "dispatcher", "worker", "web") as house:
            begun, guests = Books(house.store), placed(house, 2)
            with (
                another_web(house) as port,
                screens(house, house.settings.port, port, guests=guests) as shown,
                load(house) as running,
            ):
                house.keeps_promising()
                suffer(house, server)
                act_elsewhere(house, guests, "start")
                house.keeps_promising()
                running.stop()
                house.until(running.finished)
                judge_screens(house, shown, begun, request.node.name)
                assert not any(screen.breaks for screen in shown)


def test_a_client_that_takes_nothing_is_cut_off_and_nobody_else_notices(house, houses):
    order = {"channel": "takeaway", "notes": "x" * 900, "items": [{"sku": "MARGHERITA", "quantity": 1}] * 4}
    client, number = Client(house.settings.port, house.keys["manager"]), 0
    with screens(house, house.settings.port) as shown, ExitStack() as opened:
        begun, before, memory = Books(house.store), cut_off(client), resident(house)
        others = [opened.enter_context(stalled(house)) for _ in range(STALLED)]
        while cut_off(client) < before + STALLED:
            for _ in range(50):
                assert client.post("/v1/orders", order).good
            number += 50
            assert number < 3000
            # In step with the screens, or a busy machine would cut them off as well.
            house.until(lambda: not any(lags(house, screen, begun) for screen in shown), 20)
        grown = resident(house) - memory
        for other in others:
            with pytest.raises(ConnectionResetError):
                drain(other)
        print(f"{STALLED} stalled streams were cut off after {number} orders; {grown / 2**20:.1f} MiB more in memory")
        assert grown < STALLED_BYTES * STALLED
        assert not any(screen.breaks for screen in shown)
    client.close()
    houses.sound = True


def drain(other):
    while other.recv(65536):
        pass


def resident(house):
    """Bytes in memory of the web process and its parent."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in house.parts["web"].pids()]
    return sum(pages) * resource.getpagesize()


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
