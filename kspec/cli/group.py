"""The group of all commands: finds the one that is meant."""

from __future__ import annotations

from importlib import import_module

import click

from kspec import __version__

COMMANDS = {
    "check": "Check models: a verdict for every property, and a story for every violation.",
    "simulate": "Try random runs of models that are too large to check in full.",
    "info": "Tell what a model is made of, and how large its states are.",
    "replay": "Carry out a stored trace again, step by step.",
    "init": "Write a small model to start from.",
}
"""Each is the function `command` of the module `kspec.cli.commands.NAME`, imported when it is asked for."""


class LazyCommands(click.Group):
    """A group that imports only the command that is called, so that `kspec --help` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"kspec.cli.commands.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyCommands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kspec", message="%(prog)s %(version)s")
def kspec() -> None:
    """A model checker for Kubernetes-like clusters.

    It explores every interleaving of schedulers, controllers, kubelets, users and faults that a .kspec model describes,
    and tells the shortest story of each way in which they break it.
    """
