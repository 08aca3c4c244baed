"""`passline simulate`: play a restaurant against a running server."""

import json
import random
import sys
from pathlib import Path

import click

from workflow.simulation import summary
from workflow.simulation.evening import Evening, NoServer, read_keys


class CannotPlay(click.ClickException):
    exit_code = 2


@click.command("simulate")
@click.option(
    "--url",
    default="http://127.0.0.1:8000",
    show_default=True,
    callback=lambda _context, _option, url: _http(url),
    help="Address of the running server.",
)
@click.option(
    "--keys",
    "keys_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with the API keys pos, kitchen and manager, as `passline demo` writes it.",
)
@click.option("--orders", default=50, show_default=True, type=click.IntRange(min=1), help="How many orders to ring up.")
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0.1, max=10_000),
    help="Simulated seconds per real second.",
)
@click.option("--seed", type=int, help="The same seed plans the same evening. [default: chosen by chance, and printed]")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(url: str, keys_file: Path, orders: int, speed: float, seed: int | None, as_json: bool) -> None:
    """Play a restaurant against a running server, over HTTP only.

    A till rings up orders, cooks work at their stations, guests look at their pages, and mistakes are made everywhere.
    At the end the server's books are held against the restaurant's own.

    Exit code: 0 when the books agree, 1 when something is off (it is listed), 2 when the evening could not begin.
    """
    chosen = random.randrange(1_000_000) if seed is None else seed
    evening = Evening(url, _keys(keys_file), orders=orders, speed=speed, seed=chosen)
    _play(evening)
    click.echo(json.dumps(summary.as_json(evening), indent=2) if as_json else summary.as_text(evening))
    sys.exit(1 if evening.findings.all() else 0)


def _http(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("it has to start with http:// or https://")
    return url


def _keys(path: Path) -> dict[str, str]:
    try:
        return read_keys(path.read_text())
    except (OSError, ValueError) as problem:
        raise CannotPlay(f"{path} is not a file of API keys: {problem}.") from problem


def _play(evening: Evening) -> None:
    """With progress bars where a person watches."""
    hidden = not sys.stderr.isatty()
    try:
        with click.progressbar(length=evening.orders, label="Serving", file=sys.stderr, hidden=hidden) as bar:
            evening.play(lambda closed: bar.update(closed - bar.pos))
        with click.progressbar(length=evening.orders, label="Comparing", file=sys.stderr, hidden=hidden) as bar:
            evening.reconcile(lambda: bar.update(1))
    except NoServer as problem:
        raise CannotPlay(str(problem)) from problem
    except KeyboardInterrupt:
        evening.stop()
        click.echo("Stopped by hand; the books were not compared.", err=True)
        sys.exit(130)
