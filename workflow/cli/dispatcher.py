"""``passline dispatcher``."""

import click

from workflow import processes
from workflow.cli.options import with_settings
from workflow.settings import Settings


@click.command("dispatcher")
@with_settings
def command(settings: Settings) -> None:
    """Number the events, ring for the jobs that are due, watch the clock. Any number of dispatchers may run."""
    processes.become(processes.dispatcher(), settings)
