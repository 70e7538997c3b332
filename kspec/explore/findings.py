"""What a search finds out about properties: the shortest run for each."""

from __future__ import annotations

from kspec.evaluate.run import Failure, Run
from kspec.explore.graph import Path
from kspec.system.properties import PropertyKind
from kspec.system.system import System

_DECIDED_HERE = frozenset(
    {
        PropertyKind.INVARIANT,
        PropertyKind.STEP,
        PropertyKind.REACHABLE,
        PropertyKind.DEADLOCK,
        PropertyKind.IMPLICIT,
    }
)


def open_properties(system: System, settled: frozenset[str]) -> tuple[str, ...]:
    """The properties that a search is to decide."""
    names = (property.name for property in system.properties if property.kind in _DECIDED_HERE)
    return tuple(name for name in names if name not in settled)


class Findings:
    """Violations and witnesses. Of two runs the shorter one stays; of two of one length, the first."""

    def __init__(self, system: System, settled: frozenset[str]) -> None:
        self.violations: dict[str, Run] = {}
        self.failing_property: dict[str, str] = {}
        self.witnesses: dict[str, Run] = {}
        self._open = open_properties(system, settled)

    @property
    def all_settled(self) -> bool:
        """Whether every property that a search can decide was settled before, or is violated or reached."""
        return all(name in self.violations or name in self.witnesses for name in self._open)

    def violated(self, name: str, path: Path) -> None:
        self._violated(name, path, None)

    def reached(self, name: str, path: Path) -> None:
        if name not in self.witnesses:
            self.witnesses[name] = path.run()

    def expression_failed(self, failure: Failure, name: str, path: Path) -> None:
        """An expression of a property, or an `initially`, fails at the end of the path."""
        self._violated(failure.kind.value, path, name)

    def _violated(self, name: str, path: Path, failing: str | None) -> None:
        known = self.violations.get(name)
        if known is not None and len(known.moves) <= path.length:
            return
        self.violations[name] = path.run()
        if failing is None:
            self.failing_property.pop(name, None)
        else:
            self.failing_property[name] = failing
