"""The numbers of counters and findings, given at their first mention."""

from __future__ import annotations

from kspec.explore.machine.facts import Counter, Finding


class Numbering:
    def __init__(self) -> None:
        self._counters: dict[Counter, int] = {}
        self._findings: dict[Finding, int] = {}

    def counter(self, fact: Counter) -> int:
        return self._counters.setdefault(fact, len(self._counters))

    def finding(self, fact: Finding) -> int:
        return self._findings.setdefault(fact, len(self._findings))

    @property
    def counters(self) -> tuple[Counter, ...]:
        return tuple(self._counters)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings)
