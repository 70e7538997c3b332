"""Induction: which properties, taken together, hold at first and are kept by every step.

Houdini (Flanagan, Leino: Houdini, an Annotation Assistant for ESC/Java, FME 2001): all candidates are assumed before a
step, and those that some step then breaks are dropped, until none is. What is left is an inductive invariant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.evaluate.evaluator import Evaluator
from kspec.symbolic import solver
from kspec.symbolic.candidates import Candidate, candidates
from kspec.symbolic.facts import VALUES_IN_RANGE
from kspec.symbolic.limits import TooLarge
from kspec.symbolic.relation import Relation
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.symbolic.solver import Answer, Assignment, Bit, Solver
from kspec.symbolic.witnesses import SymbolicMismatch, retrace_step
from kspec.system.expressions import FailureKind
from kspec.system.properties import PropertyKind
from kspec.system.system import System

DEFAULT_RLIMIT = 10_000_000
"""Of one query, in units of Z3's that do not depend on the machine: some seconds."""

_PROVED_KINDS = (PropertyKind.INVARIANT, PropertyKind.STEP, PropertyKind.IMPLICIT)


OnQuery = Callable[[int], None]
"""Told before each query how many candidates are left."""


def prove_invariants(
    system: System, *, rlimit: int = DEFAULT_RLIMIT, on_query: OnQuery | None = None
) -> dict[str, InductionResult]:
    """For every invariant, step property and implicit property, whether it is part of an inductive invariant."""
    names = [judged.name for judged in system.properties if judged.kind in _PROVED_KINDS]
    try:
        houdini = _Houdini(system, rlimit, on_query)
        houdini.check_initial_states()
        houdini.check_steps()
        if not _is_confirmed(system, houdini.kept, rlimit):
            return dict.fromkeys(names, _unknown("the proof could not be checked again within the limit"))
    except TooLarge as too_large:
        return dict.fromkeys(names, _unknown(f"size: {too_large}"))
    except _Unfounded:
        return dict.fromkeys(names, _unknown("a step may write a value that is out of its range unchecked"))
    assumed = [p.name for p in system.properties if p.kind in (PropertyKind.INVARIANT, PropertyKind.IMPLICIT)]
    return {name: houdini.result(name, assumed) for name in names}


def _unknown(reason: str) -> InductionResult:
    return InductionResult(InductionAnswer.UNKNOWN, reason=reason)


class _Unfounded(Exception):
    """A step may write a value that its variable cannot hold: the encoding would not be exact."""


