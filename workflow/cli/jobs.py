"""``passline jobs``."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from workflow.cli.options import with_settings_of_what_is_there
from workflow.jobs import dead_letters
from workflow.jobs.figures import figures
from workflow.jobs.lanes import LANES
from workflow.schema import JOB_STATES
from workflow.settings import Settings
from workflow.store.store import Store, open_store

LANE = click.option("--lane", type=click.Choice(list(LANES)), help="Only this lane.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
ID = click.argument("job_id", metavar="ID")


@click.group("jobs")
def command() -> None:
    """List, retry or discard dead jobs, and see how the lanes are doing."""


@command.command("list")
@click.option("--state", type=click.Choice(JOB_STATES), default="dead", show_default=True, help="Jobs in this state.")
@LANE
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="So many at most.")
@click.option("--after", metavar="ID", help="Those beyond this one.")
@AS_JSON
@with_settings_of_what_is_there
def list_jobs(*, settings: Settings, as_json: bool, **chosen: Any) -> None:
    """Jobs, the oldest first; the dead ones unless told otherwise."""
    with opened(settings) as store, store.reading() as connection:
        found = dead_letters.shown(dead_letters.page(connection, **chosen))
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for job in found:
        click.echo(as_line(job))
    if not found:
        click.echo(f"There are no {chosen['state']} jobs.", err=True)


@command.command("retry")
@click.argument("job_id", metavar="ID", required=False)
@click.option("--all", "every", is_flag=True, help="Every dead job.")
@LANE
@with_settings_of_what_is_there
def retry(*, settings: Settings, job_id: str | None, every: bool, lane: str | None) -> None:
    """Have a dead job tried again, under the same id, or --all of them."""
    if every == bool(job_id):
        raise click.UsageError("Name one job, or say --all.")
    with opened(settings) as store, store.writing() as connection:
        if job_id is None:
            count = dead_letters.retry_all(connection, store.now(), lane=lane)
        else:
            count = int(dead_letters.retry(connection, job_id, store.now()))
            _expect(count, job_id)
    click.echo(f"{count} {'job is' if count == 1 else 'jobs are'} tried again.")


@command.command("discard")
@ID
@click.option("--reason", required=True, help="Why; it is kept with the job.")
@with_settings_of_what_is_there
def discard(*, settings: Settings, job_id: str, reason: str) -> None:
    """Let a dead job go. It stays in the books as cancelled."""
    with opened(settings) as store, store.writing() as connection:
        _expect(dead_letters.discard(connection, job_id, reason, store.now()), job_id)
    click.echo("The job is discarded.")


@command.command("figures")
@AS_JSON
@with_settings_of_what_is_there
def show_figures(*, settings: Settings, as_json: bool) -> None:
    """How many jobs wait in each lane, for how long the oldest has been due, and how many are dead."""
    with opened(settings) as store, store.reading() as connection:
        rows = [asdict(lane) for lane in figures(connection, store.now())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"{'lane':<14} {'pending':>8} {'oldest due':>11} {'dead':>6}")
    for row in rows:
        click.echo(f"{row['lane']:<14} {row['pending']:>8} {row['oldest_due_seconds']:>9} s {row['dead']:>6}")


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database)
    try:
        yield store
    finally:
        store.close()


def as_line(job: dict[str, Any]) -> str:
    """A job on one line, or on two with what is wrong with it."""
    head = f"{job['id']}  {job['lane']:<13} {job['kind']:<18} {job['attempts']:>2} tries  due {job['due_at']}"
    said = job["last_error"]
    return head if not said else f"{head}\n    {said.splitlines()[0]}"


def _expect(changed: int, job_id: str) -> None:
    if not changed:
        raise click.ClickException(f"There is no dead job {job_id}.")
