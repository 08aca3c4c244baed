"""``passline worker``."""

from typing import Any

import click

from workflow import processes
from workflow.cli.options import settings_from, with_options
from workflow.jobs.lanes import LANES


@click.command("worker")
@with_options
@click.option("--concurrency", "worker_processes", type=click.IntRange(1, 256), metavar="N", help="Its processes; 2.")
@click.option("--lane", "lanes", multiple=True, type=click.Choice(LANES), help="Only this lane; may be repeated.")
def command(lanes: tuple[str, ...], **given: Any) -> None:
    """Do the jobs that the broker rings for. Any number of workers may run, on any number of machines."""
    settings = settings_from(**given)
    if settings.broker is None:
        raise click.ClickException(
            "A worker needs a broker (--broker, or PASSLINE_BROKER). Without one, the dispatcher does the jobs itself."
        )
    processes.become(processes.worker(settings, list(lanes)), settings)
