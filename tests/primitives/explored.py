"""The graph of a model, as the evaluator of the system has it, and as the reference checker has it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.run import State
from kspec.language import checked
from kspec.system.properties import PropertyKind
from kspec.system.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    values_of,
)
from kspec.system.system import ALIVE, FREE, Role, System
from tests.primitives.graphs import Graph, Label
from tests.reference.actions import Outcome as ReferenceOutcome
from tests.reference.expressions import View, evaluate, evaluate_closed
from tests.reference.initial import initial_stores
from tests.reference.search import TooManyStates, every_outcome
from tests.reference.store import Store
from tests.reference.values import Failed, Map, Ref, member_value
from tests.reference.world import World

S = TypeVar("S")

BLOCKED = "no room"
REFUSED = "refused"


def graph_of_system(system: System, most: int) -> Graph:
    evaluator = Evaluator(system)
    hidden = {action.label for action in system.actions if action.hidden}

    def steps(state: State) -> Iterator[tuple[Label, State | None]]:
        for outcome in evaluator.outcomes(state):
            label = system.actions[system.transitions[outcome.taken.transition].action].label
            yield (label, *_result(outcome)), outcome.state if isinstance(outcome, Stepped) else None

    shown = _Shown(evaluator).of
    return _graph(evaluator.initial_states(), lambda state: state, shown, steps, most, hidden)


def graph_of_reference(model: checked.Model, cluster: str, most: int) -> Graph:
    world = World(model, cluster, evaluate_closed)
    hidden: set[str] = set()

    def steps(store: Store) -> Iterator[tuple[Label, Store | None]]:
        for outcome in every_outcome(world, store):
            label = f"{outcome.component}.{outcome.action}"
            if outcome.hidden:
                hidden.add(label)
            yield (label, *_reference_result(outcome)), outcome.after

    return _graph(initial_stores(world), Store.freeze, lambda store: _shown_by(world, store), steps, most, hidden)


def _graph(
    initial: Iterable[S],
    frozen: Callable[[S], Hashable],
    shown: Callable[[S], Hashable],
    steps: Callable[[S], Iterable[tuple[Label, S | None]]],
    most: int,
    hidden: set[str],
) -> Graph:
    """Raises TooManyStates. What has no next state leads to a state that shows nothing."""
    graph = Graph({*()}, [None], [set()], hidden)
    numbers: dict[Hashable, int] = {}
    frontier: list[S] = []

    def number(state: S) -> int:
        key = frozen(state)
        if key not in numbers:
            numbers[key] = len(graph.shown)
            if len(numbers) > most:
                raise TooManyStates
            graph.shown.append(shown(state))
            graph.steps.append(set())
            frontier.append(state)
        return numbers[key]

    graph.initial = {number(state) for state in initial}
    while frontier:
        state = frontier.pop()
        here = number(state)
        for label, after in steps(state):
            graph.steps[here].add((label, 0 if after is None else number(after)))
    return graph


# --- the system ------------------------------------------------------------------------------------------------------


def _result(outcome: Outcome) -> tuple[str, ...]:
    match outcome:
        case Stepped(_, _, refused):
            return (REFUSED,) if refused else ()
        case Failing(_, failure):
            return (failure.kind.value,)
        case Blocked():
            return (BLOCKED,)


class _Shown:
    """Objects with their fields, variables, and the values of all properties of states."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        kinds = (PropertyKind.INVARIANT, PropertyKind.REACHABLE)
        self._properties = [item for item in evaluator.system.properties if item.kind in kinds]

    def of(self, state: State) -> Hashable:
        found: set[Hashable] = set()
        kept: set[Ref] = set()
        for kind in self._evaluator.system.kinds:
            if " " in kind.name:  # the workers of a process
                continue
            refs = [Ref(kind.name, slot) for slot in range(len(kind.slots))]
            kept |= {ref for ref in refs if self._status(state, ref) != FREE}
        found |= {(ref, self._status(state, ref) == ALIVE) for ref in kept}
        for variable in self._evaluator.system.variables:
            if variable.hidden or variable.role in (Role.BUDGET, Role.STATUS):
                continue
            places = _places(variable.index)
            for number, index in enumerate(places):
                if self._is_there(state, variable.role, index):
                    value = self._evaluator.layout.value(state, variable.name, number)
                    found.add((variable.name, index, decoded(value, variable.sort, kept)))
        return frozenset(found), tuple(self._truth(item.expression, state) for item in self._properties)

    def _is_there(self, state: State, role: Role, index: tuple[Hashable, ...]) -> bool:
        if not index or not isinstance(index[0], Ref):
            return True
        status = self._status(state, index[0])
        return status == ALIVE or (status != FREE and role is Role.CONST_FIELD)

    def _status(self, state: State, ref: Ref) -> Value:
        base = self._evaluator.layout.status_base(ref.kind)
        return ALIVE if base is None else state[base + ref.slot]

    def _truth(self, expression: object, state: State) -> Hashable:
        try:
            return self._evaluator.state_value(expression, state)
        except EvaluationError as error:
            return error.failure.kind.value


def _places(index: tuple[Sort, ...]) -> list[tuple[Hashable, ...]]:
    if not index:
        return [()]
    (sort,) = index
    return [(decoded(value, sort, set()),) for value in values_of(sort)]


def decoded(value: Value, sort: Sort, kept: set[Ref]) -> Hashable:
    """A value of the system as the reference checker writes it: maps have entries for the objects that are kept."""
    match sort:
        case EnumSort(name, members):
            assert isinstance(value, int)
            return member_value(name, members[value])
        case ObjectSort(kind):
            assert isinstance(value, int)
            return Ref(kind, value)
        case OptionSort(inner):
            return None if value is None else decoded(value, inner, kept)
        case SetSort(element):
            assert isinstance(value, frozenset)
            return frozenset(decoded(member, element, kept) for member in value)
        case SeqSort(element):
            assert isinstance(value, tuple)
            return tuple(decoded(member, element, kept) for member in value)
        case MapSort(key, inner):
            assert isinstance(value, tuple)
            keys = [decoded(item, key, kept) for item in values_of(key)]
            entries = [(at, decoded(entry, inner, kept)) for at, entry in zip(keys, value, strict=True)]
            return Map(tuple((at, entry) for at, entry in entries if not isinstance(at, Ref) or at in kept))
        case BoolSort() | IntSort():
            return value


# --- the reference ---------------------------------------------------------------------------------------------------


def _reference_result(outcome: ReferenceOutcome) -> tuple[str, ...]:
    if outcome.failure is not None:
        return (outcome.failure,)
    if outcome.after is None:
        return (BLOCKED,)
    return (REFUSED,) if outcome.refused else ()


def _shown_by(world: World, store: Store) -> Hashable:
    found: set[Hashable] = set()
    for ref, thing in store.things.items():
        found.add((ref, thing.alive))
        for name, value in (*thing.fixed.items(), *thing.mutable.items()):
            found.add((f"{ref.kind}.{name}", (ref,), value))
    for name, value in store.variables.items():
        found.add((name, (), value))
    for (component, owner), variables in store.components.items():
        for name, value in variables.items():
            found.add((f"{component}.{name}", () if owner is None else (owner,), value))
    values = tuple(_value(world, store, item) for item in world.properties("invariant", "reachable"))
    return frozenset(found), values


def _value(world: World, store: Store, item: checked.Property) -> Hashable:
    try:
        return evaluate(item.body, View(world, store))
    except Failed as failed:
        return failed.implicit
