"""``passline demo``."""

import json
from pathlib import Path

import click

from workflow.cli.options import with_settings
from workflow.demo import load
from workflow.settings import Settings
from workflow.store.store import open_store


@click.command("demo")
@with_settings
def command(settings: Settings) -> None:
    """Load the demo restaurant, and write its keys to keys.json in the data directory."""
    store = open_store(settings.database)
    keys_file = Path(settings.data) / "keys.json"
    keys = load(store, keys_file)
    store.close()
    click.echo(f"The demo restaurant is there; its keys are in {keys_file}.", err=True)
    click.echo(json.dumps(keys, indent=2))
