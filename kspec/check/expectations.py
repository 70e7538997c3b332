"""What the file expects of a check, against what the check found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from kspec.check.evidence import Evidence
from kspec.check.judgement import COLLISIONS, FIRST, INTERRUPTED, MODEL_ERROR, ROOM, SYMMETRY, Judgement, stored
from kspec.check.result import ExpectationResult
from kspec.check.verdicts import Verdict
from kspec.explore.result import Exploration
from kspec.system.properties import Expectation, ExpectCounts, ExpectViolation
from kspec.system.system import System


def counts_are_expected(system: System, *, reduced: bool) -> bool:
    """Whether some expectation speaks of the counts of the graph."""
    return any(isinstance(expected, ExpectCounts) and expected.reduced is reduced for expected in system.expectations)


def expected_violations(system: System) -> frozenset[str]:
    return frozenset(expected.property for expected in system.expectations if isinstance(expected, ExpectViolation))


def meet(expectation: Expectation, judgements: Mapping[str, Judgement], evidence: Evidence) -> ExpectationResult:
    """HOLDS where it came as expected, VIOLATED where it did not."""
    match expectation:
        case ExpectViolation():
            return _meet_violation(expectation, judgements.get(expectation.property))
        case ExpectCounts():
            return _meet_counts(expectation, evidence)
        case _:
            assert_never(expectation)


def _meet_violation(expectation: ExpectViolation, judgement: Judgement | None) -> ExpectationResult:
    name, text = expectation.property, f"violation {expectation.property}"

    def result(verdict: Verdict, reason: str = "", detail: str = "") -> ExpectationResult:
        return ExpectationResult(text, verdict, reason, detail, expectation.span)

    if judgement is None:
        return result(Verdict.VIOLATED, detail=f"this cluster has no property {name}")
    match judgement.verdict:
        case Verdict.VIOLATED:
            return result(Verdict.HOLDS)
        case Verdict.HOLDS | Verdict.PROVED:
            return result(Verdict.VIOLATED, detail=f"{name} {judgement.verdict.value}")
        case Verdict.BOUNDED if judgement.reason == ROOM:
            return result(Verdict.VIOLATED, detail=f"{name} holds in all states that fit the room")
        case Verdict.BOUNDED | Verdict.UNKNOWN:
            return result(Verdict.UNKNOWN, judgement.reason, judgement.how)
        case Verdict.NOT_CHECKED:
            return result(Verdict.NOT_CHECKED, detail=judgement.how)
        case _:
            assert_never(judgement.verdict)


def _meet_counts(expectation: ExpectCounts, evidence: Evidence) -> ExpectationResult:
    """The counts are those of the graph within the declared room, so cut states do not spoil them."""
    text = _counts_in_words(expectation)

    def result(verdict: Verdict, reason: str = "", detail: str = "") -> ExpectationResult:
        return ExpectationResult(text, verdict, reason, detail, expectation.span)

    if evidence.simulation is not None:
        return result(Verdict.NOT_CHECKED, detail="random runs count no states")
    if evidence.bounded is not None:
        return result(Verdict.NOT_CHECKED, detail="bounded model checking counts no states")
    exploration = evidence.exploration if expectation.reduced else evidence.unreduced or evidence.exploration
    if exploration is None:
        return result(Verdict.UNKNOWN, INTERRUPTED if evidence.interrupted else "time")
    if expectation.reduced and not evidence.counts_orbits:
        if exploration.unreduced_because:
            return result(Verdict.UNKNOWN, SYMMETRY, exploration.unreduced_because)
        return result(Verdict.NOT_CHECKED, detail="this search counts states, not orbits")
    if not exploration.complete:
        reason = exploration.limit.value if exploration.limit is not None else FIRST
        return result(Verdict.UNKNOWN, reason, f"{stored(exploration)} until then")
    if expectation.reduced and exploration.searches_given_up:
        return result(Verdict.UNKNOWN, SYMMETRY, "some orbits may be counted more than once")
    if exploration.is_reduced and not expectation.reduced:
        reason = INTERRUPTED if evidence.interrupted else "time"
        return result(Verdict.UNKNOWN, reason, "the search without symmetry was not begun")
    if not exploration.is_certain:
        return result(Verdict.UNKNOWN, COLLISIONS, "a compact search cannot tell that it counted every state")
    differing = _differing(expectation, exploration)
    return result(Verdict.VIOLATED, detail=", ".join(differing)) if differing else result(Verdict.HOLDS)


def _differing(expectation: ExpectCounts, exploration: Exploration) -> list[str]:
    numbers = (exploration.states, exploration.transitions, exploration.depth)
    pairs = zip(_words(expectation), _numbers(expectation), numbers, strict=True)
    return [f"{word} {found}" for word, wanted, found in pairs if wanted is not None and wanted != found]


def _counts_in_words(expectation: ExpectCounts) -> str:
    pairs = zip(_words(expectation), _numbers(expectation), strict=True)
    return ", ".join(f"{word} {number}" for word, number in pairs if number is not None)


def _words(expectation: ExpectCounts) -> tuple[str, str, str]:
    return ("orbits", "orbit transitions", "depth") if expectation.reduced else ("states", "transitions", "depth")


def _numbers(expectation: ExpectCounts) -> tuple[int | None, int | None, int | None]:
    return expectation.states, expectation.transitions, expectation.depth


def excused(judgement: Judgement, failing: tuple[str, ...], expected: frozenset[str]) -> bool:
    """Whether an unknown does not count for the exit code: it comes from model errors that are all expected."""
    return judgement.reason == MODEL_ERROR and bool(failing) and set(failing) <= expected
