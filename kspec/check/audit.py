"""The result of an audit: what held of a model, and no longer does with one fault more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from kspec.check.causes import code_of
from kspec.check.result import CheckResult, PropertyResult
from kspec.check.verdicts import ExitCode, Verdict, worst
from kspec.system.spans import Span


class Change(Enum):
    """How a property fares: SAME (no worse than before), VIOLATED (and was not before), OPEN (was settled before)."""

    SAME = "same"
    VIOLATED = "violated"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SplitAction:
    """An action that was split between its requests, by `component.action`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class ComponentAudit:
    """One component with one fault. `adds`: the clauses that it got. `result`: None where it was not checked, and then
    `reason` says why; `is_refused`: because it cannot be, not because there is nothing to check."""

    component: str
    fault: str
    number: int
    adds: tuple[str, ...]
    split: tuple[SplitAction, ...]
    result: CheckResult | None
    reason: str = ""
    is_refused: bool = False

    @property
    def name(self) -> str:
        return f"{self.component}, {self.fault} {self.number}"


@dataclass(frozen=True, slots=True)
class AuditResult:
    """`base`: the check of the model as it is."""

    base: CheckResult
    audits: tuple[ComponentAudit, ...]
    strict: bool

    @property
    def exit_code(self) -> ExitCode:
        """The worst of the check of the model as it is, and of what the audits add to it."""
        return worst([self.base.exit_code, *(code for audit in self.audits for code in self._codes(audit))])

    @property
    def interrupted(self) -> bool:
        """The user stopped one of the checks."""
        return self.base.interrupted or any(
            audit.result is not None and audit.result.interrupted for audit in self.audits
        )

    def changed(self, audit: ComponentAudit) -> Iterator[tuple[PropertyResult, PropertyResult, Change]]:
        """Every property before and now."""
        if audit.result is not None:
            for before, now in zip(self.base.properties, audit.result.properties, strict=True):
                yield before, now, change(before, now, strict=self.strict)

    def _codes(self, audit: ComponentAudit) -> Iterator[ExitCode]:
        if audit.is_refused:
            yield ExitCode.UNKNOWN
        for _, _, found in self.changed(audit):
            match found:
                case Change.VIOLATED:
                    yield ExitCode.VIOLATED
                case Change.OPEN:
                    yield ExitCode.UNKNOWN
                case Change.SAME:
                    yield ExitCode.OK
                case _ as unreachable:
                    assert_never(unreachable)


def change(before: PropertyResult, now: PropertyResult, *, strict: bool) -> Change:
    """How a property fares with a fault more. What was violated or open before is no news."""
    if now.verdict is Verdict.VIOLATED:
        return Change.SAME if before.verdict is Verdict.VIOLATED else Change.VIOLATED
    is_open = code_of(now.verdict, strict=strict) is not ExitCode.OK
    return Change.OPEN if is_open and code_of(before.verdict, strict=strict) is ExitCode.OK else Change.SAME
