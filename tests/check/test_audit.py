"""What counts as news in an audit, and the exit code that it gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check.audit import AuditResult, Change, ComponentAudit, change
from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from tests.check.test_check import counter

GOOD = check_system(counter(stop=3), CheckOptions(engine=Engine.PLAIN))


def having(verdict: Verdict) -> CheckResult:
    """A check that gave its first property this verdict, and held otherwise."""
    first, *others = GOOD.properties
    return replace(GOOD, properties=(replace(first, verdict=verdict), *others))


def audit(result: CheckResult | None, *, refused: bool = False) -> ComponentAudit:
    return ComponentAudit("clock", "lag", 1, (), (), result, "" if result else "why", refused)


NEWS = {
    (Verdict.HOLDS, Verdict.VIOLATED): Change.VIOLATED,
    (Verdict.PROVED, Verdict.VIOLATED): Change.VIOLATED,
    (Verdict.BOUNDED, Verdict.VIOLATED): Change.VIOLATED,
    (Verdict.UNKNOWN, Verdict.VIOLATED): Change.VIOLATED,
    (Verdict.VIOLATED, Verdict.VIOLATED): Change.SAME,
    (Verdict.HOLDS, Verdict.UNKNOWN): Change.OPEN,
    (Verdict.UNKNOWN, Verdict.UNKNOWN): Change.SAME,
    (Verdict.VIOLATED, Verdict.UNKNOWN): Change.SAME,
    (Verdict.VIOLATED, Verdict.HOLDS): Change.SAME,
    (Verdict.HOLDS, Verdict.BOUNDED): Change.SAME,
    (Verdict.PROVED, Verdict.HOLDS): Change.SAME,
    (Verdict.NOT_CHECKED, Verdict.NOT_CHECKED): Change.SAME,
}


@pytest.mark.parametrize(("before", "now"), NEWS)
def test_what_is_news(before: Verdict, now: Verdict) -> None:
    old, new = having(before).properties[0], having(now).properties[0]
    assert change(old, new, strict=False) is NEWS[before, now]


def test_a_strict_audit_does_not_take_bounded_for_held() -> None:
    held, bounded = having(Verdict.HOLDS).properties[0], having(Verdict.BOUNDED).properties[0]
    assert change(held, bounded, strict=True) is Change.OPEN
    assert change(bounded, bounded, strict=True) is Change.SAME


@pytest.mark.parametrize(
    ("audits", "code"),
    [
        ((audit(GOOD), audit(None)), ExitCode.OK),
        ((audit(GOOD), audit(having(Verdict.UNKNOWN))), ExitCode.UNKNOWN),
        ((audit(having(Verdict.VIOLATED)), audit(having(Verdict.UNKNOWN))), ExitCode.VIOLATED),
        ((audit(None, refused=True),), ExitCode.UNKNOWN),
    ],
)
def test_the_exit_code_is_the_worst_news(audits: tuple[ComponentAudit, ...], code: ExitCode) -> None:
    base = replace(GOOD, exit_code=ExitCode.OK)
    assert AuditResult(base, audits, strict=False).exit_code is code


def test_what_is_wrong_without_a_fault_counts_too() -> None:
    base = replace(GOOD, exit_code=ExitCode.UNKNOWN)
    assert AuditResult(base, (audit(GOOD),), strict=False).exit_code is ExitCode.UNKNOWN
    assert AuditResult(base, (audit(having(Verdict.VIOLATED)),), strict=False).exit_code is ExitCode.VIOLATED


def test_an_interrupted_check_is_told() -> None:
    assert not AuditResult(GOOD, (audit(GOOD), audit(None)), strict=False).interrupted
    assert AuditResult(GOOD, (audit(replace(GOOD, interrupted=True)),), strict=False).interrupted
