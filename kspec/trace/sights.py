"""Expressions that ask a view: how they are told apart, and what the steps of a component look at through its views.

Lowering makes of a read through a view: what the view keeps of the object, else what an event that was not seen says,
else what the store has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from kspec.evaluate.walk import nodes, used_locals
from kspec.system import expressions as ex
from kspec.system.expressions import Expr, Local
from kspec.system.meanings import VariableMeaning, ViewEvent, ViewKept
from kspec.system.sorts import ObjectSort, Value
from kspec.system.transitions import Allocate, Bind, Define, Transition

Meanings = Mapping[str, VariableMeaning | None]
"""What the variables of a system are, by name."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A read through the view of a component. `stored`: the same read of the store."""

    component: str
    instance: Expr | None
    stored: Expr


@dataclass(frozen=True, slots=True)
class Look:
    """What a step asks about an object of a kind: the state variable of a field, or, with none, whether it is there.
    `item`: None where it asks about every object."""

    kind: str
    variable: str | None
    item: Expr | None


def sight(expr: Expr, meanings: Meanings) -> Sight | None:
    """The expression as a read through a view, if it is one."""
    match expr:
        case ex.If(ex.Equal(ex.Read() as asked, _) | ex.Contains(_, ex.Read() as asked), _, otherwise):
            found = _asked(asked, meanings, otherwise)
            deeper = sight(otherwise, meanings)
            return replace(found, stored=deeper.stored) if found and deeper else found
        case ex.Let(_, ex.Lookup() as stored, body):
            reads = (node for node in nodes(body) if isinstance(node, ex.Read))
            return next((found for read in reads if (found := _asked(read, meanings, stored))), None)
        case _:
            return None


def looks(transition: Transition, component: str, meanings: Meanings) -> tuple[Look, ...]:
    """What the guards and the body of a component's transition ask its views."""
    known = {step.local.id for step in transition.steps if isinstance(step, Bind | Define | Allocate)}
    below = tuple(nodes(transition.steps))
    named = {node.local.id: node for node in below if isinstance(node, ex.Let)}
    found: dict[Look, None] = {}
    for node in below:
        if isinstance(node, ex.If):
            seen = sight(node, meanings)
            if seen is not None and seen.component == component:
                found.update(dict.fromkeys(_look(seen.stored, known, named)))
    return tuple(found)


def closed(expr: Expr, values: Mapping[Local, Value]) -> Expr:
    """The expression, with values for its free locals."""
    used = used_locals(expr)
    for local, value in values.items():
        if local.id in used:
            expr = ex.Let(local, ex.Literal(value, local.sort), expr)
    return expr


def _asked(read: ex.Read, meanings: Meanings, stored: Expr) -> Sight | None:
    meaning = meanings.get(read.variable)
    if not isinstance(meaning, ViewEvent | ViewKept):
        return None
    return Sight(meaning.component, read.index[0] if read.index else None, stored)


def _look(stored: Expr, known: Set[int], named: Mapping[int, ex.Let]) -> Iterator[Look]:
    match stored:
        case ex.Read(variable, (item,)) if isinstance(item.sort, ObjectSort):
            yield Look(item.sort.kind, variable, _resolved(item, known, named))
        case ex.IsAlive(item) if isinstance(item.sort, ObjectSort):
            yield Look(item.sort.kind, None, _resolved(item, known, named))
        case _:
            return


def _resolved(item: Expr, known: Set[int], named: Mapping[int, ex.Let]) -> Expr | None:
    """The object in terms of what the steps name; None where it is any that a quantifier goes through."""
    for id in used_locals(item) - known:
        if id not in named:
            return None
        value = _resolved(named[id].value, known, named)
        if value is None:
            return None
        item = ex.Let(named[id].local, value, item)
    return item
