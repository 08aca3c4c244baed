"""PostgreSQL goes away and comes back, or commits and does not get round to saying so."""

import signal

import pytest
import sqlalchemy as sa

from tests.faults.client import Client
from tests.faults.house import opened
from tests.faults.load import load
from tests.faults.oracle import expect_nothing_wrong, judge
from tests.faults.proxy import CuttingProxy
from workflow.embedded.postgres import running_postgres
from workflow.migrating import upgrade

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker, pytest.mark.postgresql]
END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
PARTS = ("dispatcher", "worker", "web")


@pytest.fixture
def server():
    """A PostgreSQL of our own, to be broken."""
    with running_postgres() as server:
        upgrade(server.url())
        yield server


def crash(server):
    """As by kill -9 of the postmaster; its children notice, and end."""
    server.kill()


def stop_at_once(server):
    """PostgreSQL's immediate shutdown: no checkpoint, so that it has to recover."""
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(20)


@pytest.mark.parametrize("end", [crash, stop_at_once])
def test_a_database_that_crashes_under_load_costs_nothing(tmp_path, server, request, end):
    with opened(tmp_path, server.url(), *PARTS) as house:
        with load(house) as running:
            house.keeps_promising()
            end(server)
            house.lose_connections()
            house.until(lambda: house.ledger.counts["503"] >= 3)
            refusals = looks(house)
            server.start()
            house.keeps_promising()
            running.stop()
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=6)
    assert refusals == {(503, True)}
    assert not house.ledger.counts["500"]


def looks(house):
    """What is answered to looking at things: the statuses, and whether it is said when to come again."""
    kitchen = Client(house.settings.port, house.keys["kitchen"])
    order = next(iter(house.ledger.accepted.values()))
    paths = ("/readyz", f"/v1/orders/{order}", f"/v1/orders/{order}/events", "/v1/kitchen/tickets", "/v1/orders")
    answers = [kitchen.get(path) for path in paths]
    kitchen.close()
    return {(answer.status, "Retry-After" in answer.headers) for answer in answers}


def test_every_connection_that_is_ended_is_opened_again(tmp_path, server, request):
    with opened(tmp_path, server.url(), *PARTS) as house:
        with load(house) as running:
            for _ in range(4):
                house.keeps_promising(4)
                end_connections(server)
                house.lose_connections()
            house.keeps_promising(4)
            running.stop()
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=5)
    assert not house.ledger.counts["500"]


def end_connections(server):
    admin = sa.create_engine(server.url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f"{END_ALL} WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"))


def test_a_commit_whose_answer_is_lost_counts_once(tmp_path, server, request):
    """Not even a guest who has no key, and asks once, orders twice."""
    proxy = CuttingProxy(server.port)
    seen_as = sa.make_url(server.url()).set(port=proxy.port).render_as_string(hide_password=False)
    with opened(tmp_path, server.url(), "web", broker=None, seen_as=seen_as) as house:
        guest = Client(house.settings.port, house.keys["pos"])
        for number in range(3):
            proxy.cut_next_commit()
            body = {"channel": "takeaway", "notes": f"walk-in {number}", "items": [{"sku": "COLA"}]}
            answer = guest.post("/v1/orders", body)
            house.ledger.promised("place", f"walk-in {number}", answer)
            assert (answer.status, answer.replayed) == (201, False)
        guest.close()
        house.start("dispatcher")
        counts = judge(house, request.node.name)
    proxy.close()
    assert proxy.cuts == 3
    expect_nothing_wrong(counts, accepted=3)
