"""Checks the formulas of a system on its complete graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.explore.result import Limit
from kspec.explore.temporal.atoms import Bound, TooMany, Values
from kspec.explore.temporal.automata.budget import FormulaTooLarge
from kspec.explore.temporal.bindings import bindings_of, representatives, tracked_variables
from kspec.explore.temporal.graph import Labelled
from kspec.explore.temporal.outcome import (
    AtomFails,
    EmptyAssumption,
    Holds,
    NeedsRoom,
    Stopped,
    TemporalOutcome,
    TooLarge,
    Violated,
)
from kspec.explore.temporal.question import Question, exists, find
from kspec.explore.temporal.vacuity import findings_of
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.properties import PropertyKind
from kspec.system.system import System
from kspec.system.temporal import And, Not, Temporal


def check_properties(system: System, labelled: Labelled, watch: Watch) -> dict[str, TemporalOutcome]:
    """An outcome for each property about runs, by name. A limit that is met ends the ones after it too."""
    checker = _Checker(system, labelled, watch)
    return {name: checker.outcome(temporal) for name, temporal in _formulas(system, PropertyKind.TEMPORAL)}


def _formulas(system: System, kind: PropertyKind) -> Iterator[tuple[str, Temporal]]:
    for of in system.properties:
        if of.kind is kind:
            assert of.temporal is not None, of.name
            yield of.name, of.temporal


class _Checker:
    def __init__(self, system: System, labelled: Labelled, watch: Watch) -> None:
        self._system = system
        self._labelled = labelled
        self._watch = watch
        self._assumptions = [temporal for _, temporal in _formulas(system, PropertyKind.ASSUMPTION)]
        self._of_all: TemporalOutcome | None = None
        """Of every property that is not checked yet."""
        self._is_begun = False

    def outcome(self, temporal: Temporal) -> TemporalOutcome:
        if not self._is_begun:
            self._is_begun = True
            self._of_all = self._guarded(self._judge_assumptions, ())
        found = self._of_all or self._guarded(partial(self._judge, temporal), ())
        assert found is not None
        if isinstance(found, Stopped):
            self._of_all = found
        return found

    def _judge_assumptions(self) -> TemporalOutcome | None:
        if not self._assumptions:
            return None
        anything = Question(self._assumed(), Bound(And(()), ()), ())
        return None if exists(anything, self._labelled, self._watch) else EmptyAssumption()

    def _judge(self, temporal: Temporal) -> TemporalOutcome:
        """That the formula cannot be evaluated for some binding; else a violation for the first that has one; else what
        makes the outcome of one unknown. A run is only shown where the formula can be evaluated for every binding."""
        bindings = bindings_of(temporal)
        chosen = representatives(self._system, self._labelled, bindings)
        violated: TemporalOutcome | None = None
        unknown: TemporalOutcome | None = None
        for values in chosen:
            found = self._guarded(partial(self._judge_binding, temporal, values), values)
            match found:
                case AtomFails():
                    return found
                case Stopped() | TooLarge():
                    return violated or found
                case Violated():
                    violated = violated or found
                case _:
                    unknown = unknown or found
        return violated or unknown or self._holds(temporal, bindings, chosen)

    def _judge_binding(self, temporal: Temporal, values: Values) -> TemporalOutcome | None:
        question = self._question(temporal, Bound(Not(temporal.formula), values))
        found = find(question, self._labelled, self._watch)
        if found is None:
            return None
        return NeedsRoom(found.walk, values) if found.is_cut else Violated(found.walk, values)

    def _holds(self, temporal: Temporal, bindings: Sequence[Values], chosen: Sequence[Values]) -> Holds:
        def ever(bound: Bound) -> bool:
            return exists(self._question(temporal, bound), self._labelled, self._watch)

        tracked = [binding.local for binding in tracked_variables(self._system, temporal)]
        never, is_about_nothing = findings_of(temporal, tracked, chosen, self._labelled, ever)
        return Holds(len(bindings), len(chosen), never, is_about_nothing)

    def _question(self, temporal: Temporal, sought: Bound) -> Question:
        tracked = tuple(binding.local for binding in tracked_variables(self._system, temporal))
        return Question(self._assumed(), sought, tracked)

    def _assumed(self) -> tuple[Bound, ...]:
        """Each assumption for all values of its variables; none of them stands for objects that come and go."""
        return tuple(
            Bound(temporal.formula, values) for temporal in self._assumptions for values in bindings_of(temporal)
        )

    def _guarded(self, judge: Callable[[], TemporalOutcome | None], values: Values) -> TemporalOutcome | None:
        try:
            return judge()
        except EvaluationError as error:
            return AtomFails(error.failure, values)
        except (TooMany, EnumerationTooLarge) as error:
            return TooLarge(str(error))
        except FormulaTooLarge:
            return TooLarge("the automaton of the formula is too large")
        except SearchStopped as stopped:
            return Stopped(stopped.limit, stopped.detail)
        except MemoryError:
            return Stopped(Limit.MEMORY, "no memory for the search for a cycle")
