"""``passline audit``."""

import sys
from datetime import timedelta

import click

from workflow.audit import Audit, audit, count_orders
from workflow.cli.explain import explanation
from workflow.cli.options import with_settings_of_what_is_there
from workflow.settings import Settings
from workflow.store.store import Store, open_store


@click.command("audit")
@with_settings_of_what_is_there
def command(settings: Settings) -> None:
    """Fold every order's events and compare with its rows, its jobs and the boards.

    Exits with 1 and a list where anything is off, with 2 where it cannot look.
    """
    store = open_store(settings.database)
    try:
        found = _look(settings, store)
    except Exception as error:
        if message := explanation(error):
            click.echo(f"Error: {message}", err=True)
            raise SystemExit(2) from error
        raise
    finally:
        store.close()
    click.echo(
        f"{found.orders} orders, {found.events} events, {found.jobs} jobs, {found.lines} open lines,"
        f" {found.reports} closed reports: {len(found.findings)} findings."
    )
    for finding in found.findings:
        click.echo(f"{finding.subject}: {finding.detail}", err=True)
    if found.findings:
        raise SystemExit(1)


def _look(settings: Settings, store: Store) -> Audit:
    since = store.now() - timedelta(days=settings.job_retention_days)
    found = Audit()
    with click.progressbar(
        length=count_orders(store), label="orders", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for found in audit(store, jobs_since=since):
            bar.update(found.orders - bar.pos)
    return found
