"""Fields and variables that are empty in every state there is: `false`, `none`, or without members.

A model that imports a module gets all its fields. Those that nothing in the model or its cluster fills tell nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from kspec.system.expressions import Expr, If, Literal, Local, MapWith, Read, Use
from kspec.system.sorts import BoolSort, MapSort, OptionSort, SeqSort, SetSort, zero
from kspec.system.system import System, Variable
from kspec.system.transitions import Define, Transition


def always_empty(system: System) -> frozenset[str]:
    """The names of those variables. Where it takes more than a look at what is written, a variable is none of them."""
    chosen = {choice.place.variable for choice in system.choices}
    empty = {
        variable.name: variable
        for variable in system.variables
        if variable.name not in chosen and _can_be_empty(variable) and _begins_empty(system, variable)
    }
    filled = {name for transition in system.transitions for name in _filled(transition, empty)}
    return frozenset(empty.keys() - filled)


def _can_be_empty(variable: Variable) -> bool:
    """Numbers and members of enums always say something, unless they are entries of a map that nobody writes."""
    return isinstance(variable.sort, BoolSort | OptionSort | SetSort | SeqSort | MapSort)


def _begins_empty(system: System, variable: Variable) -> bool:
    values = system.initial[variable.name] if variable.constant is None else variable.constant
    return all(value == zero(variable.sort) for value in values)


def _filled(transition: Transition, empty: Mapping[str, Variable]) -> set[str]:
    """Those that a transition may write something else to."""
    defined = {step.local: step.value for step in transition.steps if isinstance(step, Define)}
    return {
        write.variable
        for write in transition.writes
        if write.variable in empty and not _stays_empty(empty[write.variable], write.value, defined)
    }


def _stays_empty(variable: Variable, value: Expr, defined: Mapping[Local, Expr]) -> bool:
    """Whether the variable, which is empty before, is empty with this value."""
    match value:
        case Literal(written):
            return written == zero(variable.sort)
        case Read(read):
            return read == variable.name
        case Use(local) if local in defined:
            return _stays_empty(variable, defined[local], defined)
        case If(_, then, otherwise):
            return _stays_empty(variable, then, defined) and _stays_empty(variable, otherwise, defined)
        case MapWith(before, _, Literal(written)) if isinstance(variable.sort, MapSort):
            return written == zero(variable.sort.value) and _stays_empty(variable, before, defined)
        case _:
            return False
