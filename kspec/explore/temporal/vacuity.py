"""What makes a formula hold that says less than it seems to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kspec.explore.temporal.atoms import Bound, Values
from kspec.explore.temporal.graph import Labelled
from kspec.system.expressions import TRUE, Local
from kspec.system.temporal import Always, And, Eventually, Formula, LeadsTo, Temporal


def findings_of(
    temporal: Temporal,
    tracked: Sequence[Local],
    bindings: Sequence[Values],
    labelled: Labelled,
    ever: Callable[[Bound], bool],
) -> tuple[tuple[LeadsTo, ...], bool]:
    """The parts whose left side never happens, and whether nothing exists that the variables range over. `ever`:
    whether a formula is true of some fair run from the first position on at which the objects of a binding exist."""
    if not any(_exist(tracked, values, labelled) for values in bindings):
        return (), True
    never = tuple(
        part
        for part in _conditions(temporal.formula)
        if not any(ever(Bound(Eventually(part.left), values)) for values in bindings)
    )
    return never, False


def _conditions(formula: Formula) -> Iterator[LeadsTo]:
    """The parts that must hold wherever the formula does."""
    waiting = [formula]
    while waiting:
        match waiting.pop():
            case LeadsTo() as found:
                yield found
            case And(operands):
                waiting.extend(reversed(operands))
            case Always(operand):
                waiting.append(operand)
            case _:
                pass


def _exist(tracked: Sequence[Local], values: Values, labelled: Labelled) -> bool:
    """Whether the objects of a binding are there together in some state."""
    if not tracked:
        return True
    of = dict(values)
    return bool(labelled.state_atoms((TRUE,), {local: of[local] for local in tracked}, tuple(tracked)).any())
