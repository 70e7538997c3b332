"""`kspec replay`: a stored trace, carried out again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kspec.cli.ending import CodedError
from kspec.cli.parameters import NO_COLOR, NamedPath, OnceCommand
from kspec.language.codes import Code
from kspec.system.properties import PropertyKind

if TYPE_CHECKING:
    from kspec.language.checked import Model
    from kspec.system.system import System
    from kspec.trace.formats import AuditedFault, StoredTrace
    from kspec.trace.story import Trace


@click.command("replay", cls=OnceCommand)
@click.argument("trace", type=NamedPath())
@click.option("--model", type=NamedPath(), help="The model, if it is no longer where the trace says.")
@NO_COLOR
def command(trace: Path, model: Path | None, no_color: bool) -> int:
    """Carry out a stored TRACE on its model again, step by step.

    Exits with 0 if every step can be taken and the property is violated (of a stored witness: reached) at the end; with
    1 if not; with 2 if the trace or its model cannot be read.
    """
    from kspec.check.words import count
    from kspec.cli.output import write_note
    from kspec.cli.traces import read_trace
    from kspec.report.story import trace_lines
    from kspec.report.styled import line, wants_colour, write
    from kspec.trace.retrace import changed_steps

    stored = read_trace(trace)
    system, changed = _system(stored, _model_path(stored, trace, model))
    told = _retold(system, stored)
    if changed:
        write_note("the model's text has changed since the trace was stored")
    if differing := changed_steps(told, stored):
        steps = ", ".join(str(number) for number in differing)
        write_note(f"what these steps change differs from what is stored: {steps}")
    steps_taken = count(len(told.steps), "step")
    where = f"{system.model}, cluster {system.cluster}"
    if (audited := stored.origin.audited) is not None:
        where = f"{where}, with {audited.name}"
    head = line(f"{stored.property} {_shown(stored, 'is')} as stored: {steps_taken} on {where}")
    write([head, *trace_lines(told)], sys.stdout, colour=wants_colour(sys.stdout, no_color=no_color))
    return 0


def _shown(stored: StoredTrace, verb: str) -> str:
    return f"{verb} {'reached' if stored.kind is PropertyKind.REACHABLE else 'violated'}"


def _model_path(stored: StoredTrace, trace: Path, given: Path | None) -> Path:
    """Where the model is: where the caller says, where the trace says, or beside the trace."""
    if given is not None:
        return given
    named = Path(stored.origin.model)
    if named.suffix != ".kspec" or "\0" in stored.origin.model:
        raise CodedError(
            Code.KS901, "the trace names a model that is no .kspec file", "say where it is with --model FILE"
        )
    beside = trace.parent / named.name
    return beside if not os.path.exists(named) and os.path.exists(beside) else named  # noqa: PTH110  # never raises


def _system(stored: StoredTrace, path: Path) -> tuple[System, bool]:
    """The system that the trace is about, and whether the model's text has changed since."""
    from kspec.cli.diagnosed import Diagnosed
    from kspec.cli.models import read_model
    from kspec.cli.traces import digest
    from kspec.lower.lower import lower

    origin = stored.origin
    loaded = read_model(path, defines=origin.defines, scopes=origin.scopes, clusters=(origin.cluster,))
    if loaded.model is None or loaded.diagnostics:
        raise Diagnosed(loaded.diagnostics, loaded.sources)
    if origin.cluster not in loaded.selected:
        raise CodedError(Code.KS902, f"{path} has no cluster `{origin.cluster[:80]}`")
    model = loaded.model if origin.audited is None else _with_fault(loaded.model, origin.cluster, origin.audited, path)
    lowered = lower(model, origin.cluster)
    if lowered.system is None or lowered.diagnostics:
        raise Diagnosed(lowered.diagnostics, loaded.sources)
    return lowered.system, digest(loaded.sources, loaded.model.file) != origin.sha256


def _with_fault(model: Model, cluster: str, audited: AuditedFault, path: Path) -> Model:
    """The model as the audit checked it."""
    from kspec.audit.change import Fault
    from kspec.audit.changes import changes

    lag = audited.number if audited.fault == Fault.LAG.value else None
    crash = audited.number if audited.fault == Fault.CRASH.value else None
    for change in changes(model, cluster, lag, crash):
        if change.component == audited.component and change.model is not None:
            return change.model
    raise CodedError(Code.KS902, f"{path} has no component to audit with {audited.name[:80]}")


def _retold(system: System, stored: StoredTrace) -> Trace:
    from kspec.check.verdicts import ExitCode
    from kspec.evaluate.errors import EnumerationTooLarge
    from kspec.evaluate.replay import ReplayMismatch
    from kspec.trace.confirm import UnfaithfulRun
    from kspec.trace.retrace import TraceMismatch, retell

    try:
        return retell(system, stored)
    except (TraceMismatch, ReplayMismatch) as error:
        raise CodedError(Code.KS902, str(error), exit_code=ExitCode.VIOLATED) from None
    except UnfaithfulRun:
        where = "by the run" if stored.loop is not None else "at the end"
        message = f"every step can be taken, but `{stored.property[:80]}` {_shown(stored, 'is not')} {where}"
        raise CodedError(Code.KS902, message, exit_code=ExitCode.VIOLATED) from None
    except EnumerationTooLarge as error:
        raise CodedError(Code.KS603, str(error)) from None
