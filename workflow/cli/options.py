"""Options that several commands share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workflow.settings import Settings


def with_options(command: Callable[..., Any], *, data_exists: bool = False) -> Callable[..., Any]:
    """Gives *command* ``--data``, ``--database`` and ``--broker``, which reach it as they were written."""
    for option in (_BROKER, _DATABASE, _data(exists=data_exists)):
        command = option(command)
    return command


def with_settings(command: Callable[..., Any], *, data_exists: bool = False) -> Callable[..., Any]:
    """Gives *command* ``--data``, ``--database`` and ``--broker``, and hands it the ``settings`` that follow."""

    @functools.wraps(command)
    def run(data: Path | None, database: str | None, broker: str | None, **others: Any) -> Any:
        return command(settings=settings_from(data=data, database=database, broker=broker), **others)

    return with_options(run, data_exists=data_exists)


def with_settings_of_what_is_there(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that looks at something: a directory that is named by mistake is not made."""
    return with_settings(command, data_exists=True)


def settings_from(**given: Any) -> Settings:
    """The settings of the environment, with what was *given* on the command line above them."""
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _data(*, exists: bool) -> Callable[..., Any]:
    return click.option(
        "--data",
        metavar="DIR",
        type=click.Path(file_okay=False, exists=exists, path_type=Path),
        help="The directory of the data; else PASSLINE_DATA, else ./var.",
    )


_DATABASE = click.option(
    "--database",
    metavar="URL",
    help="postgresql://… or sqlite:///…; else PASSLINE_DATABASE or DATABASE_URL, else passline.db in the data.",
)
_BROKER = click.option("--broker", metavar="URL", help="redis://… or amqp://…; else PASSLINE_BROKER or BROKER_URL.")
