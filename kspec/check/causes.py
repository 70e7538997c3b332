"""What makes the exit code of a check something else than 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kspec.check.evidence import Evidence
from kspec.check.expectations import excused, expected_violations
from kspec.check.judgement import Judgement
from kspec.check.result import ExpectationResult, Finding
from kspec.check.verdicts import ExitCode, Verdict
from kspec.check.words import count
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Cause:
    """`text`: in a few words, such as `OneLeader violated`."""

    code: ExitCode
    text: str


def causes(
    system: System,
    evidence: Evidence,
    judgements: Mapping[str, Judgement],
    expectations: Sequence[ExpectationResult],
    findings: Sequence[Finding],
    *,
    strict: bool,
) -> tuple[Cause, ...]:
    """The worst first. What the file expects, and what expected model errors spoil, is none."""
    expected = expected_violations(system)
    failing = evidence.failing(system)
    found = [
        Cause(code_of(judgement.verdict, strict=strict), f"{name} {_in_words(judgement.verdict, judgement.reason)}")
        for name, judgement in judgements.items()
        if not ((judgement.verdict is Verdict.VIOLATED and name in expected) or excused(judgement, failing, expected))
    ]
    found += [
        Cause(code_of(result.verdict, strict=strict), f"expectation {result.text} {_met(result)}")
        for result in expectations
        if result.verdict is not Verdict.UNKNOWN or not _rests_on_excused(result, judgements, failing, expected)
    ]
    if findings and strict:
        found.append(Cause(ExitCode.FINDINGS, count(len(findings), "finding")))
    precedence = list(ExitCode)
    bad = (cause for cause in found if cause.code is not ExitCode.OK)
    return tuple(sorted(bad, key=lambda cause: precedence.index(cause.code)))


def code_of(verdict: Verdict, *, strict: bool) -> ExitCode:
    match verdict:
        case Verdict.VIOLATED:
            return ExitCode.VIOLATED
        case Verdict.UNKNOWN:
            return ExitCode.UNKNOWN
        case Verdict.BOUNDED | Verdict.NOT_CHECKED:
            return ExitCode.UNKNOWN if strict else ExitCode.OK
        case Verdict.HOLDS | Verdict.PROVED:
            return ExitCode.OK


def _in_words(verdict: Verdict, reason: str) -> str:
    return f"{verdict.value} ({reason})" if reason else verdict.value


def _met(result: ExpectationResult) -> str:
    return "not met" if result.verdict is Verdict.VIOLATED else _in_words(result.verdict, result.reason)


def _rests_on_excused(
    result: ExpectationResult, judgements: Mapping[str, Judgement], failing: tuple[str, ...], expected: frozenset[str]
) -> bool:
    judgement = judgements.get(result.text.removeprefix("violation "))
    return judgement is not None and excused(judgement, failing, expected)
