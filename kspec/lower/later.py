"""Constructs that the language has and that nothing lowers."""

from __future__ import annotations

from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower.problems import Problem


def refuse_later(model: checked.Model) -> None:
    """Raises Problem at the first one."""
    for component in model.components.values():
        for process in component.processes:
            raise Problem(Code.KS701, "`process` is not checked in this version", process.span)
        crashes = component.clauses.crashes
        if crashes is not None:
            raise Problem(Code.KS701, "`crashes` is not checked in this version", crashes.budget.span)
