"""Whether a lasso is a fair run, by definition, and what each unit of fairness has to do with it.

A step that changes nothing but ghosts neither enables nor takes a unit. A unit belongs to its objects: where one of
them does not exist, a run owes it nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import prod
from typing import assert_never

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State, Taken
from kspec.evaluate.values import in_order
from kspec.system.sorts import ObjectSort, Sort, Value, cardinality, values_of
from kspec.system.system import ALIVE, System
from kspec.system.transitions import Bind, FairnessStrength, Role

UNITS_LISTED = 65_536
"""Of an action with more units than that, only those are listed that the loop enables."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An action (its position) and the values of the parameters of its unit."""

    action: int
    values: tuple[Value, ...]


class Fate(Enum):
    """What becomes of a unit in the loop of a run. Only OWED makes the run unfair."""

    TAKEN = "taken"
    NEVER_ENABLED = "never enabled"
    NOT_ENABLED = "not enabled"  # at some position; of weak units
    GONE = "gone"  # an object of it does not exist at some position
    OWED = "owed"


@dataclass(frozen=True, slots=True)
class UnitInLoop:
    """`position`: the first of the loop at which that is so; of TAKEN, the one from which a step takes it."""

    unit: Unit
    strength: FairnessStrength
    fate: Fate
    position: int


@dataclass(frozen=True, slots=True)
class LoopFairness:
    """`units`: all that are enabled in the loop, and the others whose objects exist in it. `cut`: the positions of the
    loop where a step is missing for want of room, or fails."""

    units: tuple[UnitInLoop, ...]
    cut: tuple[int, ...]

    @property
    def is_fair(self) -> bool:
        return all(found.fate is not Fate.OWED for found in self.units)


def fairness_of(evaluator: Evaluator, lasso: Lasso) -> LoopFairness:
    """What a lasso that replays owes, and to whom. Where it stops, its loop is the last state."""
    return _Loop(evaluator, lasso).judge()


def unit_binds(system: System, action: int) -> dict[int, Bind]:
    """What the unit of an action has values of: the `Bind`s by number, the same in each transition of the action."""
    fairness = system.actions[action].fairness
    transition = next((found for found in system.transitions if found.action == action), None)
    if fairness is None or transition is None:
        return {}
    binds = [step for step in transition.steps if isinstance(step, Bind)]
    eligible = [number for number, bind in enumerate(binds) if bind.role is not Role.CHOICE]
    return {eligible[position]: binds[eligible[position]] for position in fairness.unit}


def unit_of(system: System, taken: Taken) -> Unit | None:
    """The unit that a step takes; None where its action has no fairness."""
    action = system.transitions[taken.transition].action
    if system.actions[action].fairness is None:
        return None
    return Unit(action, tuple(taken.values[number] for number in unit_binds(system, action)))


class _Loop:
    """`positions`: those of the loop."""

    def __init__(self, evaluator: Evaluator, lasso: Lasso) -> None:
        self._evaluator = evaluator
        self._system = evaluator.system
        self._states = lasso.states
        self._moves = lasso.run.moves
        self.positions = range(lasso.loop, len(lasso.states))
        self._enabled: dict[int, frozenset[Unit]] = {}
        self._cut: list[int] = []
        for position in self.positions:
            self._enabled[position] = self._enabled_at(position)

    def judge(self) -> LoopFairness:
        return LoopFairness(tuple(self._judge(unit) for unit in self._units()), tuple(self._cut))

    def _enabled_at(self, position: int) -> frozenset[Unit]:
        """The units with a step that changes something. Notes whether the state is cut."""
        state, units = self._states[position], set[Unit]()
        is_cut = False
        for outcome in self._evaluator.outcomes(state):
            match outcome:
                case Stepped(taken, after):
                    unit = unit_of(self._system, taken)
                    if unit is not None and self._evaluator.changes(state, after):
                        units.add(unit)
                case Failing() | Blocked():
                    is_cut = True
                case _:
                    assert_never(outcome)
        if is_cut:
            self._cut.append(position)
        return frozenset(units)

    def _units(self) -> Iterator[Unit]:
        enabled = frozenset[Unit]().union(*self._enabled.values())
        for action, declared in enumerate(self._system.actions):
            if declared.fairness is not None:
                ours = {unit for unit in enabled if unit.action == action}
                others = (unit for unit in self._possible(action) if unit not in ours and self._ever_exists(unit))
                yield from _in_order(ours.union(others))

    def _possible(self, action: int) -> Iterator[Unit]:
        if not any(found.action == action for found in self._system.transitions):
            return
        sorts = [bind.local.sort for bind in unit_binds(self._system, action).values()]
        counts = [cardinality(sort) for sort in sorts]
        if all(count is not None for count in counts) and prod(filter(None, counts)) <= UNITS_LISTED:
            for values in product(*map(values_of, sorts)):
                yield Unit(action, values)

    def _judge(self, unit: Unit) -> UnitInLoop:
        fairness = self._system.actions[unit.action].fairness
        assert fairness is not None
        fate, position = self._fate(unit, fairness.strength)
        return UnitInLoop(unit, fairness.strength, fate, position)

    def _fate(self, unit: Unit, strength: FairnessStrength) -> tuple[Fate, int]:
        taken = [position for position in self.positions if self._takes(position, unit)]
        enabled = [position for position in self.positions if unit in self._enabled[position]]
        gone = [position for position in self.positions if not self._exists(unit, position)]
        not_enabled = [position for position in self.positions if position not in enabled]
        if taken:
            return Fate.TAKEN, taken[0]
        if not enabled:
            return Fate.NEVER_ENABLED, self.positions[0]
        if gone:
            return Fate.GONE, gone[0]
        match strength:
            case FairnessStrength.WEAK if not_enabled:
                return Fate.NOT_ENABLED, not_enabled[0]
            case FairnessStrength.WEAK | FairnessStrength.STRONG:
                return Fate.OWED, enabled[0]
            case _:
                assert_never(strength)

    def _takes(self, position: int, unit: Unit) -> bool:
        if position == len(self._moves):
            return False
        move = self._moves[position]
        if move.state is None or not self._evaluator.changes(self._states[position], move.state):
            return False
        return unit_of(self._system, move.taken) == unit

    def _ever_exists(self, unit: Unit) -> bool:
        return any(self._exists(unit, position) for position in self.positions)

    def _exists(self, unit: Unit, position: int) -> bool:
        binds = unit_binds(self._system, unit.action)
        pairs = zip(binds.values(), unit.values, strict=True)
        return all(self._is_there(bind.local.sort, value, self._states[position]) for bind, value in pairs)

    def _is_there(self, sort: Sort, value: Value, state: State) -> bool:
        if not isinstance(sort, ObjectSort) or not isinstance(value, int):
            return True
        base = self._evaluator.layout.status_base(sort.kind)
        return base is None or state[base + value] == ALIVE


def _in_order(units: set[Unit]) -> list[Unit]:
    """Units of one action, by their values."""
    by_values = {unit.values: unit for unit in units}
    return [by_values[values] for values in in_order(by_values) if isinstance(values, tuple)]
