"""Runs made shorter: they show the same, and no step of them can be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Failing, Stepped
from kspec.evaluate.run import Move, Run, Taken
from kspec.explore.result import Limits
from kspec.explore.simulate.result import Plan
from kspec.explore.simulate.simulate import simulate
from kspec.system.properties import Property
from kspec.system.system import System
from kspec.trace.confirm import confirm, shows
from kspec.trace.minimise import minimise
from tests.lower.texts import system as system_of
from tests.trace.pods import pods


def named(system: System, name: str) -> Property:
    return next(property for property in system.properties if property.name == name)


def carried_out(system: System, initial: Run, takens: Sequence[Taken], property: Property) -> bool:
    """Whether those of the steps that can be taken, one after the other, come to where the property is shown."""
    evaluator = Evaluator(system)
    moves: list[Move] = []
    state = initial.initial
    for taken in takens:
        match evaluator.take(state, taken):
            case Stepped(now, after):
                moves.append(Move(now, after))
                state = after
                if is_shown(system, evaluator, Run(initial.initial, tuple(moves)), property):
                    return True
            case Failing(now, failure):
                if is_shown(system, evaluator, Run(initial.initial, (*moves, Move(now, None, failure))), property):
                    return True
            case _:
                pass
    return is_shown(system, evaluator, Run(initial.initial, ()), property)


def is_shown(system: System, evaluator: Evaluator, run: Run, property: Property) -> bool:
    try:
        return shows(system, evaluator, run, property)
    except EvaluationError:
        return False


def assert_minimised(system: System, run: Run, property: Property) -> Run:
    """Of a run that shows the property: what is made of it shows it too, and needs each of its steps."""
    minimised = minimise(system, run, property)
    shorter = minimised.run
    assert minimised.is_minimal
    assert shorter.initial == run.initial
    assert len(shorter.moves) <= len(run.moves)
    confirm(system, Evaluator(system), shorter, property)
    takens = [move.taken for move in shorter.moves]
    for number in range(len(takens)):
        assert not carried_out(system, run, takens[:number] + takens[number + 1 :], property), number
    assert minimise(system, run, property) == minimised
    return shorter


def replicaset() -> System:
    return system_of((Path(__file__).parents[2] / "models" / "replicaset_broken.kspec").read_text(encoding="utf-8"))


@pytest.mark.parametrize("make", [pods, partial(pods, slots=3, addresses=2), replicaset])
def test_random_runs(make: Callable[[], System]) -> None:
    system = make()
    found = simulate(system, Plan(30, 40, 2), Limits(), compiled=False)
    shown = {**found.violations, **found.witnesses}
    assert shown
    for name, run in shown.items():
        assert_minimised(system, run, named(system, name))


COUNTERS = """
var n: 0..9 = 0
var m: 0..9 = 0
environment {
  action up when n < 9 { n += 1 }
  action down when n > 0 { n -= 1 }
  action aside { m = (m + 1) mod 10 }
  action around when m == 9 { m = 0 }
}
invariant Small: n <= 3
step NotThree: n != 3 or old(n) != 2
cluster here {}
"""


def wandering(words: str) -> tuple[System, Run]:
    """The run that takes these actions of the counters."""
    system = system_of(COUNTERS)
    evaluator = Evaluator(system)
    state = initial = next(evaluator.initial_states())
    names = [system.actions[transition.action].name for transition in system.transitions]
    moves = []
    for word in words.split():
        outcome = evaluator.take(state, Taken(names.index(word), ()))
        assert isinstance(outcome, Stepped)
        moves.append(Move(outcome.taken, outcome.state))
        state = outcome.state
    return system, Run(initial, tuple(moves))


def actions(system: System, run: Run) -> list[str]:
    return [system.actions[system.transitions[move.taken.transition].action].name for move in run.moves]


def test_circles_and_bystanders_are_left_out() -> None:
    system, run = wandering("aside up down up up aside down up up aside up aside down up")
    assert_minimised(system, run, named(system, "Small"))
    assert actions(system, minimise(system, run, named(system, "Small")).run) == ["up"] * 4


def test_the_step_that_shows_a_step_property_stays() -> None:
    """Its end is where the run has been before."""
    system, run = wandering("up up up down up")
    assert actions(system, assert_minimised(system, run, named(system, "NotThree"))) == ["up"] * 3


def test_a_run_without_steps_stays() -> None:
    system = system_of("var n: 0..3 = 0\nenvironment { action rest {} }\ninvariant One: n == 1\ncluster here {}")
    run = Run(next(Evaluator(system).initial_states()), ())
    assert minimise(system, run, named(system, "One")).run == run


def test_effort_is_bounded_and_what_there_is_by_then_is_used() -> None:
    system, run = wandering("up aside up aside up aside up")
    lengths = []
    for effort in range(60):
        minimised = minimise(system, run, named(system, "Small"), effort)
        confirm(system, Evaluator(system), minimised.run, named(system, "Small"))
        lengths.append(len(minimised.run.moves))
        assert minimised.is_minimal <= (len(minimised.run.moves) == 4)
    assert (lengths[0], lengths[-1]) == (7, 4)
    assert lengths == sorted(lengths, reverse=True)
    assert minimise(system, run, named(system, "Small"), 60).is_minimal
    assert not minimise(system, run, named(system, "Small"), 0).is_minimal
