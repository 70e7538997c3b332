"""Whether a system has an initial state at all."""

from __future__ import annotations

from kspec.symbolic import solver
from kspec.symbolic.limits import TooLarge
from kspec.symbolic.relation import Relation
from kspec.symbolic.solver import Answer, Solver
from kspec.system.system import System

RLIMIT = 10_000_000


def may_start(system: System, *, rlimit: int = RLIMIT) -> bool | None:
    """Whether some combination of the initial choices satisfies every `initially`, or makes one fail. None: not
    known."""
    try:
        relation = Relation(system)
        query = Solver(finite=relation.layout.finite)
        query.add(solver.disjunction([relation.initial.condition, *relation.initial.fails.values()]))
    except TooLarge:
        return None
    match query.check(rlimit=rlimit):
        case Answer.SAT:
            return True
        case Answer.UNSAT:
            return False
        case Answer.UNKNOWN:
            return None
