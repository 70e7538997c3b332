"""A stored trace carried out again on a system, by the names it uses."""

from __future__ import annotations

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.run import Move, Run, State
from kspec.system.properties import Property
from kspec.system.system import System
from kspec.trace.describe import Deed, Narrator
from kspec.trace.formats import StoredStep, StoredTrace
from kspec.trace.names import Names, names_after, names_at_start
from kspec.trace.story import Trace, tell, tell_lasso, tell_trap


class TraceMismatch(Exception):
    """The trace is none of this system; the message says where it parts from it."""


def property_of(system: System, stored: StoredTrace) -> Property:
    """The property that a stored trace is about. Raises TraceMismatch."""
    for property in system.properties:
        if property.name == stored.property and property.kind is stored.kind:
            return property
    raise TraceMismatch(f"the model has no {stored.kind.value} `{stored.property[:80]}`")


def retell(system: System, stored: StoredTrace) -> Trace:
    """The story of a stored trace, carried out and confirmed again. Raises TraceMismatch, ReplayMismatch or
    UnfaithfulRun where the system has no such run, or it does not show what was said."""
    property = property_of(system, stored)
    run = retrace(system, stored)
    if stored.loop is not None:
        return tell_lasso(system, Lasso(run, stored.loop), property)
    if stored.trap is not None:
        return tell_trap(system, run, property, stored.trap)
    return tell(system, run, property)


def retrace(system: System, stored: StoredTrace) -> Run:
    """The run that a stored trace tells. Raises TraceMismatch where the system cannot do what it says."""
    evaluator = Evaluator(system)
    narrator = Narrator(system, evaluator.layout)
    state, names = _start(system, evaluator, narrator, stored)
    initial = state
    moves: list[Move] = []
    for number, step in enumerate(stored.steps, 1):
        outcome = _matching(evaluator, narrator, state, names, step, number)
        if isinstance(outcome, Failing):
            moves.append(Move(outcome.taken, None, outcome.failure))
            if number < len(stored.steps):
                raise TraceMismatch(f"step {number} fails ({outcome.failure.message}), and steps follow it")
            break
        moves.append(Move(outcome.taken, outcome.state))
        state = outcome.state
        names = names_after(names, system, evaluator.layout, state)
    return Run(initial, tuple(moves))


def changed_steps(told: Trace, stored: StoredTrace) -> list[int]:
    """The numbers of the steps that now change other things than what is stored."""
    pairs = zip(told.steps, stored.steps, strict=True)
    return [now.number for now, then in pairs if now.changes != then.changes]


def _start(system: System, evaluator: Evaluator, narrator: Narrator, stored: StoredTrace) -> tuple[State, Names]:
    for state in evaluator.initial.candidates():  # whether `initially` holds is for the replay to say
        names = names_at_start(system, evaluator.layout, state)
        if narrator.state(state, names) == stored.initial:
            return state, names
    raise TraceMismatch("the model has no such initial state")


def _matching(
    evaluator: Evaluator, narrator: Narrator, state: State, names: Names, step: StoredStep, number: int
) -> Stepped | Failing:
    """What happens in `state` when the step is taken."""
    for outcome in evaluator.outcomes(state):
        if _is_step(narrator.deed(outcome.taken, names), step):
            return _possible(outcome, step, number)
    raise TraceMismatch(f"step {number}, {_called(step)}, cannot be taken there")


def _possible(outcome: Outcome, step: StoredStep, number: int) -> Stepped | Failing:
    if isinstance(outcome, Blocked):
        raise TraceMismatch(f"step {number}, {_called(step)}, finds no room for a {outcome.kind}")
    if isinstance(outcome, Failing) is not step.fails:
        what = "fails now" if not step.fails else "does not fail now"
        raise TraceMismatch(f"step {number}, {_called(step)}, {what}")
    return outcome


def _is_step(deed: Deed, step: StoredStep) -> bool:
    told = (deed.component, deed.instance, deed.action, deed.arguments, deed.all_choices, deed.path, deed.worker)
    return told == (
        step.component,
        step.instance,
        step.action,
        step.arguments,
        step.choices,
        step.path,
        step.worker,
    )


def _called(step: StoredStep) -> str:
    actor = step.component if step.instance is None else f"{step.component}({step.instance})"
    return f"`{actor}.{step.action}`"[:120]
