"""The command line: ``passline``."""

import importlib

import click

from workflow.cli.explain import explained

COMMANDS = {
    "up": "Run everything on this machine, until Ctrl-C.",
    "web": "Serve the HTTP interface and the pages.",
    "worker": "Do the jobs that the broker rings for.",
    "dispatcher": "Number the events, ring for the jobs, watch the clock.",
    "migrate": "Bring the database to this version's schema.",
    "demo": "Load the demo restaurant, and print its keys.",
    "simulate": "Play a restaurant against a running server.",
    "audit": "Check that the books agree with the events.",
    "workflow": "Check or draw the state machines.",
    "config": "Show every setting, and where it came from.",
    "keys": "Make, list and revoke API keys.",
    "jobs": "List, retry or discard dead jobs.",
}


class Commands(click.Group):
    """The subcommands, each imported when it is called: `passline --help` need not load a database driver."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"workflow.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        with explained():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="passline", message="passline %(version)s")
def main() -> None:
    """Passline carries a restaurant's orders from the till through the kitchen to the day's report.

    Settings come from options, else from the environment (PASSLINE_…); `passline config` shows them all.
    """
