"""Calls that tell the search what happened, in the code of one function."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.facts import Counter, Finding
from kspec.explore.machine.functions import Functions
from kspec.explore.machine.numbering import Numbering


@dataclass(frozen=True, slots=True)
class Teller:
    b: Builder
    functions: Functions
    numbering: Numbering
    worker: ir.Value

    def count(self, fact: Counter) -> None:
        self.b.call(self.functions.count, (self.worker, self.numbering.counter(fact)))

    def report(self, fact: Finding, words: ir.Value) -> None:
        """A state shows the finding."""
        self.b.call(self.functions.report, (self.worker, self.numbering.finding(fact), words))

    def emit(self, words: ir.Value) -> None:
        self.b.call(self.functions.emit, (self.worker, words))
