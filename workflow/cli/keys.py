"""``passline keys``."""

from typing import cast, get_args

import click

from workflow import api_keys, menu
from workflow.cli.options import with_settings_of_what_is_there
from workflow.settings import Settings
from workflow.store.store import open_store


@click.group("keys")
def command() -> None:
    """Make, list and revoke API keys. A key's text is shown once; only its digest is stored."""


@command.command("add")
@click.argument("role", type=click.Choice(get_args(api_keys.Role)))
@click.option("--location", help="Whose key it is; every role but admin has one.")
@click.option("--name", default="", help="What it is for: till 7, screen at the pass.")
@with_settings_of_what_is_there
def add(settings: Settings, role: str, location: str | None, name: str) -> None:
    """Make a key of ROLE, and print it."""
    store = open_store(settings.database)
    with store.writing() as connection:
        known = [place.id for place in menu.locations(connection)]
        if role != "admin" and location is None and len(known) == 1:
            location = known[0]
        _check(role, location, known)
        _, text = api_keys.issue(connection, cast(api_keys.Role, role), location, name, store.now())
    store.close()
    click.echo(text)


@command.command("list")
@with_settings_of_what_is_there
def list_(settings: Settings) -> None:
    """Show every key: id, role, location, name, when made, when revoked."""
    store = open_store(settings.database)
    with store.reading() as connection:
        for key in api_keys.every_key(connection):
            revoked = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "in force"
            made = f"{key.created_at:%Y-%m-%d %H:%M}"
            click.echo(f"{key.id}  {key.role:8} {key.location_id or '*':12} {made}  {revoked:26} {key.name}")
    store.close()


@command.command("revoke")
@click.argument("key_id")
@with_settings_of_what_is_there
def revoke(settings: Settings, key_id: str) -> None:
    """Revoke the key with this id. Running processes forget it within ten seconds."""
    store = open_store(settings.database)
    with store.writing() as connection:
        found = api_keys.revoke(connection, key_id, store.now())
    store.close()
    if not found:
        raise click.ClickException(f"There is no key {key_id}; `passline keys list` shows them.")
    click.echo(f"{key_id} is revoked.")


def _check(role: str, location: str | None, known: list[str]) -> None:
    if role == "admin" and location is not None:
        raise click.UsageError("An admin's key is for every location; leave --location out.")
    if role != "admin" and location not in known:
        said = f"There is no location {location!r}" if location else "Say whose key it is with --location"
        raise click.UsageError(f"{said}; there are: {', '.join(known) or 'none'}.")
