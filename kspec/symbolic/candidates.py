"""What an inductive proof may consist of: properties, implicit properties, and facts that hold by construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kspec.symbolic import solver
from kspec.symbolic.facts import VALUES_IN_RANGE, facts
from kspec.symbolic.relation import Judgement, Relation
from kspec.symbolic.solver import Bit, Substitution
from kspec.system.expressions import FailureKind
from kspec.system.properties import PropertyKind


class CandidateKind(Enum):
    PROPERTY = "property"
    IMPLICIT = "implicit"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Candidate:
    """`assumed`: what it says of the state before a step. `initially`: where an initial state breaks it.

    `broken`: where a step breaks it. `fails`: where a step that fails does.
    """

    kind: CandidateKind
    name: str
    assumed: Bit
    initially: Bit
    broken: Bit
    fails: Bit = False

    @property
    def wrong(self) -> Bit:
        return solver.either(self.broken, self.fails)


def candidates(relation: Relation) -> Iterator[Candidate]:
    at_next = Substitution(relation.layout.renaming(relation.now, relation.next))
    for name, fact in facts(relation):
        yield _about_states(relation, at_next, CandidateKind.FACT, name, fact)
    invariants = relation.judged(PropertyKind.INVARIANT)
    for judgement in invariants:
        yield _about_states(relation, at_next, CandidateKind.PROPERTY, judgement.name, judgement.holds)
    steps = relation.judged(PropertyKind.STEP)
    for judgement in steps:
        breaks = solver.conjunction((relation.step, relation.changes, solver.negate(judgement.holds)))
        yield Candidate(CandidateKind.PROPERTY, judgement.name, True, False, breaks)
    others = relation.judged(PropertyKind.REACHABLE)
    for kind in FailureKind:
        yield _implicit(relation, at_next, kind, [*invariants, *others], steps)


def _about_states(relation: Relation, at_next: Substitution, kind: CandidateKind, name: str, holds: Bit) -> Candidate:
    kept = at_next(holds)
    if name == VALUES_IN_RANGE:
        # The state after the step has been cut to the width of its variables: ask for the values before that, too.
        kept = solver.both(kept, relation.fits)
    broken = solver.both(relation.step, solver.negate(kept))
    return Candidate(kind, name, holds, solver.both(relation.starts, solver.negate(holds)), broken)


def _implicit(
    relation: Relation, at_next: Substitution, kind: FailureKind, states: list[Judgement], steps: list[Judgement]
) -> Candidate:
    """No step and no expression of a property fails in this way."""
    failing = [judgement.fails.get(kind, False) for judgement in states]
    failing += [solver.both(relation.quiet, fails) for fails in _failing_terminals(relation, kind)]
    somewhere = solver.disjunction(failing)
    of_step = solver.disjunction(judgement.fails.get(kind, False) for judgement in steps)
    after = solver.either(at_next(somewhere), solver.both(relation.changes, of_step))
    return Candidate(
        CandidateKind.IMPLICIT,
        kind.value,
        assumed=solver.negate(somewhere),
        initially=solver.either(solver.both(relation.starts, somewhere), relation.starts_failing(kind)),
        broken=solver.both(relation.step, after),
        fails=relation.fails[kind],
    )


def _failing_terminals(relation: Relation, kind: FailureKind) -> list[Bit]:
    judgements = relation.judged(PropertyKind.DEADLOCK)
    return [judgement.fails[kind] for judgement in judgements if kind in judgement.fails]
