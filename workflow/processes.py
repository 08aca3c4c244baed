"""The commands behind ``passline web``, ``worker`` and ``dispatcher``, and what they are given on their way."""

import os
import sys
from pathlib import Path

import workflow
from workflow.settings import Settings, fields, variables

#: Where processes run: beside the packages, so that no other directory can stand in for `web` or `workflow`.
DIRECTORY = Path(workflow.__file__).parent.parent


def web(settings: Settings) -> list[str]:
    """gunicorn, which keeps our workers running."""
    options = {
        "worker-class": "web.worker.Worker",
        "bind": f"{settings.host}:{settings.port}",
        "workers": str(settings.web_workers),
        "keep-alive": "30",
        "backlog": "2048",
        # Streams end by themselves when a worker is asked to stop; what is being committed takes far less.
        "graceful-timeout": "5",
        "log-level": settings.log_level.lower(),
    }
    # Two servers of one user would silently share gunicorn's control socket.
    return [*_module("gunicorn"), *_words(options), "--no-control-socket", "web.main:app"]


def worker(settings: Settings, lanes: list[str] | None = None) -> list[str]:
    """A Celery worker with processes of its own, for every lane or for the *lanes* named."""
    options = {
        "pool": "prefork",
        "concurrency": str(settings.worker_processes),
        "hostname": f"passline-{os.getpid()}@%h",
        "loglevel": settings.log_level,
    }
    if lanes:
        options["queues"] = ",".join(f"passline.{lane}" for lane in lanes)
    # Workers need not know each other: what they do is claimed from the database.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*_module("celery"), "--app=workflow.tasks.app", "worker", *_words(options), *alone]


def dispatcher() -> list[str]:
    """The dispatcher, of which any number may run."""
    return _module("workflow.tasks.dispatcher")


def passline(*words: str) -> list[str]:
    """``passline`` itself, with the subcommand and options *words*."""
    return [*_module("workflow"), *words]


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with *settings* in it, for a process that is to read the same.

    A secret that was made in the data directory stays there: an environment shows in more places than a file does.
    """
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in _all_variables()}
    given = {
        variables(name)[0]: str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in settings.model_dump(exclude_none=True).items()
        if name in settings.model_fields_set or name in {"data", "database"}
    }
    return inherited | given | {"PYTHONUNBUFFERED": "1"}


def become(command: list[str], settings: Settings) -> None:
    """Turns this process into *command*: one process less to signal, and to look at. Does not return."""
    os.chdir(DIRECTORY)
    os.execve(command[0], command, environment(settings))


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


def _words(options: dict[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]


def _all_variables() -> set[str]:
    return {variable for name in fields() for variable in variables(name)}
