"""``passline config``."""

import json
import os
import textwrap
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import click

from workflow.cli.options import settings_from, with_options
from workflow.settings import Settings, variables

HIDDEN = "********"


@dataclass(frozen=True)
class Setting:
    """One setting as it is now. *source* is the variable or option that it came from, else "default"."""

    name: str
    value: Any
    source: str
    variables: list[str]
    description: str


@click.command("config")
@with_options
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(as_json: bool, **given: Any) -> None:
    """Show every setting: its value, where that came from, and what it is for. Secrets are masked."""
    settings = current_settings(given)
    if as_json:
        click.echo(json.dumps([asdict(setting) for setting in settings], indent=2))
        return
    for setting in settings:
        click.echo(as_text(setting))


def current_settings(given: dict[str, Any]) -> list[Setting]:
    """Every setting, with what was *given* as options."""
    # Asking must not make anything, so the secret of the data directory is not read (or made) here.
    placeholder = {} if _variable("secret") else {"secret": HIDDEN * 2}
    settings = settings_from(**given, **placeholder)
    return [
        Setting(
            name, masked(name, getattr(settings, name)), _source(name, given), variables(name), field.description or ""
        )
        for name, field in Settings.model_fields.items()
    ]


def as_text(setting: Setting) -> str:
    """A setting in three lines or more, for people."""
    value = click.style("not set" if setting.value is None else str(setting.value), bold=True)
    about = textwrap.fill(setting.description, 100, initial_indent="    ", subsequent_indent="    ")
    return f"{setting.name} = {value}  ({setting.source})\n{about}\n    {' or '.join(setting.variables)}\n"


def masked(name: str, value: Any) -> Any:
    """*value* as anybody may see it: without a secret, or a password in an address."""
    if name == "secret":
        return HIDDEN
    if isinstance(value, str) and "://" in value and (password := urlsplit(value).password):
        return value.replace(f":{password}@", f":{HIDDEN}@")
    return value if isinstance(value, bool | int | str | None) else str(value)


def _source(name: str, given: dict[str, Any]) -> str:
    if given.get(name) is not None:
        return f"--{name}"
    return _variable(name) or "default"


def _variable(name: str) -> str | None:
    # Variables are found whatever their case, as the settings find them; an empty one counts as unset.
    present = {key.upper() for key, value in os.environ.items() if value}
    return next((variable for variable in variables(name) if variable in present), None)
