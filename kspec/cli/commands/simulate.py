"""`kspec simulate`: random runs of the models it is given."""

from __future__ import annotations

from pathlib import Path

import click

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


@click.command("simulate", cls=OnceCommand)
@click.argument("paths", nargs=-1, required=True, metavar="FILE-OR-FOLDER...", type=NamedPath())
@CLUSTERS
@DEFINES
@SCOPES
@click.option(
    "--runs", type=click.IntRange(1, 10**12), default=1_000, show_default=True, metavar="N", help="How many runs."
)
@click.option(
    "--depth",
    type=click.IntRange(0, 100_000),
    default=100,
    show_default=True,
    metavar="N",
    help="Steps that a run has at most.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, (1 << 64) - 1),
    default=1,
    show_default=True,
    metavar="N",
    help="Another number gives other runs; the same one the same.",
)
@TIMEOUT
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Threads. [default: one a processor]")
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
    runs: int,
    depth: int,
    seed: int,
    timeout: float | None,
    workers: int | None,
    strict: bool,
    form: str,
    trace_file: str | None,
    witness: bool,
    no_color: bool,
) -> int:
    """Try random runs of models: each step is one of the actions that can happen, each as likely, in one of the ways
    in which it can, each as likely.

    What goes wrong on the way is violated, with a run that is made as short as may be. That nothing went wrong proves
    nothing: such a property is `bounded`. Exits as `kspec check` does.
    """
    must_differ("-D", defines)
    must_differ("--scope", scopes)
    traces = None if trace_file is None else trace_path(trace_file)
    from kspec.check.options import SimulateOptions
    from kspec.cli.batch import Batch, check_all
    from kspec.cli.output import JsonOutput, TextOutput
    from kspec.explore.simulate.result import Plan
    from kspec.report.jsonlines import SIMULATE_SCHEMA

    options = SimulateOptions(Plan(runs, depth, seed), timeout, strict, workers)
    output = JsonOutput(SIMULATE_SCHEMA) if form == "json" else TextOutput(no_color=no_color, witness=witness)
    return check_all(Batch(paths, clusters, defines, scopes, options, traces, witness), output).value
