"""``passline web``."""

from typing import Any

import click

from workflow import processes
from workflow.cli.options import settings_from, with_options


@click.command("web")
@with_options
@click.option("--host", help="The address to listen on; else PASSLINE_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; else PASSLINE_PORT, else 8000.")
@click.option("--workers", "web_workers", type=click.IntRange(1, 64), metavar="N", help="Web processes.")
def command(**given: Any) -> None:
    """Serve the HTTP interface and the pages. The database must be migrated."""
    settings = settings_from(**given)
    processes.become(processes.web(settings), settings)
