"""Why an action cannot be taken in a state, for given values of some of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice, takewhile
from typing import Final, TypeAlias

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.evaluate.values import in_order
from kspec.evaluate.walk import nodes, used_locals
from kspec.system.expressions import TRUE, And, Binding, Expr, Local, Read, SetComprehension
from kspec.system.fairness import Source, Unit
from kspec.system.meanings import Part, RunAt, ViewEvent, ViewKept
from kspec.system.sorts import ObjectSort, SetSort, Value
from kspec.system.system import FREE, Role
from kspec.system.transitions import Allocate, Bind, Check, Define, ForEachCheck, Guard, Transition
from kspec.trace.blame import Blame, Detective
from kspec.trace.describe import Named
from kspec.trace.names import Names
from kspec.trace.show import Locals, Printer
from kspec.trace.values import show_value

EFFORT: Final = 2_000
"""So many bindings are looked at; what hinders the first ones says enough."""


_Wanted: TypeAlias = "Sequence[tuple[Source, Value]]"
"""The values of a unit, and where they come from."""


class Obstacle(Enum):
    """What stands in the way of the binding that comes farthest."""

    CLAUSE = "clause"  # a condition of the text is false
    BUDGET = "budget"  # it was taken as often as may be
    NO_VALUE = "no value"  # a parameter or a choice has nothing to range over
    NO_WORKER = "no worker"  # all workers of a process run
    OWN_WRITES = "own writes"  # it waits until it sees them
    NOT_NOW = "not now"  # what else no text spells out: a run stands elsewhere, a view is not behind
    NO_ROOM = "no room"  # a create finds no free slot
    FAILS = "fails"  # the step fails
    NO_CHANGE = "no change"  # nothing does, but the step changes nothing


@dataclass(frozen=True, slots=True)
class Hindrance:
    """`bindings`: parameters and choices that were not given. `blame`: of CLAUSE; `pattern`: its clause as the text has
    it, with variables. `what`: of NO_VALUE the variable, of NO_ROOM the kind. `met`: how many conditions are true
    before one is not."""

    obstacle: Obstacle
    bindings: tuple[Named, ...] = ()
    blame: Blame | None = None
    pattern: str = ""
    what: str = ""
    met: int = 0


@dataclass(frozen=True, slots=True)
class _Binding:
    """How far a binding came, counted in steps of its transition, with what it bound, and what it met there."""

    progress: int
    bound: tuple[tuple[Local, Value], ...] = ()
    chosen: tuple[Local, ...] = ()
    obstacle: Obstacle = Obstacle.NOT_NOW
    clause: Guard | None = None
    what: str = ""
    met: int = 0

    def with_value(self, local: Local, value: Value) -> _Binding:
        return replace(self, progress=self.progress + 1, bound=(*self.bound, (local, value)))

    @property
    def values(self) -> dict[Local, Value]:
        return dict(self.bound)


class Investigator:
    """Finds out what hinders the actions of a system in one state. `names` are those of the state."""

    def __init__(self, evaluator: Evaluator, state: State, names: Names) -> None:
        self._evaluator = evaluator
        self._system = evaluator.system
        self._state = state
        self._names = names

    def hindrance(self, unit: Unit, sources: Sequence[Source]) -> Hindrance:
        """Of the binding of a unit that comes farthest, the first of several. `sources`: of the unit's values."""
        wanted = tuple(zip(sources, unit.values, strict=True))
        found = _Binding(-1)
        for transition in self._system.transitions:
            if transition.action == unit.action:
                for other in islice(self._stopped(transition, _Binding(0), wanted), EFFORT):
                    if other.progress > found.progress:
                        found = other
        shown = tuple(Named(local.name, self._shown(local, found.values[local])) for local in found.chosen)
        if found.obstacle is not Obstacle.CLAUSE or found.clause is None:
            return Hindrance(found.obstacle, shown, what=found.what, met=found.met)
        known = {local.id: self._shown(local, value) for local, value in found.values.items()}
        pattern = self._blame(found.clause, found.values, {}).clause
        return Hindrance(found.obstacle, shown, self._blame(found.clause, found.values, known), pattern, met=found.met)

    # --- what stops each binding -------------------------------------------------------------------------------------

    def _stopped(self, transition: Transition, sofar: _Binding, wanted: _Wanted) -> Iterator[_Binding]:
        """The bindings that begin like one, each with what stops it."""
        while sofar.progress < len(transition.steps):
            step = transition.steps[sofar.progress]
            if isinstance(step, Bind):
                yield from self._bindings(transition, step, sofar, wanted)
                return
            after = self._obstacle(step, sofar)
            if after.progress == sofar.progress:
                yield after
                return
            sofar = after
        yield replace(sofar, obstacle=Obstacle.NO_CHANGE)

    def _bindings(self, transition: Transition, step: Bind, sofar: _Binding, wanted: _Wanted) -> Iterator[_Binding]:
        number = sum(isinstance(other, Bind) for other in transition.steps[: sofar.progress])
        try:
            values = self._domain(step, sofar)
        except (EvaluationError, EnumerationTooLarge):
            values = []
        about = [(source, value) for source, value in wanted if source.bind == number]
        values = [value for value in values if all(self._gives(source, value) == it for source, it in about)]
        if all(source.variable is not None for source, _ in about):
            sofar = replace(sofar, chosen=(*sofar.chosen, step.local))
        for value in values:
            yield from self._stopped(transition, sofar.with_value(step.local, value), wanted)
        if not values:
            chosen = tuple(local for local in sofar.chosen if local != step.local)
            yield replace(sofar, chosen=chosen, obstacle=Obstacle.NO_VALUE, what=step.local.name)

    def _gives(self, source: Source, value: Value) -> Value:
        """What a value that is bound gives to a unit."""
        if source.variable is None or not isinstance(value, int):
            return value
        return self._evaluator.layout.value(self._state, source.variable, value)

    def _domain(self, step: Bind, sofar: _Binding) -> list[Value]:
        everything = SetComprehension(Binding(step.local, step.domain), TRUE, SetSort(step.local.sort))
        values = self._evaluator.state_value(everything, self._state, sofar.values)
        return in_order(values) if isinstance(values, frozenset) else []

    def _obstacle(self, step: Guard | Define | Check | ForEachCheck | Allocate, sofar: _Binding) -> _Binding:
        """The binding one step farther, or as far as before with what it meets."""
        try:
            match step:
                case Guard(condition):
                    met = sofar.met + self._met(condition, sofar)
                    if self._value(condition, sofar) is not True:
                        obstacle, what = self._kind_of(step, sofar)
                        return replace(sofar, obstacle=obstacle, clause=step, what=what, met=met)
                    sofar = replace(sofar, met=met)
                case Define(local, value):
                    return sofar.with_value(local, self._value(value, sofar))
                case Check(condition):
                    if self._value(condition, sofar) is not True:
                        return replace(sofar, obstacle=Obstacle.FAILS)
                case Allocate(local, condition):
                    return (
                        self._allocated(local, sofar)
                        if self._value(condition, sofar) is True
                        else sofar.with_value(local, 0)
                    )
                case ForEachCheck():
                    pass
        except EvaluationError:
            return replace(sofar, obstacle=Obstacle.FAILS)
        return replace(sofar, progress=sofar.progress + 1)

    def _allocated(self, local: Local, sofar: _Binding) -> _Binding:
        sort = local.sort
        assert isinstance(sort, ObjectSort)
        base = self._evaluator.layout.status_base(sort.kind)
        taken = {value for other, value in sofar.bound if other.sort == sort}
        slots = () if base is None else (slot for slot in range(sort.slots) if self._state[base + slot] == FREE)
        slot = next((slot for slot in slots if slot not in taken), None)
        if slot is None:
            return replace(sofar, obstacle=Obstacle.NO_ROOM, what=sort.kind)
        return sofar.with_value(local, slot)

    def _kind_of(self, guard: Guard, sofar: _Binding) -> tuple[Obstacle, str]:
        """What a condition that is false stands for, and the name that goes with it."""
        reads = [node.variable for node in nodes(guard.condition) if isinstance(node, Read)]
        variables = [self._evaluator.layout.variables[name] for name in reads]
        if any(variable.role is Role.BUDGET for variable in variables):
            return Obstacle.BUDGET, ""
        if guard.clause is not None or not any(variable.hidden for variable in variables):
            return Obstacle.CLAUSE, ""
        meanings = [variable.meaning for variable in variables]
        if any(isinstance(meaning, ViewEvent | ViewKept) and meaning.part is Part.OWN for meaning in meanings):
            return Obstacle.OWN_WRITES, ""
        if any(isinstance(meaning, RunAt) for meaning in meanings):
            return Obstacle.NO_WORKER, ""
        used = used_locals(guard.condition)
        chosen = [local.name for local in sofar.chosen if local.id in used]
        return (Obstacle.NO_VALUE, chosen[-1]) if chosen else (Obstacle.NOT_NOW, "")

    # --- telling it --------------------------------------------------------------------------------------------------

    def _value(self, expr: Expr, sofar: _Binding) -> Value:
        return self._evaluator.state_value(expr, self._state, sofar.values)

    def _met(self, condition: Expr, sofar: _Binding) -> int:
        """How many parts of a condition are true before one is not."""
        operands = condition.operands if isinstance(condition, And) else (condition,)
        return sum(1 for _ in takewhile(lambda operand: self._value(operand, sofar) is True, operands))

    def _blame(self, clause: Guard, values: dict[Local, Value], known: Locals) -> Blame:
        def ask(expr: Expr) -> Value:
            return self._evaluator.state_value(expr, self._state, values)

        return Detective(Printer(self._system, self._names, clause.wording), self._names, ask, known).blame(
            clause.condition
        )

    def _shown(self, local: Local, value: Value) -> str:
        return show_value(value, local.sort, self._names)
