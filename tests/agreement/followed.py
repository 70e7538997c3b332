"""What each way to follow runs says of the properties about them, in the words of the reference checker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never
from unittest.mock import patch

from kspec.check.check import check_system
from kspec.check.engines import OF_RUNS
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult, PropertyResult
from kspec.check.verdicts import Verdict as Judged
from kspec.evaluate.evaluator import Evaluator
from kspec.explore.machine.program import NotCompilable
from kspec.explore.result import Limits
from kspec.explore.temporal import question
from kspec.explore.temporal.decide import decide
from kspec.explore.temporal.outcome import AtomFails, EmptyAssumption, Holds, Recovers, Stopped, TooLarge
from kspec.explore.temporal.result import Answer, LassoFound, TrapFound
from kspec.system.properties import Property
from kspec.system.system import System
from kspec.trace.confirm import confirm_lasso, confirm_trap
from tests.reference.temporal import Verdict

Verdicts = dict[str, Verdict]

_OF_REASON: Final = {
    "room": Verdict.ROOM,
    "empty assumption": Verdict.EMPTY_ASSUMPTION,
    "model error": Verdict.MODEL_ERROR,
}


def checked(system: System) -> Iterator[tuple[str, Verdicts]]:
    """By the check of the whole system, which confirms every run that it shows."""
    for engine in (Engine.PLAIN, Engine.EXPLORE):
        yield engine.value, _verdicts(check_system(system, CheckOptions(engine=engine)))


def in_machine_code(system: System) -> Iterator[tuple[str, Verdicts]]:
    """By the graph in machine code, searched plainly and in machine code; nothing where there is no such code."""
    for name, workers, few in (("graph", 1, question.FEW_STEPS), ("graph and cycles", 2, -1)):
        with patch.object(question, "FEW_STEPS", few):
            try:
                result = decide(system, Limits(), workers=workers, compiled=True)
            except NotCompilable:
                return
        for property in system.properties:
            _confirm(system, property, result.answers.get(property.name))
        yield name, {of: _of_answer(answer, is_cut=result.is_cut) for of, answer in result.answers.items()}


def _verdicts(result: CheckResult) -> Verdicts:
    return {found.name: _of_result(found) for found in result.properties if found.kind in OF_RUNS}


def _of_result(found: PropertyResult) -> Verdict:
    match found.verdict:
        case Judged.VIOLATED:
            assert found.trace is not None
            return Verdict.VIOLATED
        case Judged.HOLDS:
            return Verdict.HOLDS
        case Judged.BOUNDED:
            return Verdict.BOUNDED
        case _:
            assert found.reason != "room" or found.trace is not None
            return _OF_REASON[found.reason]


def _confirm(system: System, property: Property, answer: Answer | None) -> None:
    match answer:
        case LassoFound(lasso, needs_room):
            assert confirm_lasso(system, Evaluator(system), lasso, property).fairness.cut == () or needs_room
        case TrapFound(run, size, _):
            confirm_trap(system, Evaluator(system), run, property, size)
        case _:
            pass


def _of_answer(answer: Answer, *, is_cut: bool) -> Verdict:
    match answer:
        case LassoFound(_, needs_room) | TrapFound(_, _, needs_room):
            return Verdict.ROOM if needs_room else Verdict.VIOLATED
        case Holds() | Recovers():
            return Verdict.BOUNDED if is_cut else Verdict.HOLDS
        case EmptyAssumption():
            return Verdict.EMPTY_ASSUMPTION
        case AtomFails():
            return Verdict.MODEL_ERROR
        case Stopped() | TooLarge():
            raise AssertionError(answer)
        case _:
            assert_never(answer)
