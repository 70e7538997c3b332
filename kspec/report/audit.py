"""The report on an audit for a person: the check of the model as it is, then what each fault changes, with stories."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.check.audit import AuditResult, Change, ComponentAudit
from kspec.check.result import PropertyResult
from kspec.check.words import count
from kspec.report.story import trace_lines
from kspec.report.styled import EMPTY, Line, Piece, line
from kspec.report.terminal import extent_of, result_lines
from kspec.report.words import STYLES, duration, place, verdict_text
from kspec.system.properties import PropertyKind


def audit_lines(result: AuditResult, *, witness: bool = False) -> Iterator[Line]:
    """What no longer holds comes last. `witness`: of the model as it is, also how reachable states are reached."""
    yield from result_lines(result.base, witness=witness)
    for audit in result.audits:
        yield EMPTY
        yield from _audit_lines(result, audit)
    for audit in result.audits:
        for _, now, change in result.changed(audit):
            if change is Change.VIOLATED:
                yield EMPTY
                yield from _story_lines(audit, now)
    causes = [cause for audit in result.audits if (cause := _cause(result, audit)) is not None]
    if causes:
        yield EMPTY
        yield line(Piece(f"audit failed: {'; '.join(causes)}", "bold red"))


def _audit_lines(result: AuditResult, audit: ComponentAudit) -> Iterator[Line]:
    yield line("audit  ", Piece(audit.component, "bold"), f"  {audit.fault} {audit.number}")
    for added in audit.adds:
        yield line(Piece(f"  + {added}", "dim"))
    for action in audit.split:
        yield line(Piece(f"  + {action.name} is split between its requests  {place(action.span)}", "dim"))
    if audit.result is None:
        style = "yellow" if audit.is_refused else "dim"
        what = "cannot be checked" if audit.is_refused else "nothing to check"
        yield line("  ", Piece(f"{what}: {audit.reason}", style))
        return
    changed = [found for found in result.changed(audit) if found[2] is not Change.SAME]
    width = max((len(now.name) for _, now, _ in changed), default=0)
    for before, now, _ in changed:
        yield line(
            f"  {now.name:<{width}}  ",
            Piece(verdict_text(before.verdict, before.reason), "dim"),
            " -> ",
            Piece(verdict_text(now.verdict, now.reason), STYLES[now.verdict]),
            Piece(f"  {now.engine}: {now.how}" if now.engine else f"  {now.how}", "dim"),
        )
    others = len(audit.result.properties) - len(changed)
    if others:
        rest = "other " if changed else ""
        yield line(f"  {count(others, f'{rest}property', f'{rest}properties')} as before")
    if audit.result.exploration is not None:
        yield line(Piece(f"  explored {extent_of(audit.result.exploration)}", "dim"))
    yield line(Piece(f"  checked in {duration(audit.result.seconds)}", "dim"))


def _story_lines(audit: ComponentAudit, property: PropertyResult) -> Iterator[Line]:
    where = Piece(f"  {place(property.span)}" if place(property.span) else "", "dim")
    head = Piece(f"{property.name} is violated with {audit.name}", "bold red")
    if property.trace is None:
        reason = "no reachable state has it" if property.kind is PropertyKind.REACHABLE else property.how
        yield line(head, f": {reason}", where)
        return
    yield line(head, f" after {count(len(property.trace.steps), 'step')}", where)
    yield EMPTY
    yield from trace_lines(property.trace)


def _cause(result: AuditResult, audit: ComponentAudit) -> str | None:
    if audit.is_refused:
        return f"{audit.name}: cannot be checked"
    news = [now for _, now, change in result.changed(audit) if change is not Change.SAME]
    if not news:
        return None
    return f"{audit.name}: {', '.join(f'{now.name} {verdict_text(now.verdict, now.reason)}' for now in news)}"
