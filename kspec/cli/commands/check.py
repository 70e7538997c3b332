"""`kspec check`: a verdict for every property of the models it is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kspec.cli.ending import CodedError
from kspec.cli.limits import as_bytes, default_memory
from kspec.cli.parameters import (
    CLUSTERS,
    DEFINES,
    FORMAT,
    NO_COLOR,
    SCOPES,
    STRICT,
    TIMEOUT,
    TRACE,
    WITNESS,
    NamedPath,
    OnceCommand,
    must_differ,
    trace_path,
)
from kspec.language.codes import Code

if TYPE_CHECKING:
    from kspec.explore.checkpoint import Checkpointing

DEFAULT_DEPTH = 20
ENGINES = ("auto", "plain", "explore", "bmc")


@click.command("check", cls=OnceCommand)
@click.argument("paths", nargs=-1, required=True, metavar="FILE-OR-FOLDER...", type=NamedPath())
@CLUSTERS
@DEFINES
@SCOPES
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="auto: induction, then explore; explore: every state; plain: the same without machine code; "
    "bmc: up to --depth steps.",
)
@click.option("--depth", type=click.IntRange(0, 10_000), help=f"Steps that bmc looks at. [default: {DEFAULT_DEPTH}]")
@click.option(
    "--max-states",
    type=click.IntRange(1),
    metavar="N",
    help="Stop at the end of the level in which N states or orbits are found.",
)
@click.option("--max-depth", type=click.IntRange(0), metavar="N", help="Do not search beyond N steps.")
@TIMEOUT
@click.option(
    "--memory",
    metavar="SIZE",
    callback=as_bytes,
    help="Memory that the search may use, such as 2GiB. [default: 3/4 of the machine's]",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help="Threads of the explorer. [default: one a processor]"
)
@click.option(
    "--no-symmetry", is_flag=True, help="Search also each of the states that differ only in which object is which."
)
@click.option(
    "--compact",
    is_flag=True,
    help="Keep 64-bit fingerprints in place of states: less memory, and `bounded` in place of `holds`.",
)
@click.option(
    "--checkpoint",
    "folder",
    metavar="FOLDER",
    help="Write there what the search needs to go on, at ends of levels, twice a minute at most.",
)
@click.option("--resume", is_flag=True, help="Go on with the search in the --checkpoint FOLDER.")
@click.option(
    "--lag",
    type=click.IntRange(1),
    metavar="N",
    help="Audit: check each component again where it sees what it reads up to N events late.",
)
@click.option(
    "--crash",
    type=click.IntRange(1),
    metavar="N",
    help="Audit: check each component again where it crashes up to N times, between any two of its requests.",
)
@click.option("--first", is_flag=True, help="Stop at the first violation.")
@STRICT
@FORMAT
@TRACE
@WITNESS
@NO_COLOR
def command(
    paths: tuple[Path, ...],
    clusters: tuple[str, ...],
    defines: tuple[str, ...],
    scopes: tuple[str, ...],
    engine: str,
    depth: int | None,
    max_states: int | None,
    max_depth: int | None,
    timeout: float | None,
    memory: int | None,
    workers: int | None,
    no_symmetry: bool,
    compact: bool,
    folder: str | None,
    resume: bool,
    lag: int | None,
    crash: int | None,
    first: bool,
    strict: bool,
    form: str,
    trace_file: str | None,
    witness: bool,
    no_color: bool,
) -> int:
    """Check models: every property gets a verdict, and every violation a story.

    A folder stands for all .kspec files in it. Exits with 0 if everything is as it should be, 1 for a violation or an
    expectation that is not met, 2 for an error in a model or on the command line, 3 where a limit kept a verdict away.
    """
    of_explorer = {"--max-states": max_states, "--max-depth": max_depth}
    _must_go_together(engine, depth, of_explorer | {"--no-symmetry": no_symmetry or None, "--first": first or None})
    _must_be_of_machine_code(
        engine, {"--workers": workers is not None, "--compact": compact, "--checkpoint": folder is not None}
    )
    is_audit = lag is not None or crash is not None
    if is_audit and folder is not None:
        hint = "write the fault into the model, as `watches` or `crashes`, and check that"
        raise CodedError(Code.KS903, "--checkpoint is for one search, and --lag and --crash make many", hint)
    must_differ("-D", defines)
    must_differ("--scope", scopes)
    traces = None if trace_file is None else trace_path(trace_file)
    checkpoint = _checkpoint(folder, resume=resume)
    from kspec.check.options import CheckOptions, Engine
    from kspec.cli.batch import Batch, check_all
    from kspec.cli.faults import Faults
    from kspec.cli.output import JsonOutput, TextOutput
    from kspec.explore.result import Limits
    from kspec.report.jsonlines import SCHEMA

    limits = Limits(max_states, max_depth, timeout, memory if memory is not None else default_memory())
    options = CheckOptions(
        Engine(engine),
        DEFAULT_DEPTH if depth is None else depth,
        limits,
        first,
        strict,
        workers,
        symmetry=not no_symmetry,
        compact=compact,
        checkpoint=checkpoint,
    )
    output = JsonOutput(SCHEMA) if form == "json" else TextOutput(no_color=no_color, witness=witness)
    faults = Faults(lag, crash) if is_audit else None
    return check_all(Batch(paths, clusters, defines, scopes, options, traces, witness, faults), output).value


def _checkpoint(folder: str | None, *, resume: bool) -> Checkpointing | None:
    """What stands in the way of a checkpoint is found before the check."""
    if folder is None:
        if resume:
            raise CodedError(Code.KS903, "--resume needs a folder to go on from", "name it with --checkpoint")
        return None
    from kspec.explore.checkpoint import CheckpointError, Checkpointing

    if not folder:
        raise CodedError(Code.KS907, "--checkpoint names no folder", "write it like --checkpoint saved")
    checkpoint = Checkpointing(Path(folder), resume)
    try:
        checkpoint.must_fit()
    except CheckpointError as error:
        raise CodedError(Code.KS907, error.message, error.hint) from None
    return checkpoint


def _must_be_of_machine_code(engine: str, given: dict[str, bool]) -> None:
    for option, is_given in given.items():
        if is_given and engine in ("plain", "bmc"):
            raise CodedError(Code.KS903, f"{option} is not for --engine {engine}", "use --engine auto or explore")


def _must_go_together(engine: str, depth: int | None, of_explorer: dict[str, int | bool | None]) -> None:
    if depth is not None and engine != "bmc":
        raise CodedError(Code.KS903, "--depth is for --engine bmc", "use --max-depth to limit the search for states")
    for option, value in of_explorer.items():
        if value is not None and engine == "bmc":
            raise CodedError(
                Code.KS903, f"{option} is not for --engine bmc", "bmc looks at all runs of up to --depth steps"
            )
