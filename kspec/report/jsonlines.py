"""The report for programs: one JSON object for each model and cluster, one a line (schema/check-1.json, and of random
runs schema/simulate-1.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from kspec import __version__
from kspec.check.audit import AuditResult, Change, ComponentAudit
from kspec.check.result import CheckResult, ExpectationResult, Finding, PropertyResult
from kspec.check.verdicts import ExitCode
from kspec.explore.result import Exploration
from kspec.explore.simulate.result import End
from kspec.language.diagnostics import Diagnostic
from kspec.system.spans import NOWHERE, Span
from kspec.trace.encode import Json
from kspec.trace.formats import encode_story

SCHEMA = "kspec-check/1"
SIMULATE_SCHEMA = "kspec-simulate/1"
SCHEMAS = {"check": SCHEMA, "simulate": SIMULATE_SCHEMA}
"""By command."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def result_json(result: CheckResult, schema: str = SCHEMA) -> str:
    """One line about one model and cluster. `schema`: SCHEMA, or SIMULATE_SCHEMA for random runs."""
    if schema == SIMULATE_SCHEMA:
        return _line(_checked(result, result.exit_code, schema, {"simulation": _simulation(result)}))
    return _line(_checked(result, result.exit_code, schema, {**_searches(result), "audits": []}))


def audit_json(result: AuditResult) -> str:
    """One line about one model and cluster, with a check for each fault."""
    found = {**_searches(result.base), "audits": [_audit(result, audit) for audit in result.audits]}
    return _line(_checked(result.base, result.exit_code, SCHEMA, found))


def _checked(result: CheckResult, exit_code: ExitCode, schema: str, found: dict[str, Json]) -> dict[str, Json]:
    """`found`: what only some commands tell."""
    return {
        **_head(result.model, exit_code, schema),
        "cluster": result.cluster,
        "properties": [_property(property) for property in result.properties],
        "expectations": [_expectation(expectation) for expectation in result.expectations],
        **found,
        "findings": [_finding(finding) for finding in result.findings],
        "notes": list(result.notes),
        "seconds": round(result.seconds, 3),
    }


def _audit(whole: AuditResult, audit: ComponentAudit) -> Json:
    """`broken`, `open`: what held of the model as it is, and is violated, or unknown, with the fault."""
    result = audit.result
    changed = [(now.name, change) for _, now, change in whole.changed(audit)]
    return {
        "component": audit.component,
        "fault": audit.fault,
        "number": audit.number,
        "adds": list(audit.adds),
        "split": [{"action": action.name, "place": _place(action.span)} for action in audit.split],
        "reason": audit.reason,
        "broken": [name for name, change in changed if change is Change.VIOLATED],
        "open": [name for name, change in changed if change is Change.OPEN],
        "properties": [] if result is None else [_property(property) for property in result.properties],
        "exploration": None if result is None else _exploration(result),
        "notes": [] if result is None else list(result.notes),
        "seconds": 0 if result is None else round(result.seconds, 3),
    }


def diagnostics_json(
    model: str, diagnostics: Sequence[Diagnostic], exit_code: ExitCode = ExitCode.USAGE, schema: str = SCHEMA
) -> str:
    """One line about a model that cannot be checked."""
    return _line(
        {**_head(model, exit_code, schema), "diagnostics": [_diagnostic(diagnostic) for diagnostic in diagnostics]}
    )


def _head(model: str, exit_code: ExitCode, schema: str) -> dict[str, Json]:
    return {"schema": schema, "kspec": __version__, "model": model, "exit_code": exit_code.value}


def _line(document: dict[str, Json]) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(", ", ": "))
    return _NOT_ASCII.sub(_escaped, text) + "\n"


def _escaped(found: re.Match[str]) -> str:
    """A character within a JSON string. A lone surrogate, which stands for a byte of a file name that is not UTF-8, is
    no character, and is written as Python writes it."""
    character = found[0]
    return json.dumps(ascii(character)[1:-1] if "\ud800" <= character <= "\udfff" else character)[1:-1]


def _property(property: PropertyResult) -> Json:
    return {
        "name": property.name,
        "kind": property.kind.value,
        "verdict": property.verdict.value,
        "reason": property.reason,
        "engine": property.engine,
        "how": property.how,
        "expected": property.expected,
        "note": property.note,
        "place": _place(property.span),
        "trace": None if property.trace is None else encode_story(property.trace),
    }


def _expectation(expectation: ExpectationResult) -> Json:
    return {
        "text": expectation.text,
        "verdict": expectation.verdict.value,
        "reason": expectation.reason,
        "detail": expectation.detail,
        "place": _place(expectation.span),
    }


def _exploration(result: CheckResult) -> Json:
    found = result.exploration
    if found is None:
        return None
    return {
        **_counts(found),
        "symmetry": "orbits" if found.is_reduced else "none",
        "permutations": 1 if found.symmetry is None else found.symmetry.permutations,
        "exchanged_kinds": [] if found.symmetry is None else list(found.symmetry.kinds),
        "unreduced_because": found.unreduced_because,
        "inexact_orbits": found.searches_given_up,
        "actions": dict(result.actions),
    }


def _counts(found: Exploration) -> dict[str, Json]:
    return {
        "states": found.states,
        "transitions": found.transitions,
        "depth": found.depth,
        "initial_states": found.initial_states,
        "seconds": round(found.seconds, 3),
        "code": _code(found),
        "compile_seconds": 0.0 if found.compilation is None else round(found.compilation.seconds, 3),
        "complete": found.complete,
        "fingerprint_bits": found.fingerprint_bits,
        "missed": found.missed,
        "state_bytes": found.state_bytes,
        "limit": None if found.limit is None else found.limit.value,
        "limit_detail": found.limit_detail,
        "cut_states": found.cut_states,
        "quiet_states": found.quiet_states,
    }


def _searches(result: CheckResult) -> dict[str, Json]:
    unreduced = None if result.unreduced is None else _counts(result.unreduced)
    return {"exploration": _exploration(result), "unreduced": unreduced}


def _simulation(result: CheckResult) -> Json:
    found = result.simulation
    if found is None:
        return None
    seen: list[Json] = [
        {"name": name, "runs": seen.runs, "mean_steps": round(seen.mean, 3), "least_steps": seen.length}
        for name, seen in found.seen.items()
    ]
    return {
        "runs": found.plan.runs,
        "depth": found.plan.depth,
        "seed": found.plan.seed,
        "done": found.done,
        "steps": found.steps,
        "seconds": round(found.seconds, 3),
        "limit": None if found.limit is None else found.limit.value,
        "limit_detail": found.limit_detail,
        "ends": {end.value: found.ends.get(end, 0) for end in End},
        "seen": seen,
        "actions": dict(result.actions),
    }


def _code(found: Exploration) -> str:
    """Where the machine code of the search comes from."""
    if found.compilation is None:
        return "none"
    return "cached" if found.compilation.is_cached else "compiled"


def _finding(finding: Finding) -> Json:
    return {"code": finding.code, "message": finding.message, "place": _place(finding.span)}


def _diagnostic(diagnostic: Diagnostic) -> Json:
    related: list[Json] = [{"place": _place(span), "text": text} for span, text in diagnostic.related]
    return {
        "code": diagnostic.code.name,
        "message": diagnostic.message,
        "place": _place(diagnostic.span),
        "hint": diagnostic.hint,
        "related": related,
    }


def _place(span: Span) -> Json:
    if span == NOWHERE:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