class _Houdini:
    """The candidates that are left, and why the others are not."""

    def __init__(self, system: System, rlimit: int, on_query: OnQuery | None) -> None:
        self._rlimit = rlimit
        self._on_query = on_query
        self._relation = Relation(system)
        self._evaluator = Evaluator(system)
        self._left = list(candidates(self._relation))
        self._solver = Solver(finite=self._relation.layout.finite)
        self._dropped: dict[str, InductionResult] = {}

    @property
    def kept(self) -> list[str]:
        return [candidate.name for candidate in self._left]

    def check_initial_states(self) -> None:
        """Drops what does not hold in every initial state."""
        while True:
            answer = self._query([], (candidate.initially for candidate in self._left))
            if answer is Answer.UNSAT:
                return
            if answer is Answer.UNKNOWN:
                self._drop_undecided([], lambda candidate: candidate.initially)
                return
            assignment = self._solver.assignment()
            broken = [candidate for candidate in self._left if assignment.bit(candidate.initially)]
            self._drop(broken, InductionResult(InductionAnswer.BASE_VIOLATED))

    def check_steps(self) -> None:
        """Drops what some step breaks from a state that has all that is left, until there is none."""
        while True:
            answer = self._query(self._assumed(), (candidate.wrong for candidate in self._left))
            if answer is Answer.UNSAT:
                return
            if answer is Answer.SAT:
                self._drop_broken(self._solver.assignment())
            elif not self._drop_undecided(self._assumed(), lambda candidate: candidate.wrong):
                return

    # --- queries -----------------------------------------------------------------------------------------------------

    def _assumed(self) -> list[Bit]:
        return [candidate.assumed for candidate in self._left]

    def _query(self, assumed: list[Bit], wrong: Iterable[Bit]) -> Answer:
        """Whether any of `wrong` is possible under all of `assumed`."""
        if self._on_query is not None:
            self._on_query(len(self._left))
        return _possible(self._solver, assumed, wrong, self._rlimit)

    # --- dropping ----------------------------------------------------------------------------------------------------

    def _drop(self, candidates: list[Candidate], why: InductionResult) -> None:
        self._dropped |= {candidate.name: why for candidate in candidates}
        self._left = [candidate for candidate in self._left if candidate.name not in self._dropped]

    def _drop_broken(self, assignment: Assignment) -> None:
        """Drops every candidate that the step of the assignment breaks."""
        broken = [candidate for candidate in self._left if assignment.bit(candidate.wrong)]
        if any(candidate.name == VALUES_IN_RANGE for candidate in broken):
            raise _Unfounded
        for candidate in broken:
            self._drop([candidate], self._broken(assignment, fails=not assignment.bit(candidate.broken)))

    def _drop_undecided(self, assumed: list[Bit], wrong: Callable[[Candidate], Bit]) -> bool:
        """Asks for each candidate alone, and drops those that are broken or undecided; whether there were any."""
        before = len(self._left)
        for candidate in list(self._left):
            answer = self._query(assumed, [wrong(candidate)])
            if answer is Answer.UNKNOWN:
                self._drop([candidate], _unknown(f"solver: {self._solver.reason_unknown()}"))
            elif answer is Answer.SAT and assumed:
                self._drop_broken(self._solver.assignment())
            elif answer is Answer.SAT:
                self._drop([candidate], InductionResult(InductionAnswer.BASE_VIOLATED))
        return len(self._left) < before

    def _broken(self, assignment: Assignment, *, fails: bool) -> InductionResult:
        """Not inductive, with the step of the assignment, if `evaluate` can take it."""
        relation = self._relation
        before = relation.layout.decode(relation.now, assignment)
        after = None if fails else relation.layout.decode(relation.next, assignment)
        taken = relation.taken(assignment, relation.choice, [tuple(course.values) for course in relation.courses])
        try:
            step = retrace_step(self._evaluator, before, taken, after)
        except EnumerationTooLarge as too_large:
            return InductionResult(InductionAnswer.NOT_INDUCTIVE, reason=f"enumeration: {too_large}")
        return InductionResult(InductionAnswer.NOT_INDUCTIVE, counterexample=step)

    # --- the result --------------------------------------------------------------------------------------------------

    def result(self, name: str, invariants: list[str]) -> InductionResult:
        """`invariants`: what a proof may be together with."""
        if name in self._dropped:
            return self._dropped[name]
        for kind in FailureKind:
            failing = self._dropped.get(kind.value)
            if failing is not None:
                return _without(kind, failing)
        together = tuple(other for other in invariants if other in self.kept and other != name)
        return InductionResult(InductionAnswer.INDUCTIVE, together_with=together)


def _without(kind: FailureKind, failing: InductionResult) -> InductionResult:
    """Of what is kept by every step, where steps or expressions may fail."""
    match failing.answer:
        case InductionAnswer.UNKNOWN:
            return _unknown(f"{kind.value}: {failing.reason}")
        case InductionAnswer.BASE_VIOLATED:
            reason = f"{kind.value} is violated in an initial state"
            return InductionResult(InductionAnswer.NOT_INDUCTIVE, reason=reason)
        case _:
            return failing


def _possible(solver_: Solver, assumed: list[Bit], wrong: Iterable[Bit], rlimit: int) -> Answer:
    some = solver.disjunction(wrong)
    if some is False:
        return Answer.UNSAT
    solver_.push()
    solver_.add(solver.conjunction([*assumed, some]))
    answer = solver_.check(rlimit=rlimit)
    solver_.pop()
    return answer


def _is_confirmed(system: System, names: list[str], rlimit: int) -> bool:
    """Whether an encoding made anew, in solvers of its own, agrees that the candidates hold at first and are kept."""
    relation = Relation(system)
    kept = [candidate for candidate in candidates(relation) if candidate.name in names]
    at_first = _possible_alone(relation, [], [candidate.initially for candidate in kept], rlimit)
    answer = _possible_alone(relation, [c.assumed for c in kept], [candidate.wrong for candidate in kept], rlimit)
    if Answer.SAT in (at_first, answer):
        raise SymbolicMismatch("a proof by induction was refuted when it was checked again")
    return at_first is answer is Answer.UNSAT


def _possible_alone(relation: Relation, assumed: list[Bit], wrong: list[Bit], rlimit: int) -> Answer:
    """In a new solver: all at once, and, where that is too hard, one by one."""
    query = Solver(finite=relation.layout.finite)
    answer = _possible(query, assumed, wrong, rlimit)
    if answer is not Answer.UNKNOWN:
        return answer
    answers = {_possible(query, assumed, [alone], rlimit) for alone in wrong}
    return next(found for found in (Answer.SAT, Answer.UNKNOWN, Answer.UNSAT) if found in answers)
