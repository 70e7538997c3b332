"""Kinds of arguments and options that several commands have."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from kspec.cli.ending import CodedError
from kspec.cli.limits import as_seconds
from kspec.language.codes import Code


class NamedPath(click.Path):
    """A path that is not empty: the empty one would mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if value == "":
            self.fail("it is empty, and names no file", param, ctx)
        return super().convert(value, param, ctx)


class OnceCommand(click.Command):
    """A command that refuses an option given twice where the last one would win."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = self.make_parser(ctx).parse_args(list(args))[2]
        seen: set[str] = set()
        for parameter in given:
            if not isinstance(parameter, click.Option) or parameter.multiple or parameter.is_flag:
                continue
            if parameter.opts[0] in seen:
                raise CodedError(Code.KS903, f"{parameter.opts[0]} is given twice", "leave one out")
            seen.add(parameter.opts[0])
        return super().parse_args(ctx, args)


CLUSTERS = click.option(
    "--cluster",
    "clusters",
    multiple=True,
    metavar="NAME",
    help="A cluster, a glob, or `all`; may repeat. Default: the file's first.",
)
DEFINES = click.option(
    "-D",
    "defines",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a const or a field another value: -D MAX=4 -D web.replicas=2.",
)
SCOPES = click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="KIND=NUMBER",
    help="Give a kind room for other numbers of objects: --scope Pod=5.",
)
"""Which clusters of the models are meant, and what is changed in them."""

TIMEOUT = click.option(
    "--timeout", metavar="TIME", callback=as_seconds, help="Time for one model and cluster, such as 90s or 5min."
)
STRICT = click.option(
    "--strict", is_flag=True, help="Exit with 3 for what is bounded or not checked, with 4 for findings."
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one object a line for each model and cluster.",
)
TRACE = click.option(
    "--trace",
    "trace_file",
    metavar="FILE",
    help="Store counterexamples: the first in FILE, others beside it as FILE-2, FILE-3.",
)
WITNESS = click.option("--witness", is_flag=True, help="Tell also how each `reachable` property that holds is reached.")
NO_COLOR = click.option("--no-color", is_flag=True, help="Print without colours.")
"""How long it may take, what the exit code is, and where the report goes."""


def trace_path(text: str) -> Path:
    """Where `--trace` puts traces. What stands in the way there is found before the check, not after it."""
    from kspec.cli.traces import must_be_writable

    if not text:
        raise CodedError(Code.KS906, "--trace names no file", "write it like --trace bad.json")
    must_be_writable(Path(text))
    return Path(text)


def must_differ(option: str, texts: Iterable[str]) -> None:
    """Refuses two values of an option for one thing, the text before `=`."""
    seen: dict[str, str] = {}
    for text in texts:
        what = text.partition("=")[0].strip()
        if what in seen:
            message = f"`{option} {seen[what]}` and `{option} {text}` are about one thing"
            raise CodedError(Code.KS903, message, "leave one out")
        seen[what] = text
