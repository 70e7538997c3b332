"""Systems that store the values of expressions, so that the successors of a state show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kspec.system.expressions import FALSE, TRUE, Expr, Local, Use
from kspec.system.sorts import zero
from kspec.system.spans import NOWHERE
from kspec.system.system import Role, System, Variable
from kspec.system.transitions import Action, Define, Transition, Write


def storing(system: System, chosen: Sequence[Expr]) -> System:
    """The system with a variable and an action for each expression, which stores its value."""
    stores = [Variable(f"out {number}", (), expr.sort, Role.GLOBAL) for number, expr in enumerate(chosen)]
    transitions = []
    for number, (expr, variable) in enumerate(zip(chosen, stores, strict=True)):
        local = Local(-100 - number, "x", expr.sort)
        write = Write(variable.name, (), Use(local), TRUE)
        transitions.append(Transition(number, (Define(local, expr),), (write,), FALSE))
    return replace(
        system,
        variables=(*system.variables, *stores),
        initial=system.initial | {variable.name: (zero(variable.sort),) for variable in stores},
        actions=tuple(Action("environment", f"store{n}", None, None, (), NOWHERE) for n in range(len(chosen))),
        transitions=tuple(transitions),
    )
