"""Whether a lasso is a fair run, by definition, and what each unit of fairness has to do with it.

A step that changes nothing but ghosts neither enables nor takes a unit. Where an object that a unit is about does not
exist, a run owes it nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State, Taken
from kspec.system.expressions import FALSE
from kspec.system.fairness import Slot, Unit, units_of
from kspec.system.sorts import Value
from kspec.system.system import ALIVE, System
from kspec.system.transitions import IDENTIFYING, Bind, FairnessStrength, Transition


class Fate(Enum):
    """What becomes of a unit in the loop of a run. Only OWED makes the run unfair."""

    TAKEN = "taken"
    NEVER_ENABLED = "never enabled"
    NOT_ENABLED = "not enabled"  # at some position; of weak units
    NO_WORKER = "no worker"  # of units of a queue: never enabled, though it waits, at some position
    NOT_WAITING = "not waiting"  # at some position; of units of a queue
    GONE = "gone"  # an object of it does not exist at some position
    OWED = "owed"


@dataclass(frozen=True, slots=True)
class UnitInLoop:
    """`position`: the first of the loop at which that is so; of TAKEN, the one from which a step takes it."""

    unit: Unit
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


class _Loop:
    """`positions`: those of the loop."""

    def __init__(self, evaluator: Evaluator, lasso: Lasso) -> None:
        self._evaluator = evaluator
        self._system = evaluator.system
        self._units = units_of(evaluator.system)
        self._queues = Evaluator(replace(evaluator.system, transitions=tuple(_waiting(evaluator.system))))
        self._states = lasso.states
        self._moves = lasso.run.moves
        self.positions = range(lasso.loop, len(lasso.states))
        self._enabled: dict[int, frozenset[int]] = {}
        self._waiting = {position: self._waiting_at(position) for position in self.positions}
        self._cut: list[int] = []
        for position in self.positions:
            self._enabled[position] = self._enabled_at(position)

    def judge(self) -> LoopFairness:
        judged = (self._judge(number, unit) for number, unit in enumerate(self._units.units))
        return LoopFairness(tuple(found for found in judged if found is not None), tuple(self._cut))

    def _enabled_at(self, position: int) -> frozenset[int]:
        """The units with a step that changes something. Notes whether the state is cut."""
        state, units = self._states[position], set[int]()
        is_cut = False
        for outcome in self._evaluator.outcomes(state):
            match outcome:
                case Stepped(taken, after):
                    unit = self._unit(state, taken)
                    if unit is not None and self._evaluator.differs(state, after):
                        units.add(unit)
                case Failing() | Blocked():
                    is_cut = True
                case _:
                    assert_never(outcome)
        if is_cut:
            self._cut.append(position)
        return frozenset(units)

    def _waiting_at(self, position: int) -> frozenset[int]:
        """The units that a queue has in it."""
        state = self._states[position]
        outcomes = (outcome for outcome in self._queues.outcomes(state) if isinstance(outcome, Stepped))
        actions = ((self._queues.system.transitions[outcome.taken.transition].action, outcome) for outcome in outcomes)
        found = (self._number(state, action, self._bound(action, waits.taken.values)) for action, waits in actions)
        return frozenset(number for number in found if number is not None)

    def _bound(self, action: int, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """What a transition of the action binds where waiting binds these values: the instance and the parameters. What
        else it binds is nothing in particular."""
        transition = next(found for found in self._system.transitions if found.action == action)
        roles = [step.role for step in transition.steps if isinstance(step, Bind)]
        given = iter(values)
        return tuple(next(given) if role in IDENTIFYING else None for role in roles)

    def _unit(self, state: State, taken: Taken) -> int | None:
        """The number of the unit that a step from a state takes; None where its action has no fairness."""
        return self._number(state, self._system.transitions[taken.transition].action, taken.values)

    def _number(self, state: State, action: int, bound: tuple[Value, ...]) -> int | None:
        layout = self._evaluator.layout
        return self._units.number(action, bound, lambda key, slot: layout.value(state, key, slot))

    def _judge(self, number: int, unit: Unit) -> UnitInLoop | None:
        """None where there is nothing to say: it is never enabled, and its objects do not exist."""
        taken = [position for position in self.positions if self._takes(position, number)]
        enabled = [position for position in self.positions if number in self._enabled[position]]
        not_enabled = [position for position in self.positions if position not in enabled]
        gone = [position for position in self.positions if not self._exists(unit, position)]
        if not enabled and len(gone) == len(self.positions):
            return None
        if taken:
            return UnitInLoop(unit, Fate.TAKEN, taken[0])
        waiting = [position for position in self.positions if number in self._waiting[position]]
        if not enabled and waiting:
            return UnitInLoop(unit, Fate.NO_WORKER, waiting[0])
        if not enabled:
            return UnitInLoop(unit, Fate.NEVER_ENABLED, self.positions[0])
        if gone:
            return UnitInLoop(unit, Fate.GONE, gone[0])
        match unit.strength:
            case FairnessStrength.WEAK if not_enabled:
                return UnitInLoop(unit, Fate.NOT_ENABLED, not_enabled[0])
            case FairnessStrength.QUEUED if len(waiting) < len(self.positions):
                away = next(position for position in self.positions if position not in waiting)
                return UnitInLoop(unit, Fate.NOT_WAITING, away)
            case FairnessStrength.WEAK | FairnessStrength.QUEUED | FairnessStrength.STRONG:
                return UnitInLoop(unit, Fate.OWED, enabled[0])
            case _:
                assert_never(unit.strength)

    def _takes(self, position: int, number: int) -> bool:
        if position == len(self._moves):
            return False
        state, move = self._states[position], self._moves[position]
        if move.state is None or not self._evaluator.differs(state, move.state):
            return False
        return self._unit(state, move.taken) == number

    def _exists(self, unit: Unit, position: int) -> bool:
        return all(self._is_alive(slot, self._states[position]) for slot in unit.objects)

    def _is_alive(self, slot: Slot, state: State) -> bool:
        base = self._evaluator.layout.status_base(slot.kind)
        return base is None or state[base + slot.number] == ALIVE


def _waiting(system: System) -> Iterator[Transition]:
    """For each action that is fair as a queue: what it could be taken for if a worker were free, with no change."""
    for action, declared in enumerate(system.actions):
        fairness = declared.fairness
        if fairness is not None and fairness.strength is FairnessStrength.QUEUED:
            yield Transition(action, fairness.waiting, (), FALSE)
