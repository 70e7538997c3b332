"""Lassos of small models, chosen step by step, and formulas about them made of the models' own properties."""

from __future__ import annotations

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Move, Run
from kspec.system.expressions import Binding, Quantifier
from kspec.system.properties import PropertyKind
from kspec.system.system import System
from kspec.system.temporal import Formula, StateAtom, StepAtom, Temporal
from kspec.trace.describe import Narrator
from kspec.trace.names import names_after, names_at_start


def walked(of: System, *deeds: str) -> Run:
    """The run in which each step is the first that is called so, or begins so."""
    evaluator = Evaluator(of)
    narrator = Narrator(of, evaluator.layout)
    state = initial = next(evaluator.initial_states())
    names = names_at_start(of, evaluator.layout, state)
    moves = []
    for wanted in deeds:
        outcomes = list(evaluator.outcomes(state))
        called = [str(narrator.deed(outcome.taken, names)) for outcome in outcomes]
        found = next((at for at, deed in enumerate(called) if deed.startswith(wanted)), None)
        assert found is not None, f"{wanted} is none of {called}"
        outcome = outcomes[found]
        assert isinstance(outcome, Stepped), outcome
        moves.append(Move(outcome.taken, outcome.state))
        state = outcome.state
        names = names_after(names, of, evaluator.layout, state)
    return Run(initial, tuple(moves))


def stopping(of: System, *deeds: str) -> Lasso:
    run = walked(of, *deeds)
    return Lasso(run, len(run.moves))


def looping(of: System, prefix: tuple[str, ...], *loop: str) -> Lasso:
    return Lasso(walked(of, *prefix, *loop), len(prefix))


def atom(of: System, name: str) -> Formula:
    """A property of the model as an atom. Of `forall x: K: e`: the part `e`, about a tracked `x`."""
    property = next(found for found in of.properties if found.name == name)
    assert property.expression is not None
    make = StepAtom if property.kind is PropertyKind.STEP else StateAtom
    match property.expression:
        case Quantifier(_, bindings, _, body):
            return make(body, frozenset(binding.local for binding in bindings))
        case expression:
            return make(expression)


def variables(of: System, name: str) -> tuple[Binding, ...]:
    """Those of a property `forall x: K: e`."""
    property = next(found for found in of.properties if found.name == name)
    assert isinstance(property.expression, Quantifier)
    return property.expression.bindings


def plain(formula: Formula) -> Temporal:
    return Temporal((), formula)
