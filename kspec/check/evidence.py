"""What the engines found about one system, gathered; and the check that they do not contradict each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from kspec.evaluate.run import Run
from kspec.explore.result import Exploration
from kspec.symbolic.result import BoundedResult, InductionAnswer, InductionResult
from kspec.system.properties import PropertyKind
from kspec.system.system import System


class Disagreement(Exception):
    """Two engines contradict each other: a defect of kspec, never a verdict."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`interrupted`: the user stopped the check before an engine could start. `stopped_at_first`: the search ended at
    the first violation because it was asked to. `explorer`: the engine that the exploration is of."""

    induction: dict[str, InductionResult] = field(default_factory=dict)
    exploration: Exploration | None = None
    bounded: BoundedResult | None = None
    interrupted: bool = False
    stopped_at_first: bool = False
    explorer: str = "explore"

    def violation(self, name: str) -> tuple[Run, str] | None:
        """The shortest run that shows the property violated, and the engine that found it."""
        if self.exploration is not None and name in self.exploration.violations:
            return self.exploration.violations[name], self.explorer
        if self.bounded is not None and name in self.bounded.violations:
            return self.bounded.violations[name], "bmc"
        return None

    def witness(self, name: str) -> tuple[Run, str] | None:
        """The shortest run that reaches a state with the property, and the engine that found it."""
        if self.exploration is not None and name in self.exploration.witnesses:
            return self.exploration.witnesses[name], self.explorer
        if self.bounded is not None and name in self.bounded.witnesses:
            return self.bounded.witnesses[name], "bmc"
        return None

    def proof(self, name: str) -> InductionResult | None:
        result = self.induction.get(name)
        return result if result is not None and result.answer is InductionAnswer.INDUCTIVE else None

    def failing(self, system: System) -> tuple[str, ...]:
        """The implicit properties that are violated: the model has an error."""
        implicit = (property.name for property in system.properties if property.kind is PropertyKind.IMPLICIT)
        return tuple(name for name in implicit if self.violation(name) is not None)


def must_agree(system: System, evidence: Evidence) -> None:
    """Raises Disagreement if something is both proved and violated."""
    proved = [property.name for property in system.properties if evidence.proof(property.name) is not None]
    for name in proved:
        if evidence.violation(name) is not None:
            raise Disagreement(f"induction proves `{name}`, and a run violates it")
    failing = evidence.failing(system)
    if proved and failing:
        raise Disagreement(
            f"induction proves `{proved[0]}` with all steps free of failures, and a run violates `{failing[0]}`"
        )
