"""The servers that come by pip, really started."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tests.processes import lives, until
from workflow.embedded.broker import LONGEST_SOCKET, EmbeddedBroker, broker_socket
from workflow.embedded.postgres import running_postgres
from workflow.embedded.server import Unavailable, wait_until
from workflow.settings import redis_address


@pytest.fixture
def broker(tmp_path):
    server = EmbeddedBroker(tmp_path / "broker").start()
    yield server
    server.stop()


def client(broker):
    return redis.Redis.from_url(redis_address(broker.url))


@pytest.mark.broker
def test_a_broker_that_stopped_starts_again_with_what_it_had(broker):
    with client(broker) as connection:
        connection.rpush("bells", "estimates")

    assert broker.stop() == 0
    broker.start()

    with client(broker) as connection:
        assert connection.lrange("bells", 0, -1) == [b"estimates"]


@pytest.mark.broker
def test_a_broker_starts_over_the_socket_of_one_that_was_killed(broker):
    broker.kill()
    assert broker.address.exists()

    broker.start()

    with client(broker) as connection:
        assert connection.ping()


@pytest.mark.broker
def test_only_its_owner_may_talk_to_a_broker(broker):
    assert broker.address.stat().st_mode & 0o077 == 0


@pytest.mark.broker
def test_a_deep_directory_gets_its_socket_elsewhere(tmp_path):
    deep = tmp_path / ("d" * LONGEST_SOCKET)
    address = broker_socket(deep)

    assert len(bytes(address)) <= LONGEST_SOCKET
    assert broker_socket(deep) == address
    assert broker_socket(tmp_path / ("e" * LONGEST_SOCKET)) != address

    server = EmbeddedBroker(deep).start()
    with client(server) as connection:
        assert connection.ping()
    server.stop()
    address.parent.rmdir()


@pytest.mark.postgresql
def test_a_postgresql_that_was_killed_starts_again_on_its_port_with_what_was_committed():
    with running_postgres() as server:
        conninfo = server.url().replace("+psycopg", "")
        with psycopg.connect(conninfo) as connection:
            connection.execute("create table orders (number text)")
        port = server.port

        server.kill()
        server.start()

        assert server.port == port
        with psycopg.connect(conninfo) as connection:
            assert connection.execute("select count(*) from orders").fetchone() == (0,)
        root = server.root
    assert not root.exists()


@pytest.mark.postgresql
def test_a_durable_postgresql_waits_for_the_disk():
    with running_postgres(durable=True) as server, psycopg.connect(server.url().replace("+psycopg", "")) as connection:
        for setting in "fsync", "synchronous_commit", "full_page_writes":
            assert connection.execute(f"show {setting}").fetchone() == ("on",)


@pytest.mark.broker
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_server_ends_with_whoever_started_it(tmp_path):
    program = (
        "import sys; from pathlib import Path; from workflow.embedded.broker import EmbeddedBroker; "
        "print(EmbeddedBroker(Path(sys.argv[1])).start().process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        pid = int(owner.stdout.readline())
        assert lives(pid)
        owner.kill()
    until(lambda: not lives(pid))


def test_a_server_that_ends_before_it_is_ready_says_so():
    with (
        subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as process,
        pytest.raises(Unavailable, match="the server ended with code 3"),
    ):
        wait_until(lambda: False, process, "the server")
