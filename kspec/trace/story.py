"""The story of a run: how it starts, what happens, what each step changes, and what is wrong at its end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Failure, Run, State, Taken
from kspec.system.expressions import Expr
from kspec.system.properties import Property, PropertyKind
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.trace.blame import Blame, Detective
from kspec.trace.confirm import confirm, confirm_lasso, confirm_trap, failure_at_end, last_action, states_of
from kspec.trace.describe import Change, Deed, Narrator, StateStory
from kspec.trace.details import Commentator, Details
from kspec.trace.loop import LoopStory, LoopTeller
from kspec.trace.names import Names, names_after, names_at_start
from kspec.trace.show import Printer
from kspec.trace.watching import Moment


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step, counted from 1. `refused`: some request of it was refused. `failure`: it fails, and is the last;
    `failing_object`: the name of the object that it could not read. `details`: what it is beyond its changes."""

    number: int
    deed: Deed
    refused: bool
    changes: tuple[Change, ...]
    failure: Failure | None
    details: Details = field(default=Details())
    failing_object: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A run that `evaluate` has re-run, told for one property.

    `blame`: of a property with an expression, the clause that decides it. `failure`: of an implicit property, what
    fails; `failing_object`: the object that could not be read; `failing_subject`: the property whose expression fails
    (or `initially`), empty if the last step does. `last`: the whole last state.
    """

    property: str
    kind: PropertyKind
    initial: StateStory
    steps: tuple[TraceStep, ...]
    last: StateStory
    blame: Blame | None
    failure: Failure | None
    failing_subject: str
    run: Run
    loop: LoopStory | None = None
    """Of a property about runs that go on for ever: what repeats."""
    trap: int | None = None
    """Of a recoverable property: how many states can be reached from the end, and none of them has it."""
    failing_object: str | None = None


def tell(system: System, run: Run, property: Property) -> Trace:
    """The story of a run that shows a property violated (or, for a reachable one, reached).

    Raises ReplayMismatch or UnfaithfulRun where it does not.
    """
    evaluator = Evaluator(system)
    confirm(system, evaluator, run, property)
    return _story(system, evaluator, run, property, _names_along(system, evaluator, run))


def tell_lasso(system: System, lasso: Lasso, property: Property) -> Trace:
    """The story of a fair run that shows a property about runs violated. Raises ReplayMismatch or UnfaithfulRun where
    it does not."""
    evaluator = Evaluator(system)
    shown = confirm_lasso(system, evaluator, lasso, property)
    names = _names_along(system, evaluator, lasso.run)
    loop = LoopTeller(system, evaluator, lasso, names, property.wording).tell(shown.reading, shown.fairness)
    return replace(_story(system, evaluator, lasso.run, property, names), loop=loop)


def tell_trap(system: System, run: Run, property: Property, size: int) -> Trace:
    """The story of a run to a state from which none with the property can be reached, out of `size` that can. Raises
    ReplayMismatch or UnfaithfulRun where that is not so."""
    evaluator = Evaluator(system)
    confirm_trap(system, evaluator, run, property, size)
    return replace(_story(system, evaluator, run, property, _names_along(system, evaluator, run)), trap=size)


def describe_step(system: System, before: State, taken: Taken) -> str:
    """A single step from a state that need not be reachable, such as a counterexample to induction, in one line."""
    evaluator = Evaluator(system)
    return str(Narrator(system, evaluator.layout).deed(taken, names_at_start(system, evaluator.layout, before)))


def _story(system: System, evaluator: Evaluator, run: Run, property: Property, names: list[Names]) -> Trace:
    """Of a run that is confirmed."""
    narrator = Narrator(system, evaluator.layout)
    failing = failure_at_end(system, evaluator, run, property) if property.kind is PropertyKind.IMPLICIT else None
    return Trace(
        property.name,
        property.kind,
        narrator.state(run.initial, names[0]),
        _steps(evaluator, narrator, Commentator(system, evaluator), run, names),
        narrator.state(run.last, names[-1]),
        _blame(system, evaluator, run, property, names[-1]),
        failing.failure if failing is not None else None,
        failing.subject if failing is not None else "",
        run,
        failing_object=None if failing is None else _object(failing.failure, names[-1]),
    )


def _names_along(system: System, evaluator: Evaluator, run: Run) -> list[Names]:
    """The names in each state of the run."""
    names = [names_at_start(system, evaluator.layout, run.initial)]
    for state in states_of(run)[1:]:
        names.append(names_after(names[-1], system, evaluator.layout, state))
    return names


def _steps(
    evaluator: Evaluator, narrator: Narrator, commentator: Commentator, run: Run, names: list[Names]
) -> tuple[TraceStep, ...]:
    told = []
    state = run.initial
    for position, move in enumerate(run.moves):
        before = Moment(state, names[position])
        deed = narrator.deed(move.taken, before.names)
        if move.state is None:
            details = commentator.failing(move.taken, before)
            failing = _object(move.failure, before.names)
            told.append(TraceStep(position + 1, deed, False, (), move.failure, details, failing))
            continue
        after = Moment(move.state, names[position + 1])
        changes = narrator.changes(state, move.state, before.names, after.names)
        refused = _is_refused(evaluator, state, move.taken)
        details = commentator.step(move.taken, before, after)
        told.append(TraceStep(position + 1, deed, refused, changes, move.failure, details))
        state = move.state
    return tuple(told)


def _object(failure: Failure | None, names: Names) -> str | None:
    """The name of the object that could not be read."""
    if failure is None or failure.item is None:
        return None
    return names.rosters[failure.item.kind].name(failure.item.slot)


def _is_refused(evaluator: Evaluator, state: State, taken: Taken) -> bool:
    outcome = evaluator.take(state, taken)
    return isinstance(outcome, Stepped) and outcome.refused


def _blame(system: System, evaluator: Evaluator, run: Run, property: Property, names: Names) -> Blame | None:
    if property.expression is None or property.kind is PropertyKind.REACHABLE:
        return None

    def at_state(expr: Expr) -> Value:
        return evaluator.state_value(expr, run.last)

    def at_step(expr: Expr) -> Value:
        states = states_of(run)
        return evaluator.step_value(expr, states[-2], states[-1], last_action(system, run))

    ask = at_step if property.kind is PropertyKind.STEP else at_state
    detective = Detective(Printer(system, names, property.wording), names, ask)
    try:
        return detective.blame(property.expression)
    except EvaluationError:
        return None
