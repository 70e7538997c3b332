"""Short names for building small systems by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TypeAlias

from kspec.evaluate.run import State
from kspec.system.expressions import (
    TRUE,
    Aggregate,
    Aggregation,
    AllValues,
    And,
    Arithmetic,
    Binding,
    Compare,
    Domain,
    Equal,
    Existing,
    Expr,
    Literal,
    Local,
    Moment,
    Not,
    Operator,
    Or,
    Order,
    Quantified,
    Quantifier,
    Read,
    Use,
)
from kspec.system.properties import Property, PropertyKind
from kspec.system.sorts import BOOL, EnumSort, IntSort, ObjectSort, Sort, Value
from kspec.system.spans import NOWHERE, Span
from kspec.system.system import ALIVE, FREE, STATUS, InitialChoice, Kind, Role, System, Variable
from kspec.system.transitions import Action, Allocate, Bind, ForEachCheck, Guard, Step, Transition, Write
from kspec.system.transitions import Role as BindRole

AnyStep: TypeAlias = Step | ForEachCheck

_ids = count(1)


# --- expressions -----------------------------------------------------------------------------------------------------


def local(name: str, sort: Sort) -> Local:
    return Local(next(_ids), name, sort)


def value(it: Value, sort: Sort = BOOL) -> Literal:
    return Literal(it, sort)


def number(it: int) -> Literal:
    return Literal(it, IntSort(it, it))


def member(sort: EnumSort, name: str) -> Literal:
    return Literal(sort.members.index(name), sort)


def use(it: Local | Expr) -> Expr:
    return Use(it) if isinstance(it, Local) else it


def read(variable: Variable, *index: Local | Expr, at: Moment = Moment.NEW, alive: bool = False) -> Read:
    """The value of a variable; `alive`: its object must be."""
    return Read(variable.name, tuple(map(use, index)), variable.sort, at, alive, span=Span("test", 1, 1, 1, 2))


def both(*operands: Expr) -> Expr:
    return And(operands)


def either(*operands: Expr) -> Expr:
    return Or(operands)


def negated(operand: Expr) -> Expr:
    return Not(operand)


def equal(left: Local | Expr, right: Local | Expr) -> Expr:
    return Equal(use(left), use(right))


def differ(left: Local | Expr, right: Local | Expr) -> Expr:
    return Not(equal(left, right))


def less(left: Local | Expr, right: Local | Expr) -> Expr:
    return Compare(Order.LESS, use(left), use(right))


def at_most(left: Local | Expr, right: Local | Expr) -> Expr:
    return Compare(Order.AT_MOST, use(left), use(right))


def plus(left: Local | Expr, right: Local | Expr) -> Expr:
    return Arithmetic(Operator.ADD, use(left), use(right), IntSort(None, None))


def forall(it: Local, body: Expr, where: Expr = TRUE, domain: Domain | None = None) -> Expr:
    return Quantifier(Quantified.FORALL, (_binding(it, domain),), where, body)


def exists(it: Local, body: Expr, where: Expr = TRUE, domain: Domain | None = None) -> Expr:
    return Quantifier(Quantified.EXISTS, (_binding(it, domain),), where, body)


def count_of(it: Local, where: Expr, domain: Domain | None = None) -> Expr:
    return Aggregate(Aggregation.COUNT, (_binding(it, domain),), where, number(1), IntSort(0, None))


def _binding(it: Local, domain: Domain | None) -> Binding:
    return Binding(it, domain or _usual_domain(it))


def _usual_domain(it: Local) -> Domain:
    return Existing(it.sort) if isinstance(it.sort, ObjectSort) else AllValues(it.sort)


# --- state -----------------------------------------------------------------------------------------------------------


def kind(name: str, slots: int, *, permanent: bool = True) -> Kind:
    return Kind(name, tuple(f"{name.lower()}{slot + 1}" for slot in range(slots)), permanent, single=False)


def status(of: Kind) -> Variable:
    return Variable(f"status {of.name}", (of.sort,), STATUS, Role.STATUS)


def field(of: Kind, name: str, sort: Sort, *, const: bool = False) -> Variable:
    return Variable(f"{of.name}.{name}", (of.sort,), sort, Role.CONST_FIELD if const else Role.FIELD)


def constant(of: Kind, name: str, sort: Sort, values: Sequence[Value]) -> Variable:
    return Variable(f"{of.name}.{name}", (of.sort,), sort, Role.CONST_FIELD, constant=tuple(values))


def variable(name: str, sort: Sort, *, ghost: bool = False) -> Variable:
    return Variable(name, (), sort, Role.GLOBAL, ghost=ghost)


def is_status(of: Kind, it: Local | Expr, wanted: int) -> Expr:
    return Equal(Read(status(of).name, (use(it),), STATUS), Literal(wanted, STATUS))


# --- transitions -----------------------------------------------------------------------------------------------------


def parameter(it: Local, domain: Domain | None = None, role: BindRole = BindRole.PARAMETER) -> Bind:
    return Bind(it, domain or _usual_domain(it), role)


def when(condition: Expr, clause: int | None = None) -> Guard:
    return Guard(condition, clause)


def allocate(it: Local, condition: Expr = TRUE) -> Allocate:
    return Allocate(it, condition)


def write(to: Variable, index: Sequence[Local | Expr], it: Local | Expr, condition: Expr = TRUE) -> Write:
    return Write(to.name, tuple(map(use, index)), use(it), condition)


def assign(to: Variable, it: Local | Expr, condition: Expr = TRUE) -> Write:
    return write(to, (), it, condition)


class SystemBuilder:
    """Collects the parts of a system."""

    def __init__(self) -> None:
        self._kinds: list[Kind] = []
        self._variables: list[Variable] = []
        self._initial: dict[str, tuple[Value, ...]] = {}
        self._choices: list[InitialChoice] = []
        self._initially: list[Expr] = []
        self._actions: list[Action] = []
        self._transitions: list[Transition] = []
        self._properties: list[Property] = []

    def kind(self, it: Kind, *, present: int | None = None) -> Kind:
        """A kind, with its status if that can change; `present`: how many of its objects there are at first."""
        self._kinds.append(it)
        if not it.permanent:
            there = len(it.slots) if present is None else present
            self.variable(status(it), *([ALIVE] * there + [FREE] * (len(it.slots) - there)))
        return it

    def variable(self, it: Variable, *initial: Value) -> Variable:
        self._variables.append(it)
        if it.constant is None:
            self._initial[it.name] = initial
        return it

    def choose(self, choice: InitialChoice) -> None:
        self._choices.append(choice)

    def initially(self, condition: Expr) -> None:
        self._initially.append(condition)

    def action(
        self,
        name: str,
        steps: Sequence[AnyStep] = (),
        writes: Sequence[Write] = (),
        *,
        refused: Expr | None = None,
    ) -> int:
        """An action of one transition; gives its position. Its clauses are those that the guards name."""
        position = len(self._actions)
        clauses = {step.clause for step in steps if isinstance(step, Guard) and step.clause is not None}
        component, _, short = name.rpartition(".")
        spans = (NOWHERE,) * len(clauses)
        self._actions.append(Action(component or "environment", short, None, None, spans, NOWHERE))
        self.path(position, steps, writes, refused=refused)
        return position

    def path(
        self,
        action: int,
        steps: Sequence[AnyStep] = (),
        writes: Sequence[Write] = (),
        *,
        refused: Expr | None = None,
    ) -> None:
        """One more transition of an action."""
        self._transitions.append(Transition(action, tuple(steps), tuple(writes), refused or value(False)))

    def property(self, of: PropertyKind, name: str, expression: Expr | None = None) -> Property:
        added = Property(of, name, expression, NOWHERE)
        self._properties.append(added)
        return added

    def invariant(self, name: str, expression: Expr) -> Property:
        return self.property(PropertyKind.INVARIANT, name, expression)

    def step(self, name: str, expression: Expr) -> Property:
        return self.property(PropertyKind.STEP, name, expression)

    def reachable(self, name: str, expression: Expr) -> Property:
        return self.property(PropertyKind.REACHABLE, name, expression)

    def build(self, model: str = "test", cluster: str = "only") -> System:
        return System(
            model=model,
            cluster=cluster,
            kinds=tuple(self._kinds),
            variables=tuple(self._variables),
            initial=self._initial,
            choices=tuple(self._choices),
            initially=tuple(self._initially),
            actions=tuple(self._actions),
            disabled=(),
            transitions=tuple(self._transitions),
            properties=tuple(self._properties),
            expectations=(),
        )


def state_of(system: System, **values: tuple[Value, ...] | Value) -> State:
    """The initial values of a system, with others for some variables (`_` for a space or dot in their names).

    Of a variable with an index, a tuple has a value for each place.
    """
    state: list[Value] = []
    for it in system.variables:
        if it.constant is None:
            name = it.name.replace(" ", "_").replace(".", "_")
            given = values.get(name)
            if name not in values:
                state.extend(system.initial[it.name])
            elif it.index and isinstance(given, tuple):
                state.extend(given)
            else:
                state.append(given)
    return tuple(state)
