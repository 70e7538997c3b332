"""What is certainly true at a place within a transition or expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kspec.system.expressions import FALSE, TRUE, And, Expr, If, Let, Local, Not, Or, Use


@dataclass(frozen=True, slots=True)
class Known:
    """`facts` are true; `values` are what locals were defined as, by id."""

    facts: frozenset[Expr] = frozenset()
    values: Mapping[int, Expr] = field(default_factory=dict)

    def defining(self, local: Local, value: Expr) -> Known:
        return replace(self, values={**self.values, local.id: value})

    def with_fact(self, fact: Expr) -> Known:
        """Adds a fact, and what follows from it at once."""
        if fact in self.facts:
            return self
        known = replace(self, facts=self.facts | {fact})
        match fact:
            case And(operands):
                return known._with_facts(*operands)
            case Not(Or(operands)):
                return known._with_facts(*map(Not, operands))
            case Not(Not(operand)):
                return known.with_fact(operand)
            case If(condition, then, otherwise) if otherwise == FALSE:
                return known._with_facts(condition, then)
            case Let(local, value, body):
                return known.defining(local, value).with_fact(body)
            case Use(local) if local.id in known.values:
                return known.with_fact(known.values[local.id])
            case Not(Use(local)) if local.id in known.values:
                return known.with_fact(Not(known.values[local.id]))
            case _:
                return known

    def _with_facts(self, *facts: Expr) -> Known:
        known = self
        for fact in facts:
            known = known.with_fact(fact)
        return known

    def implies(self, condition: Expr) -> bool:
        """Whether the condition certainly holds; where this says no, it still may."""
        if condition == TRUE or condition in self.facts:
            return True
        match condition:
            case And(operands):
                return all(map(self.implies, operands))
            case Use(local) if local.id in self.values:
                return self.implies(self.values[local.id])
            case _:
                return False
