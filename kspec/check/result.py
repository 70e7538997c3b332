"""The result of checking one model with one cluster: everything a report may say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kspec.check.verdicts import ExitCode, Verdict
from kspec.explore.result import Exploration
from kspec.explore.simulate.result import Simulation
from kspec.system.properties import PropertyKind
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.trace.story import Trace


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """`reason`: of UNKNOWN and BOUNDED, the limit. `engine`: explore, plain, induction, bmc, simulate, or
    "" if none. `how`: one
    short sentence: what the engine did. `expected`: the file declares this violation, and it stands. `note`: such as
    "not inductive" with its counterexample, in words."""

    name: str
    kind: PropertyKind
    verdict: Verdict
    reason: str
    engine: str
    how: str
    expected: bool
    trace: Trace | None
    note: str
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """An `expect` of the file: `text` says what was expected, `detail` what came instead."""

    text: str
    verdict: Verdict
    reason: str
    detail: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """What accompanies a verdict. `code`: unused-action, failing-action, idle-clause, dead-clause, trivial-property,
    unused-room, short-room, blocked-create, refused-request, and those of remarks on the text (docs/findings.md)."""

    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`model`: the file's name; `exploration`: None where no explorer ran."""

    model: str
    cluster: str
    exit_code: ExitCode
    properties: tuple[PropertyResult, ...]
    expectations: tuple[ExpectationResult, ...]
    exploration: Exploration | None
    actions: dict[str, int]
    """How often each action was taken, by `component.action`."""
    findings: tuple[Finding, ...]
    seconds: float
    notes: tuple[str, ...] = field(default=())
    causes: tuple[str, ...] = field(default=())
    """What makes the exit code something else than 0, in a few words each, the worst first."""
    unreduced: Exploration | None = None
    """A search without symmetry, made only to count states beside the orbits that `exploration` counts."""
    interrupted: bool = False
    """The user stopped the check."""
    simulation: Simulation | None = None
    """None where no random runs were asked for."""
