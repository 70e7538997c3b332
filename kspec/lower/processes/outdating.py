"""What a step does to the copies that runs hold: those of objects that it changes are no longer current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kspec.lower import build
from kspec.lower.path import Path
from kspec.lower.processes.runs import Runs, stored_sort
from kspec.lower.views.versions import Versions
from kspec.system.expressions import FALSE, TRUE, Binding, Existing, Expr, Read, Use
from kspec.system.sorts import BOOL, ObjectSort
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def outdated(lowering: ExpressionLowering, path: Path, runs: Runs, own: tuple[Expr, ...] | None) -> Iterator[Write]:
    """Writes for all runs of a process. `own`: the index of the run whose step this is: it sees to its own copies."""
    for local, (kind, _) in runs.copies.items():
        versions = Versions(lowering, path, kind)
        if local not in runs.needed or versions.is_none:
            continue
        each, index = _every_run(lowering, runs)
        name, sort = runs.locals[local]
        held = Read(name, index, stored_sort(sort))
        current = Read(runs.copy_current(local), index, BOOL)
        changed = versions.is_changed(build.unwrap(held))
        is_other = build.negate(_same(index, own)) if own is not None else TRUE
        holds_one = build.negate(build.equal(held, build.none(held.sort)))
        condition = build.conjunction(is_other, current, holds_one, changed)
        yield Write(runs.copy_current(local), index, FALSE, condition, each)


def _every_run(lowering: ExpressionLowering, runs: Runs) -> tuple[tuple[Binding, ...], tuple[Expr, ...]]:
    context, component = lowering.context, runs.component
    each: list[Binding] = []
    if component.instance is not None:
        sort = context.sort(component.instance.type, component.span)
        assert isinstance(sort, ObjectSort)
        each.append(Binding(context.fresh(component.instance.name, sort), Existing(sort)))
    if runs.workers is not None:
        each.append(Binding(context.fresh("worker", runs.workers.sort), Existing(runs.workers.sort)))
    return tuple(each), tuple(Use(binding.local) for binding in each)


def _same(index: tuple[Expr, ...], own: tuple[Expr, ...]) -> Expr:
    return build.conjunction(*(build.equal(left, right) for left, right in zip(index, own, strict=True)))
