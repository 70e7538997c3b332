"""The system: kinds with their slots, state variables, initial states, transitions and properties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kspec.system.amounts import Unit
from kspec.system.expressions import Expr
from kspec.system.meanings import VariableMeaning, Workers
from kspec.system.properties import Expectation, Property
from kspec.system.remarks import Remark
from kspec.system.sorts import EnumSort, ObjectSort, Sort, Value, units_in
from kspec.system.spans import Span
from kspec.system.transitions import Action, Transition

FREE, ALIVE, DELETED = 0, 1, 2
STATUS = EnumSort("status", ("free", "alive", "deleted"))
"""FREE: no object. ALIVE: an object. DELETED: deleted, but something still refers to it."""


class Role(Enum):
    """What a state variable is; decides how a trace names it and when it is cleared."""

    STATUS = "status"  # one a kind that is not permanent: index (kind,), sort STATUS
    FIELD = "field"  # index (kind,); cleared when the object is deleted
    CONST_FIELD = "const field"  # index (kind,); const and key fields; readable while anything refers to the object
    GLOBAL = "global"  # no index
    COMPONENT = "component"  # index () or (kind of the instance,); cleared when the instance's object is deleted
    BUDGET = "budget"  # how often an action fired; index () or, with `each`, the sorts of its instance and parameters
    CONSTANT = "constant"  # a const of the model with an initial choice; no index


@dataclass(frozen=True, slots=True)
class Variable:
    """A state variable: one place for every value of its index.

    `constant`, if given, are the values of all places in order (last index fastest): the variable never changes, every
    initial state has these values, and no state stores them. `meaning`: what it is, if no text declares it (a view, a
    program counter).
    """

    name: str
    index: tuple[Sort, ...]
    sort: Sort
    role: Role
    ghost: bool = False
    constant: tuple[Value, ...] | None = None
    span: Span | None = None
    meaning: VariableMeaning | None = None

    @property
    def hidden(self) -> bool:
        """Whether no text declares it."""
        return self.meaning is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind and the names of its slots. `permanent`: every slot holds an object, and no transition deletes one.
    `meaning`: what its slots are, if no text declares the kind."""

    name: str
    slots: tuple[str, ...]
    permanent: bool
    single: bool
    meaning: Workers | None = None

    @property
    def sort(self) -> ObjectSort:
        return ObjectSort(self.name, len(self.slots))


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a state variable: the variable and the number of the place (last index fastest)."""

    variable: str
    number: int


@dataclass(frozen=True, slots=True)
class InitialChoice:
    """In the initial states the place has one of `values`, or, where `values` is None, any value of its sort."""

    place: Place
    values: tuple[Value, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class System:
    """A model with one cluster: everything an engine needs.

    `initial` has the initial values of every variable that is not constant, by name, in order of places; `choices`
    override single places, in every combination that satisfies `initially`.

    **Settling.** After the writes of a transition, and in initial states:

    1. in every DELETED slot, the FIELD variables of its kind and the COMPONENT variables of its instance become `zero`;
    2. a DELETED slot is *held* if an ALIVE object's FIELD or CONST_FIELD, a GLOBAL, a CONSTANT, a COMPONENT variable
       (of an ALIVE instance), or a CONST_FIELD of a held object refers to it, map values and members included, map
       keys not;
    3. every DELETED slot that is not held becomes FREE; the CONST_FIELD and BUDGET places indexed by it become `zero`,
       and so do the entries at it of every map in the state.
    """

    model: str
    cluster: str
    kinds: tuple[Kind, ...]
    variables: tuple[Variable, ...]
    initial: dict[str, tuple[Value, ...]]
    choices: tuple[InitialChoice, ...]
    initially: tuple[Expr, ...]
    actions: tuple[Action, ...]
    disabled: tuple[str, ...]
    transitions: tuple[Transition, ...]
    properties: tuple[Property, ...]
    expectations: tuple[Expectation, ...]
    remarks: tuple[Remark, ...] = ()

    def kind(self, name: str) -> Kind:
        return next(kind for kind in self.kinds if kind.name == name)

    def variable(self, name: str) -> Variable:
        return next(variable for variable in self.variables if variable.name == name)


def units_of(system: System) -> tuple[Unit, ...]:
    """The units of the amounts that states hold, by the names of their quantities."""
    units = {unit.quantity: unit for variable in system.variables for unit in units_in(variable.sort)}
    return tuple(units[name] for name in sorted(units))
