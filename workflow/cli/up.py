"""``passline up``."""

import http.client
import json
import os
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from workflow import api_keys, processes, sign_in_codes
from workflow.cli.options import settings_from, with_options
from workflow.data_lock import InUse, locked
from workflow.embedded.broker import answers_ping, broker_command, broker_socket, broker_url
from workflow.embedded.server import Unavailable, free_port
from workflow.settings import Settings
from workflow.store.store import open_store
from workflow.supervisor import Context, Program, StartFailed, Supervisor

PAGES = {"Menu": "/menu", "Kitchen": "/kitchen", "Dashboard": "/dashboard", "Documentation": "/docs"}
# Whose key the link of a page that wants one signs in with.
SIGNED_IN = {"Kitchen": "kitchen", "Dashboard": "manager"}


@click.command("up")
@with_options
@click.option("--no-broker", is_flag=True, help="Without any broker: the dispatcher does the jobs itself.")
@click.option("--demo", is_flag=True, help="Load the demo restaurant first, unless it is there already.")
@click.option("--host", help="The address to listen on; else PASSLINE_HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 0 for a free one; else PASSLINE_PORT, else 8000."
)
@click.option("--workers", "web_workers", type=click.IntRange(1, 64), metavar="N", help="Web processes.")
def command(*, no_broker: bool, demo: bool, broker: str | None, **given: Any) -> None:
    """Run everything on this machine, until Ctrl-C: broker, worker, dispatcher and web.

    All of it lives in the data directory, where the next run finds it again: SQLite file, broker, secret, keys, logs.
    --database and --broker replace the embedded parts. A process that ends is started again.
    """
    if no_broker and broker:
        raise click.UsageError("--broker and --no-broker exclude each other.")
    settings = settings_from(broker=broker, **given)
    try:
        with locked(settings.data) as lock:
            _run(_arranged(settings, no_broker=no_broker), lock, demo=demo)
    except (InUse, StartFailed, Unavailable) as error:
        raise click.ClickException(str(error)) from error


def _arranged(settings: Settings, *, no_broker: bool) -> Settings:
    """*settings* with a port that is free, and with the embedded broker where none is named or refused."""
    port = settings.port or free_port(settings.host)
    _expect_free(settings.host, port)
    where = None if no_broker else settings.broker or broker_url(_socket(settings))
    changes = {"port": port, "broker": where}
    return settings.model_copy(update=changes)


def _run(settings: Settings, lock: int, *, demo: bool) -> None:
    context = Context(processes.environment(settings), processes.DIRECTORY, settings.data / "logs", (lock,))
    supervisor = Supervisor(context, partial(click.secho, err=True, fg="yellow" if sys.stderr.isatty() else None))
    with supervisor.watching():
        _prepare(supervisor, settings, demo=demo)
        for program in _lasting(settings):
            if not supervisor.stopping:
                supervisor.start(program)
        if not supervisor.stopping:
            click.echo(_welcome(settings, keys=_demo_keys(settings.data / "keys.json") if demo else {}))
        supervisor.keep_running()


def _prepare(supervisor: Supervisor, settings: Settings, *, demo: bool) -> None:
    """The broker, and the database at this version's schema."""
    if _is_embedded(settings):
        supervisor.start(_broker(settings))
    for step in ["migrate", "demo"] if demo else ["migrate"]:
        if not supervisor.stopping:
            supervisor.once(Program(step, processes.passline(step)))


def _broker(settings: Settings) -> Program:
    home = settings.data / "broker"
    home.mkdir(exist_ok=True)
    address = _socket(settings)
    return Program("broker", broker_command(home, address), partial(answers_ping, address))


def _lasting(settings: Settings) -> list[Program]:
    """What runs as long as we do, in the order of its start. Without a broker nothing rings for a worker."""
    programs = [
        Program("dispatcher", processes.dispatcher()),
        Program("web", processes.web(settings), partial(answers, settings, "/readyz")),
    ]
    if settings.broker:
        # A worker that is asked to stop first does what it has begun.
        programs.insert(0, Program("worker", processes.worker(settings), grace_seconds=30))
    return programs


def answers(settings: Settings, path: str) -> bool:
    """Whether web answers 200 at *path*."""
    connection = http.client.HTTPConnection(_reachable_host(settings), settings.port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings, keys: dict[str, str]) -> str:
    """What a person at the terminal wants to know when everything is up."""
    url = f"http://{_in_url(_reachable_host(settings))}:{settings.port}"
    codes = _codes(settings, keys)
    found = {name: url + path + codes.get(name, "") for name, path in PAGES.items() if answers(settings, path)}
    places = {"API": f"{url}/v1", **found, "Data": settings.data, "Logs": settings.data / "logs"}
    lines = ["", "Passline is ready. Ctrl-C stops it.", "", *_table(places)]
    if codes:
        lines += [
            "",
            "The links of kitchen and dashboard sign you in, once, on this machine; run me again for new ones.",
        ]
    if keys:
        lines += ["", f"Keys of the demo restaurant, also in {settings.data / 'keys.json'}:", "", *_table(keys)]
    return "\n".join([*lines, ""])


def _codes(settings: Settings, keys: dict[str, str]) -> dict[str, str]:
    """The query of each page's link that signs in by itself."""
    if not keys:
        return {}
    store = open_store(settings.database)
    with store.writing() as connection:
        bearers = {page: api_keys.find(connection, keys[role]) for page, role in SIGNED_IN.items()}
        issued = {
            page: f"?code={sign_in_codes.issue(connection, bearer.key_id, store.now())}"
            for page, bearer in bearers.items()
            if bearer
        }
    store.close()
    return issued


def _table(rows: dict[str, Any]) -> list[str]:
    width = max(map(len, rows))
    return [f"  {name:<{width}}  {value}" for name, value in rows.items()]


def _demo_keys(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    keys: dict[str, str] = json.loads(file.read_text())
    return keys


def _is_embedded(settings: Settings) -> bool:
    return settings.broker == broker_url(_socket(settings))


def _socket(settings: Settings) -> Path:
    return broker_socket(settings.data / "broker")


def _expect_free(host: str, port: int) -> None:
    """Raises Unavailable where somebody listens on *port* already: better now than in a log file."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}. Choose another --port."
            ) from error


def _reachable_host(settings: Settings) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
