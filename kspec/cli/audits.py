"""The audit of one model and cluster: a check of the model as it is, and one for each component and fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kspec.audit.change import Change
from kspec.audit.changes import changes
from kspec.check.audit import AuditResult, ComponentAudit, SplitAction
from kspec.check.result import CheckResult
from kspec.cli.faults import Faults
from kspec.language.checked import Model
from kspec.lower.lower import lower
from kspec.report.words import place
from kspec.system.system import System

Check = Callable[[System], CheckResult]


def audit(model: Model, system: System, faults: Faults, check: Check, *, strict: bool) -> AuditResult:
    """`system`: the model as it is. A check that is interrupted is the last one."""
    base = check(system)
    audits = () if base.interrupted else tuple(_audits(model, system.cluster, faults, check))
    return AuditResult(base, audits, strict)


def _audits(model: Model, cluster: str, faults: Faults, check: Check) -> Iterator[ComponentAudit]:
    for change in changes(model, cluster, faults.lag, faults.crash):
        found = _audit(change, cluster, check)
        yield found
        if found.result is not None and found.result.interrupted:
            return


def _audit(change: Change, cluster: str, check: Check) -> ComponentAudit:
    split = tuple(SplitAction(action.name, action.span) for action in change.split)
    fault = change.fault.value

    def audited(result: CheckResult | None, reason: str = "", *, refused: bool = False) -> ComponentAudit:
        return ComponentAudit(change.component, fault, change.number, change.adds, split, result, reason, refused)

    if change.model is None:
        return ComponentAudit(change.component, fault, change.number, (), (), None, change.reason)
    lowered = lower(change.model, cluster)
    if lowered.system is None or lowered.diagnostics:
        first = lowered.diagnostics[0]
        return audited(None, f"{first.message} [{first.code.name}]  {place(first.span)}", refused=True)
    return audited(check(lowered.system))
