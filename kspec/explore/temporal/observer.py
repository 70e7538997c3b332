"""An automaton as the product with a graph reads it: what it waits for, and what it asks of the state and of the step.

Where objects are tracked, a run is observed from its beginning on, but the formula about the objects is about the run
from the first position at which all of them exist. The observer has one part for the time before, in which it follows
only what is assumed of the whole run, and one for the time from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from kspec.explore.temporal.automata.automaton import Automaton, outgoing


class Phase(IntEnum):
    """When a rule applies, and what it does to the flags of the tracked objects."""

    TRACKING = 0
    """From then on: the flag of an object that is not there any more is set."""
    BEFORE = 1
    """Before, and so it stays: there are no flags yet."""
    BIRTH = 2
    """Before; the step leads from a state without one of the objects to a state with all of them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An edge of the automaton. Taken at states with all atoms of `positive` and none of `negative`, by steps with all
    atoms of `step_positive` and none of `step_negative`; `acceptance` has a bit for each acceptance set."""

    positive: int
    negative: int
    step_positive: int
    step_negative: int
    target: int
    acceptance: int
    phase: Phase = Phase.TRACKING

    def allows_state(self, letter: int) -> bool:
        return letter & self.positive == self.positive and not letter & self.negative

    def allows_step(self, letter: int) -> bool:
        return letter & self.step_positive == self.step_positive and not letter & self.step_negative

    @property
    def is_free(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.positive | self.negative | self.step_positive | self.step_negative)


@dataclass(frozen=True, slots=True)
class Observer:
    """`initial`: where a run begins. `born`: where one begins in whose initial state all tracked objects exist; without
    tracked objects the same. `before`: so many states, the first ones, are of the time before the objects exist."""

    rules: tuple[tuple[Rule, ...], ...]
    acceptance_sets: int
    initial: int
    born: int
    before: int

    @property
    def states(self) -> int:
        return len(self.rules)

    @property
    def all_sets(self) -> int:
        return (1 << self.acceptance_sets) - 1

    @property
    def universal(self) -> frozenset[int]:
        """States from which every word is accepted, as one rule shows."""
        return frozenset(
            state
            for state, rules in enumerate(self.rules)
            if any(rule.is_free and rule.target == state and rule.acceptance == self.all_sets for rule in rules)
            and state >= self.before
        )

    @property
    def waiting(self) -> int | None:
        """A state in which the observer may wait for ever before anything counts: no cycle in it is accepted, no other
        state leads back to it, and the time before the objects exist asks for nothing. None if there is none."""
        state = self.born
        staying = [rule for rule in self.rules[state] if rule.target == state]
        stays = any(rule.is_free for rule in staying)
        accepted = 0
        for rule in staying:
            accepted |= rule.acceptance
        free_before = all(rule.is_free for rules in self.rules[: self.before] for rule in rules)
        asks_before = self.before > 1 or not free_before
        others = (rules for number, rules in enumerate(self.rules) if self.before <= number != state)
        returns = any(rule.target == state for rules in others for rule in rules)
        return state if stays and accepted != self.all_sets and not asks_before and not returns else None


def observer_of(automaton: Automaton, step_atoms: int) -> Observer:
    """Of a formula about the whole run. `step_atoms`: the atoms that are about steps, as bits."""
    rules = tuple(
        tuple(_rule(edge.positive, edge.negative, step_atoms, edge.target, edge.acceptance) for edge in edges)
        for edges in outgoing(automaton)
    )
    return Observer(rules, automaton.acceptance_sets, automaton.initial, automaton.initial, 0)


def tracking_observer(assumed: Automaton, observed: Automaton, step_atoms: int) -> Observer:
    """`assumed` is about the whole run, `observed` about the run from the first position at which all objects exist."""
    return _Pairs(assumed, observed, step_atoms).observer()


class _Pairs:
    """The states of the time before are those of one automaton; from then on, pairs."""

    def __init__(self, assumed: Automaton, observed: Automaton, step_atoms: int) -> None:
        self._left, self._right = outgoing(assumed), outgoing(observed)
        self._assumed, self._observed = assumed, observed
        self._step_atoms = step_atoms
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, int]] = []

    def observer(self) -> Observer:
        before = tuple(tuple(self._rules_before(state)) for state in range(self._assumed.states))
        born = self._pair(self._assumed.initial, self._observed.initial)
        pairs = []
        for left, right in self._waiting:  # grows as it is gone through
            pairs.append(tuple(self._rules(left, right)))
        return Observer((*before, *pairs), self._sets + 1, self._assumed.initial, born, len(before))

    @property
    def _sets(self) -> int:
        return self._assumed.acceptance_sets + self._observed.acceptance_sets

    def _rules_before(self, state: int) -> list[Rule]:
        """One set more is met only once the objects exist."""
        rules = []
        for edge in self._left[state]:
            born = self._pair(edge.target, self._observed.initial)
            for target, phase in ((edge.target, Phase.BEFORE), (born, Phase.BIRTH)):
                rules.append(_rule(edge.positive, edge.negative, self._step_atoms, target, 0, phase))
        return rules

    def _rules(self, left: int, right: int) -> list[Rule]:
        rules = []
        for one in self._left[left]:
            for other in self._right[right]:
                positive, negative = one.positive | other.positive, one.negative | other.negative
                if not positive & negative:
                    sets = one.acceptance | other.acceptance << self._assumed.acceptance_sets | 1 << self._sets
                    target = self._pair(one.target, other.target)
                    rules.append(_rule(positive, negative, self._step_atoms, target, sets))
        return rules

    def _pair(self, left: int, right: int) -> int:
        key = left, right
        if key not in self._numbers:
            self._numbers[key] = self._assumed.states + len(self._numbers)
            self._waiting.append(key)
        return self._numbers[key]


def _rule(
    positive: int, negative: int, step_atoms: int, target: int, acceptance: int, phase: Phase = Phase.TRACKING
) -> Rule:
    return Rule(
        positive & ~step_atoms,
        negative & ~step_atoms,
        positive & step_atoms,
        negative & step_atoms,
        target,
        acceptance,
        phase,
    )
