"""Whether two complete graphs of one system say the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.machine.temporal.graph import CompiledGraph
from kspec.explore.machine.temporal.graph import complete_graph as compiled_graph
from kspec.explore.result import Limits
from kspec.explore.temporal import plain
from kspec.explore.temporal.asking import Asking
from kspec.explore.temporal.graph import AtomFails, Labelled, Masks, StateGraph
from kspec.explore.watch import Watch
from kspec.system.system import System
from tests.explore.machine.temporal.atoms import Question, about_states, about_steps

ARRAYS = ("initial", "offsets", "targets", "actions", "units", "served", "waiting", "cut")


def compiled(system: System, workers: int = 1) -> CompiledGraph:
    return compiled_graph(system, Limits(), Watch(Limits()), workers=workers, capacity=16)


def made_plainly(system: System, most: int | None = None) -> plain.PlainGraph:
    limits = Limits(states=most)
    return plain.complete_graph(system, limits, Watch(limits))


def agree(system: System, expected: Labelled, *, atoms: bool = True) -> None:
    """The graph in machine code is the expected one, whoever numbers its states, with one worker and with two."""
    one, two = compiled(system), compiled(system, workers=2)
    assert_equal(one.graph, two.graph)
    assert_isomorphic(expected, one)
    if atoms:
        assert_atoms_agree(system, one)


def assert_atoms_agree(system: System, one: CompiledGraph) -> None:
    asking = Asking(Evaluator(system), one.graph, one.state, Watch(Limits()))
    for question in about_states(system):
        assert_answers_alike(question, one.state_atoms, asking.of_states)
    for question in about_steps(system):
        assert_answers_alike(question, one.step_atoms, asking.of_steps)


def assert_equal(one: StateGraph, other: StateGraph) -> None:
    for name in ARRAYS:
        found, expected = getattr(one, name), getattr(other, name)
        assert found.dtype == expected.dtype, name
        assert np.array_equal(found, expected), name
    assert one.unit_count == other.unit_count


def assert_isomorphic(expected: Labelled, found: Labelled) -> None:
    """The same states, with the same steps in the same order."""
    numbers = {found.state(number): number for number in range(found.graph.states)}
    assert len(numbers) == found.graph.states == expected.graph.states
    assert found.graph.steps == expected.graph.steps
    assert found.graph.unit_count == expected.graph.unit_count
    renumbered = np.array([numbers[expected.state(number)] for number in range(expected.graph.states)], dtype=np.int64)
    assert set(renumbered[expected.graph.initial].tolist()) == set(found.graph.initial.tolist())
    for number, there in enumerate(renumbered.tolist()):
        ours, theirs = _steps(found.graph, there), _steps(expected.graph, number)
        assert ours[1:] == theirs[1:], expected.state(number)
        assert ours[0] == renumbered[theirs[0]].tolist()
        for name in ("served", "waiting", "cut"):
            assert np.array_equal(getattr(found.graph, name)[there], getattr(expected.graph, name)[number]), name


def _steps(graph: StateGraph, state: int) -> tuple[list[int], list[int], list[int]]:
    """The targets, actions and units of the steps from a state."""
    steps = slice(int(graph.offsets[state]), int(graph.offsets[state + 1]))
    return graph.targets[steps].tolist(), graph.actions[steps].tolist(), graph.units[steps].tolist()


def assert_answers_alike(question: Question, ask: Callable[..., Masks], ask_plainly: Callable[..., Masks]) -> None:
    answers = [_answer(question, asked) for asked in (ask, ask_plainly)]
    assert answers[0] == answers[1], question


def _answer(question: Question, ask: Callable[..., Masks]) -> object:
    """The masks, or what fails, and where."""
    try:
        masks = ask(question.expressions, question.values, question.alive)
    except AtomFails as failed:
        return failed.failure, failed.state
    assert masks.dtype == np.uint64
    return masks.tolist()
