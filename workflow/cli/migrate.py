"""``passline migrate``."""

import click

from workflow.cli.options import with_settings
from workflow.migrating import upgrade
from workflow.settings import Settings


@click.command("migrate")
@with_settings
def command(settings: Settings) -> None:
    """Bring the database to this version's schema. Does nothing where it is there already."""
    upgrade(settings.database)
    click.echo("The database has this version's schema.")
