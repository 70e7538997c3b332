"""Whether simulations of one system say the same, and nothing that is not so."""

from __future__ import annotations

from dataclasses import replace

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.simulation.simulate import build
from kspec.explore.result import Exploration, Limits
from kspec.explore.simulate.result import End, Plan, Simulation
from kspec.explore.simulate.simulate import simulate
from kspec.system.system import System
from kspec.trace.confirm import confirm


def timeless(simulation: Simulation) -> Simulation:
    return replace(simulation, seconds=0.0)


def assert_same_everywhere(system: System, plan: Plan) -> Simulation:
    """Machine code on one thread and on several gives what `evaluate` gives, traces included."""
    expected = timeless(simulate(system, plan, Limits(), compiled=False))
    try:
        build(system)
    except NotCompilable:
        return expected
    for workers in (1, 3):
        assert timeless(simulate(system, plan, Limits(), workers=workers, compiled=True)) == expected
    return expected


def assert_true(system: System, found: Simulation, exploration: Exploration) -> None:
    """What runs showed, a search of all states knows, with runs that are not longer."""
    evaluator = Evaluator(system)
    for property in system.properties:
        for runs, known in (
            (found.violations, exploration.violations),
            (found.witnesses, exploration.witnesses),
        ):
            run = runs.get(property.name)
            if run is not None:
                confirm(system, evaluator, run, property)
                assert len(run.moves) >= len(known[property.name].moves)
    assert found.limit is None
    assert sum(found.ends.values()) == found.done == found.plan.runs
    assert sum(found.action_counts) == found.steps <= found.done * found.plan.depth
    assert (found.ends.get(End.FULL, 0) < found.done) or found.steps == found.done * found.plan.depth
    assert (found.cut_seen is not None) <= (exploration.cut is not None)
    for taken, known_taken in zip(found.action_counts, exploration.action_counts, strict=True):
        assert (taken > 0) <= (known_taken > 0)
