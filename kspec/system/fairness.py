"""Units of fairness, numbered: what a fair run owes something to.

A unit is an action and a value for each part of its fairness (`Fairness.unit`). Units are numbered action by action,
and within one by their values in the order of the sorts, those of the last part fastest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from kspec.system.sorts import BoolSort, EnumSort, ObjectSort, OptionSort, Sort, Value, cardinality, values_of
from kspec.system.system import System
from kspec.system.transitions import Action, Bind, FairnessStrength, Transition, UnitPart

MOST_UNITS: Final = 65_000
"""The most units of one system: steps in a graph name theirs in 16 bits."""

KeyReader = Callable[[str, int], Value]
"""The value of a variable of an object, by its slot, in the state where a binding is taken."""


class TooManyUnits(Exception):
    """With the units of `action`, a system has more than are numbered."""

    def __init__(self, action: str) -> None:
        super().__init__(f"with those of {action}, there are more than {MOST_UNITS:,} units of fairness")
        self.action = action


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a kind whose objects come and go."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value of a unit comes from: the bind at this position of a transition of the action, or, where `variable`
    is given, that key field of the object which is bound there."""

    bind: int
    variable: str | None
    sort: Sort


@dataclass(frozen=True, slots=True)
class Unit:
    """`objects`: what it is about. Where one of them does not exist, a run owes it nothing; an object in the same slot
    later has the same number, and is another one."""

    action: int
    strength: FairnessStrength
    values: tuple[Value, ...]
    objects: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """`units` by number. `sources`, by action: where the values of its units come from; None without fairness."""

    system: System
    units: tuple[Unit, ...]
    sources: tuple[tuple[Source, ...] | None, ...]
    _numbers: dict[tuple[int, tuple[Value, ...]], int]

    def number(self, action: int, bound: Sequence[Value], key: KeyReader) -> int | None:
        """The unit of a binding of the action, by the values that its transition binds, in order; None if the action
        has no fairness."""
        sources = self.sources[action]
        if sources is None:
            return None
        return self._numbers[action, tuple(_value(source, bound, key) for source in sources)]

    def name(self, number: int) -> str:
        """What people call a unit: `kubelet(n1).start(p1)`."""
        unit = self.units[number]
        action, sources = self.system.actions[unit.action], self.sources[unit.action]
        assert sources is not None
        shown = [self._shown(value, source) for value, source in zip(unit.values, sources, strict=True)]
        instance = ""
        if action.instance_kind is not None and shown:
            instance = f"({shown.pop(0)})"
        arguments = f"({', '.join(shown)})" if shown else ""
        return f"{action.component}{instance}.{action.name}{arguments}"

    def _shown(self, value: Value, source: Source) -> str:
        text = self._text(value, source.sort)
        return text if source.variable is None else f"{source.variable} = {text}"

    def _text(self, value: Value, sort: Sort) -> str:
        match sort, value:
            case OptionSort(inner), _:
                return "none" if value is None else self._text(value, inner)
            case ObjectSort(kind), int(slot):
                return self.system.kind(kind).slots[slot]
            case EnumSort(_, members), int(position):
                return members[position]
            case BoolSort(), _:
                return "true" if value else "false"
            case _:
                return str(value)


def units_of(system: System) -> Units:
    """Raises TooManyUnits. An action without transitions has no units: nothing is ever owed to it."""
    mortal = frozenset(kind.name for kind in system.kinds if not kind.permanent)
    sources = tuple(_sources(system, number, action) for number, action in enumerate(system.actions))
    units: list[Unit] = []
    for number, action in enumerate(system.actions):
        of_action = sources[number]
        if action.fairness is None or of_action is None:
            continue
        outlived = {part.bind for part in action.fairness.unit if part.outlives}
        if len(units) + _count(of_action) > MOST_UNITS:
            raise TooManyUnits(action.label)
        for values in product(*(values_of(source.sort) for source in of_action)):
            objects = tuple(_objects(of_action, values, mortal, outlived))
            units.append(Unit(number, action.fairness.strength, values, objects))
    numbers = {(unit.action, unit.values): number for number, unit in enumerate(units)}
    return Units(system, tuple(units), sources, numbers)


def _sources(system: System, number: int, action: Action) -> tuple[Source, ...] | None:
    transition = next((found for found in system.transitions if found.action == number), None)
    if action.fairness is None or transition is None:
        return None
    binds = _binds(transition)
    return tuple(source for part in action.fairness.unit for source in _of_part(system, binds, part))


def _binds(transition: Transition) -> tuple[Bind, ...]:
    return tuple(step for step in transition.steps if isinstance(step, Bind))


def _of_part(system: System, binds: tuple[Bind, ...], part: UnitPart) -> Iterator[Source]:
    if not part.key:
        yield Source(part.bind, None, binds[part.bind].local.sort)
    for variable in part.key:
        yield Source(part.bind, variable, system.variable(variable).sort)


def _count(sources: tuple[Source, ...]) -> int:
    """How many units there are; more than any limit where that is not bounded."""
    count = 1
    for source in sources:
        size = cardinality(source.sort)
        count *= MOST_UNITS + 1 if size is None else size
    return count


def _objects(
    sources: tuple[Source, ...], values: tuple[Value, ...], mortal: frozenset[str], outlived: set[int]
) -> Iterator[Slot]:
    for source, value in zip(sources, values, strict=True):
        if source.variable is not None or source.bind in outlived:
            continue
        sort = source.sort.inner if isinstance(source.sort, OptionSort) else source.sort
        if isinstance(sort, ObjectSort) and sort.kind in mortal and isinstance(value, int):
            yield Slot(sort.kind, value)


def _value(source: Source, bound: Sequence[Value], key: KeyReader) -> Value:
    value = bound[source.bind]
    if source.variable is None:
        return value
    assert isinstance(value, int)
    return key(source.variable, value)
