"""``passline workflow``."""

import sys
import time
from pathlib import Path

import click

from workflow.state_machine.attempts import Bounds
from workflow.state_machine.diagram import MACHINES, mermaid, page
from workflow.state_machine.exploration import Findings, Verdict, explore

PAGE = "workflow.md"
DOCS = "docs"
DIRECTORY = click.Path(file_okay=False, path_type=Path)


@click.group("workflow")
def command() -> None:
    """Check or draw the state machines of orders and items."""


@command.command("check")
@click.option("--items", type=click.IntRange(1, 4), default=3, show_default=True, help="Items of an order, at most.")
@click.option("--courses", type=click.IntRange(1, 3), default=2, show_default=True, help="Courses that it may have.")
@click.option("--stations", type=click.IntRange(1, 3), default=2, show_default=True, help="Stations that cook it.")
def check(items: int, courses: int, stations: int) -> None:
    """Explore every order within the bounds, and say whether what is promised of orders is true of each.

    Exits with 1 and the shortest way to break a promise where one does not hold. It takes about a minute.
    """
    started = time.monotonic()
    findings = _explored(Bounds(items, courses, stations))
    _report(findings, time.monotonic() - started)
    if not findings.hold:
        sys.exit(1)


@command.command("diagram")
@click.argument("machine", required=False, type=click.Choice([machine.name for machine in MACHINES]))
@click.option(
    "--write",
    "directory",
    metavar="[DIR]",
    is_flag=False,
    flag_value=DOCS,
    type=DIRECTORY,
    help=f"Write DIR/{PAGE} with both diagrams, the tables and the guards; DIR is {DOCS} if left out.",
)
@click.option(
    "--check",
    "compared",
    metavar="[DIR]",
    is_flag=False,
    flag_value=DOCS,
    type=DIRECTORY,
    help=f"Only compare with DIR/{PAGE}; exits with 1 when it differs.",
)
def diagram(machine: str | None, directory: Path | None, compared: Path | None) -> None:
    """Print the Mermaid diagram of MACHINE, or of both; or write the page that shows them."""
    if compared:
        _compare(compared / PAGE)
    elif directory:
        _write(directory / PAGE)
    else:
        click.echo("\n\n".join(mermaid(drawn) for drawn in MACHINES if machine in (None, drawn.name)))


def _explored(bounds: Bounds) -> Findings:
    """What there is to find, with a progress bar where a person watches."""
    with click.progressbar(
        length=1,
        label="Exploring",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        show_eta=False,
        show_pos=True,
        update_min_steps=50,
    ) as bar:

        def watch(done: int, known: int) -> None:
            bar.length = known
            bar.update(1)

        return explore(bounds, watch)


def _report(findings: Findings, seconds: float) -> None:
    click.echo(
        f"{findings.states:,} kinds of orders, {findings.transitions:,} transitions, {findings.refusals:,} refusals, "
        f"{findings.repeats:,} repetitions without effect, in {seconds:.1f} s."
    )
    for verdict in findings.verdicts:
        _report_verdict(verdict)


def _report_verdict(verdict: Verdict) -> None:
    found = verdict.counterexample
    click.echo(f"{click.style('BROKEN', fg='red') if found else click.style('holds ', fg='green')}  {verdict.promise}")
    if found:
        for number, words in enumerate(found.trail, start=1):
            click.echo(f"        {number}. {words}")
        click.echo(f"        {found.detail}")


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    click.echo(f"Wrote {path}.")


def _compare(path: Path) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != page():
        wanted = f"passline workflow diagram --write {path.parent}"
        raise click.ClickException(f"{path} does not show the machines as they are; run {wanted}.")
    click.echo(f"{path} is up to date.")
