"""Random models with fairness and properties about runs: every way to follow runs gives the verdicts of the reference
checker, and confirms each run that it shows. Random walks, which know nothing of automata and components, show nothing
that the reference checker denies.

    KSPEC_MODELS=2000 pytest tests/agreement/test_runs.py -m long       that many new models
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis.strategies import SearchStrategy

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Move, Run, State
from kspec.system.properties import ExpectViolation, PropertyKind
from kspec.system.system import System
from kspec.trace.confirm import UnfaithfulRun, confirm_lasso
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.followed import checked, in_machine_code
from tests.agreement.generate import models
from tests.agreement.test_engines import LONG_RUN, new_models, same_models
from tests.primitives.generate import THEMES
from tests.primitives.generate import models as models_with_primitives
from tests.reference.formulas import Unsupported
from tests.reference.search import TooManyStates
from tests.reference.temporal import Verdict, verdicts

CASES = sorted((Path(__file__).parents[1] / "cases" / "runs").glob("*.kspec"))
MOST_STATES_OF_A_CASE = 400
MOST_STATES = 40
WALKS = 12
STEPS = 10


def lassos(system: System, evaluator: Evaluator) -> Iterator[Lasso]:
    """Of random walks: those that stop, and those that come back to a state."""
    dice = Random(1)
    starts = list(evaluator.initial_states())
    for _ in range(WALKS if starts else 0):
        initial = dice.choice(starts)
        moves: list[Move] = []
        states: list[State] = [initial]
        while len(moves) < STEPS:
            run = Run(initial, tuple(moves))
            yield from (Lasso(run, at) for at, state in enumerate(states) if state == states[-1])
            steps = [found for found in evaluator.outcomes(states[-1]) if isinstance(found, Stepped)]
            if not steps:
                break
            step = dice.choice(steps)
            moves.append(Move(step.taken, step.state))
            states.append(step.state)


def strongest(system: System) -> dict[str, Verdict]:
    """What random lassos show of the properties about runs."""
    evaluator = Evaluator(system)
    found: dict[str, Verdict] = {}
    for lasso in lassos(system, evaluator):
        for property in system.properties:
            if property.kind is PropertyKind.TEMPORAL and found.get(property.name) is not Verdict.VIOLATED:
                try:
                    shown = confirm_lasso(system, evaluator, lasso, property)
                except UnfaithfulRun:
                    continue
                found[property.name] = Verdict.ROOM if shown.fairness.cut else Verdict.VIOLATED
    return found


def assert_walks_agree(system: System, judged: dict[str, Verdict]) -> None:
    for name, shown in strongest(system).items():
        allowed = {shown, Verdict.MODEL_ERROR} | ({Verdict.VIOLATED} if shown is Verdict.ROOM else set())
        assert judged[name] in allowed, name


def assert_followed_alike(system: System, judged: dict[str, Verdict]) -> str:
    """Nothing is said of runs where steps fail, beyond that they do."""
    for engine, found in checked(system):
        if found != judged and set(found.values()) == {Verdict.MODEL_ERROR}:
            return "steps fail"
        assert found == judged, engine
    for engine, found in in_machine_code(system):
        assert found == judged, engine
    return "followed"


def agree(folder: Path, profile: settings, texts: SearchStrategy[str]) -> Counter[str]:
    """How often there was which verdict, and why there was none."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(texts)
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            model = load(path)
            system = lowered(model, "here")
            judged = verdicts(model, "here", MOST_STATES)
        except (Refused, TooManyStates, Unsupported) as error:
            tally[type(error).__name__] += 1
            return
        if not judged:
            tally["no initial state"] += 1
            return
        tally.update(verdict.value for verdict in judged.values())
        assert_walks_agree(system, judged)
        tally[assert_followed_alike(system, judged)] += 1

    one()
    return tally


def test_engines_follow_runs_as_the_reference_checker_does(tmp_path: Path) -> None:
    tally = agree(tmp_path, same_models(85), models(runs=True))
    for verdict in (Verdict.VIOLATED, Verdict.HOLDS, Verdict.BOUNDED, Verdict.ROOM, Verdict.EMPTY_ASSUMPTION):
        assert tally[verdict.value] > 0, tally
    assert tally["Refused"] + tally["TooManyStates"] + tally["Unsupported"] < 20, tally
    assert tally["followed"] > 30, tally


@pytest.mark.parametrize("theme", THEMES)
def test_and_where_there_are_views_processes_and_faults(tmp_path: Path, theme: str) -> None:
    tally = agree(tmp_path, same_models(3), models_with_primitives(theme, runs=True))
    assert tally.total() > tally["TooManyStates"] + tally["Refused"] + tally["Unsupported"], tally


@pytest.mark.long
def test_and_in_many_new_models(tmp_path: Path) -> None:
    agree(tmp_path, new_models(LONG_RUN), models(runs=True))


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_and_in_many_with_views_processes_and_faults(tmp_path: Path, theme: str) -> None:
    agree(tmp_path, new_models(LONG_RUN // 10), models_with_primitives(theme, runs=True))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_about_runs(path: Path) -> None:
    model = load(path)
    system = lowered(model, "here")
    judged = verdicts(model, "here", MOST_STATES_OF_A_CASE)
    violated = {expected.property for expected in system.expectations if isinstance(expected, ExpectViolation)}
    assert {name for name, verdict in judged.items() if verdict is Verdict.VIOLATED} == violated
    assert_walks_agree(system, judged)
    assert assert_followed_alike(system, judged) == "followed"
