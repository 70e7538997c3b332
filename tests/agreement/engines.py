"""One model through the reference checker and the engines, and what their answers have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.replay import replay
from kspec.evaluate.run import Run
from kspec.explore.plain import explore
from kspec.explore.result import Exploration, Limits
from kspec.language import checked
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.expressions import FailureKind
from kspec.system.system import System
from tests.reference.search import Findings

IMPLICIT = frozenset(kind.value for kind in FailureKind)


class Refused(Exception):
    """The checker, or lowering, does not accept the model."""


@dataclass(frozen=True)
class Answer:
    """What the reference checker and the explorer must both say. Distances count steps, a failing one included."""

    initial_states: int
    states: int
    transitions: int
    depth: int
    cut_states: int
    refused: int
    taken: dict[str, int]
    violations: dict[str, int]
    witnesses: dict[str, int]
    at: dict[str, object] = field(default_factory=dict, compare=False)


def load(path: Path) -> checked.Model:
    loaded = load_model(path)
    if loaded.model is None:
        raise Refused("; ".join(f"{found.code.name} {found.span}: {found.message}" for found in loaded.diagnostics))
    return loaded.model


def lowered(model: checked.Model, cluster: str) -> System:
    result = lower(model, cluster)
    if result.system is None:
        raise Refused("; ".join(f"{found.code.name} {found.span}: {found.message}" for found in result.diagnostics))
    return result.system


def reference_answer(found: Findings) -> Answer:
    return Answer(
        found.initial_states,
        found.states,
        found.transitions,
        found.depth,
        found.cut_states,
        found.refused,
        {name: count for name, count in found.taken.items() if count},
        found.violations,
        found.witnesses,
    )


def explored(system: System) -> Exploration:
    exploration = explore(system, Limits())
    assert exploration.complete, exploration.limit_detail
    evaluator = Evaluator(system)
    for run in (*exploration.violations.values(), *exploration.witnesses.values()):
        replay(evaluator, run)
    return exploration


def explorer_answer(system: System, exploration: Exploration) -> Answer:
    return Answer(
        exploration.initial_states,
        exploration.states,
        exploration.transitions,
        exploration.depth,
        exploration.cut_states,
        sum(exploration.refused_counts),
        {action.label: count for action, count in zip(system.actions, exploration.action_counts, strict=True) if count},
        {name: len(run.moves) for name, run in exploration.violations.items()},
        {name: len(run.moves) for name, run in exploration.witnesses.items()},
    )


def check_bounded(system: System, exploration: Exploration, depth: int) -> None:
    """Bounded model checking finds exactly what the explorer finds up to that depth, as early."""
    from kspec.symbolic.bmc import bounded_check

    bounded = bounded_check(system, depth)
    assert bounded.limit is None, bounded.limit
    evaluator = Evaluator(system)
    for run in (*bounded.violations.values(), *bounded.witnesses.values()):
        replay(evaluator, run)
    for theirs, ours in (
        (bounded.violations, exploration.violations),
        (bounded.witnesses, exploration.witnesses),
    ):
        expected = {name: len(run.moves) for name, run in ours.items() if len(run.moves) <= depth}
        assert {name: len(run.moves) for name, run in theirs.items()} == expected
    cut = None if exploration.cut is None else len(exploration.cut.run.moves)
    if cut is not None and cut < depth:
        assert bounded.cut_depth == cut
    if cut is None:
        assert bounded.cut_depth is None


def check_induction(system: System, exploration: Exploration) -> None:
    """No proof of what the explorer violates; every counterexample to induction is a genuine step."""
    from kspec.symbolic.induction import prove_invariants

    evaluator = Evaluator(system)
    for name, result in prove_invariants(system).items():
        match result.answer:
            case InductionAnswer.INDUCTIVE:
                assert not exploration.violations.keys() & {name, *IMPLICIT}, name
            case InductionAnswer.BASE_VIOLATED:
                # The property itself, or, where its expression fails in an initial state, an implicit one.
                at_first = {other for other, run in exploration.violations.items() if not run.moves}
                assert at_first & {name, *IMPLICIT}, name
            case InductionAnswer.NOT_INDUCTIVE:
                _check_counterexample(evaluator, result)
            case InductionAnswer.UNKNOWN:
                assert result.reason


def _check_counterexample(evaluator: Evaluator, result: InductionResult) -> None:
    from kspec.evaluate.outcome import Failing, Stepped

    found = result.counterexample
    if found is None:
        return
    for outcome in evaluator.outcomes(found.before):
        if outcome.taken == found.taken:
            if found.after is None:
                assert isinstance(outcome, Failing)
            else:
                assert isinstance(outcome, Stepped)
                assert outcome.state == found.after
            return
    raise AssertionError(f"no such step: {found}")


def check_random_runs(system: System, exploration: Exploration) -> None:
    """Random runs are the same on `evaluate` and in machine code, show nothing that is not so, and are minimised to
    runs that show the same."""
    from kspec.explore.simulate.result import Plan
    from kspec.trace.confirm import confirm
    from kspec.trace.minimise import minimise
    from tests.explore.simulate.agreeing import assert_same_everywhere, assert_true

    found = assert_same_everywhere(system, Plan(20, 12, 1))
    assert_true(system, found, exploration)
    evaluator = Evaluator(system)
    properties = {property.name: property for property in system.properties}
    for name, run in {**found.violations, **found.witnesses}.items():
        minimised = minimise(system, run, properties[name])
        assert minimised.is_minimal
        assert len(exploration_run(exploration, name).moves) <= len(minimised.run.moves) <= len(run.moves)
        confirm(system, evaluator, minimised.run, properties[name])


def exploration_run(exploration: Exploration, name: str) -> Run:
    """The shortest run that shows a property violated, or reached."""
    return exploration.violations[name] if name in exploration.violations else exploration.witnesses[name]
