"""What is certainly true at a place within a transition or expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from kspec.system.expressions import FALSE, TRUE, And, Expr, If, Let, Not, Or, Use

_Key: TypeAlias = tuple[str, int]
"""Stands for an expression: locals are the same wherever they are used, others only as the same object, which is
enough and needs no walk through them."""


@dataclass(frozen=True, slots=True)
class Known:
    """`facts` are true; `values` are what locals were defined as, by id, in the whole transition."""

    values: dict[int, Expr]
    facts: frozenset[_Key] = field(default_factory=frozenset)

    def with_facts(self, *facts: Expr) -> Known:
        """Adds facts, and what follows from them at once."""
        found = set(self.facts)
        pending = list(facts)
        while pending:
            fact = pending.pop()
            key = _key(fact)
            if key not in found:
                found.add(key)
                pending.extend(self._following(fact))
        return Known(self.values, frozenset(found))

    def _following(self, fact: Expr) -> Sequence[Expr]:
        match fact:
            case And(operands):
                return operands
            case Not(Or(operands)):
                return tuple(map(Not, operands))
            case Not(Not(operand)):
                return (operand,)
            case If(condition, then, otherwise) if otherwise == FALSE:
                return condition, then
            case Let(_, _, body):
                return (body,)
            case Use(local) if local.id in self.values:
                return (self.values[local.id],)
            case Not(Use(local)) if local.id in self.values:
                return (Not(self.values[local.id]),)
            case _:
                return ()

    def implies(self, condition: Expr) -> bool:
        """Whether the condition certainly holds; where this says no, it still may."""
        if _key(condition) in self.facts or condition == TRUE:
            return True
        match condition:
            case And(operands):
                return all(map(self.implies, operands))
            case Use(local) if local.id in self.values:
                return self.implies(self.values[local.id])
            case _:
                return False


def _key(expr: Expr) -> _Key:
    match expr:
        case Use(local):
            return "local", local.id
        case Not(operand):
            kind, number = _key(operand)
            return f"not {kind}", number
        case _:
            return "expression", id(expr)
