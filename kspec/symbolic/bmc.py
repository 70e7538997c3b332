"""Bounded model checking: every run of up to so many steps, one more step at a time, with one incremental solver.

Biere, Cimatti, Clarke, Zhu: Symbolic Model Checking without BDDs (TACAS 1999). Because each depth is decided before the
next, what is found is shortest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Run
from kspec.symbolic import solver
from kspec.symbolic.limits import TooLarge
from kspec.symbolic.relation import Judgement, Relation
from kspec.symbolic.result import BoundedResult
from kspec.symbolic.solver import Answer, Assignment, Bit, Number, Solver, Substitution, Term
from kspec.symbolic.states import SymbolicState
from kspec.symbolic.values import SymbolicValue, as_number, terms, variable
from kspec.symbolic.witnesses import confirm, retrace
from kspec.system.properties import PropertyKind
from kspec.system.sorts import IntSort
from kspec.system.system import System

OnDepth = Callable[[int], None]


def bounded_check(
    system: System, depth: int, *, seconds: float | None = None, on_progress: OnDepth | None = None
) -> BoundedResult:
    """Looks at every run of up to `depth` steps. A run that ends in a failing step counts that step."""
    started = time.monotonic()
    found = _Found()
    limit: str | None = None
    try:
        search = _Search(system, found, None if seconds is None else started + seconds)
        search.run(depth, on_progress)
    except _Stopped as stopped:
        limit = stopped.limit
    except TooLarge as too_large:
        limit = f"size: {too_large}"
    except EnumerationTooLarge as too_large:
        limit = f"enumeration: {too_large}"  # of what was found and cannot be confirmed
    except KeyboardInterrupt:
        limit = "interrupted"
    return BoundedResult(
        depth=found.depth,
        violations=found.violations,
        failing_property=found.failing_property,
        witnesses=found.witnesses,
        cut_depth=found.cut_depth,
        exhausted=found.exhausted,
        limit=limit,
        seconds=time.monotonic() - started,
    )


class _Stopped(Exception):
    """A limit ends the search."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(slots=True)
class _Found:
    """What is known so far."""

    depth: int = -1
    violations: dict[str, Run] = field(default_factory=dict)
    failing_property: dict[str, str] = field(default_factory=dict)
    witnesses: dict[str, Run] = field(default_factory=dict)
    cut_depth: int | None = None
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class _Goal:
    """Something to look for: `name` is reached where `condition`, about the relation's variables, holds.

    `judgement`: the property whose expression decides it, or fails; None where a transition fails.
    """

    name: str
    condition: Bit
    judgement: Judgement | None
    expected: bool | None = None
    about_step: bool = False


class _Search:
    """The unrolled system: states 0 to `depth`, and the steps between them."""

    def __init__(self, system: System, found: _Found, deadline: float | None) -> None:
        self._system = system
        self._found = found
        self._deadline = deadline
        self._relation = Relation(system)
        self._layout = self._relation.layout
        self._evaluator = Evaluator(system)
        self._expressions = {judged.name: judged.expression for judged in system.properties}
        self._state_goals = self._goals_about_states()
        self._step_goals = self._goals_about_steps()
        self._failing_goals = self._goals_about_failing_steps()
        self._stages = [_Stage(self._relation, 0)]
        initial, step, blocked = self._relation.initial, self._relation.step, self._relation.blocked
        self._initial, self._step, self._blocked = initial, step, blocked
        self._solver = Solver(finite=self._layout.finite)

    def run(self, depth: int, on_progress: OnDepth | None) -> None:
        self._start()
        for steps in range(depth + 1):
            if steps and not self._extend(steps):
                self._found.depth, self._found.exhausted = steps - 1, True
                return
            self._look(steps)
            self._found.depth = steps
            if on_progress is not None:
                on_progress(steps)
            if not self._open():
                self._found.depth = depth
                return

    def _open(self) -> bool:
        """Whether there is anything left to find."""
        goals = [*self._state_goals, *self._step_goals, *self._failing_goals]
        return any(map(self._is_open, goals)) or (self._found.cut_depth is None and self._blocked is not False)

    # --- depth by depth --------------------------------------------------------------------------------------------

    def _start(self) -> None:
        first = self._stages[0].state
        self._solver.add(self._layout.equal(first, self._initial.state))
        for kind, fails in self._initial.fails.items():
            if self._holds_somewhere(fails):
                self._found.violations[kind.value] = self._run(self._solver.assignment(), 0)
                self._found.failing_property[kind.value] = "initially"
        self._solver.add(self._initial.condition)

    def _extend(self, steps: int) -> bool:
        """One more step; whether there is a run with that many. Steps that fail are looked for on the way."""
        last = self._stages[-1]
        self._stages.append(_Stage(self._relation, steps))
        last.leads_to(self._stages[-1])
        self._reach(self._failing_goals, last, steps - 1)
        self._solver.add(last.instance(self._step))
        return self._holds_somewhere(True)

    def _look(self, steps: int) -> None:
        """Looks for what a last state, or a last step, shows."""
        if steps:
            self._reach(self._step_goals, self._stages[-2], steps)
        self._reach(self._state_goals, self._stages[-1], steps)
        if self._found.cut_depth is None and self._holds_somewhere(self._stages[-1].instance(self._blocked)):
            self._found.cut_depth = steps

    def _reach(self, goals: list[_Goal], stage: _Stage, steps: int) -> None:
        """All goals at once, until none of those that are left can be reached."""
        pending = [(goal, stage.instance(goal.condition)) for goal in goals if self._is_open(goal)]
        while pending and self._holds_somewhere(solver.disjunction(condition for _, condition in pending)):
            assignment = self._solver.assignment()
            for goal, condition in pending:
                if self._is_open(goal) and assignment.bit(condition):
                    self._record(goal, assignment, steps)
            pending = [(goal, condition) for goal, condition in pending if self._is_open(goal)]

    def _is_open(self, goal: _Goal) -> bool:
        return goal.name not in self._found.violations and goal.name not in self._found.witnesses

    def _holds_somewhere(self, condition: Bit) -> bool:
        """Whether some run satisfies the condition; if so, the solver has an assignment."""
        if condition is False:
            return False
        milliseconds = None
        if self._deadline is not None:
            milliseconds = int((self._deadline - time.monotonic()) * 1000)
            if milliseconds <= 0:
                raise _Stopped("time")
        self._solver.push()
        self._solver.add(condition)
        answer = self._solver.check(milliseconds=milliseconds)
        reason = self._solver.reason_unknown() if answer is Answer.UNKNOWN else ""
        self._solver.pop()
        if answer is Answer.UNKNOWN:
            raise _Stopped("time" if reason == "timeout" else f"solver: {reason}")
        return answer is Answer.SAT

    # --- what was found ----------------------------------------------------------------------------------------------

    def _record(self, goal: _Goal, assignment: Assignment, steps: int) -> None:
        fails = goal.judgement is None
        run = self._run(assignment, steps, failing=fails)
        if goal.judgement is None:
            self._found.violations[goal.name] = run
            return
        name = goal.judgement.name
        expression = self._expressions[name]
        assert expression is not None
        action = None
        if goal.about_step:
            action = self._system.transitions[run.moves[-1].taken.transition].action
        confirm(name, goal.expected, self._evaluator, expression, run, action)
        if goal.expected:
            self._found.witnesses[goal.name] = run
        else:
            self._found.violations[goal.name] = run
            if goal.expected is None:
                self._found.failing_property[goal.name] = name

    def _run(self, assignment: Assignment, steps: int, *, failing: bool = False) -> Run:
        """The run of so many steps, and, if `failing`, one more that fails."""
        states = [self._layout.decode(stage.state, assignment) for stage in self._stages[: steps + 1]]
        taken = [
            self._relation.taken(assignment, stage.choice, stage.values)
            for stage in self._stages[: steps + 1 if failing else steps]
        ]
        return retrace(self._evaluator, states, taken)

    # --- goals -------------------------------------------------------------------------------------------------------

    def _goals_about_states(self) -> list[_Goal]:
        relation = self._relation
        invariants = relation.judged(PropertyKind.INVARIANT)
        reachables = relation.judged(PropertyKind.REACHABLE)
        terminals = relation.judged(PropertyKind.DEADLOCK)
        goals = [_Goal(j.name, j.broken, j, False) for j in invariants]
        goals += [_Goal(j.name, j.holds, j, True) for j in reachables]
        goals += [_Goal(j.name, solver.both(relation.quiet, j.broken), j, False) for j in terminals]
        goals += _expression_failures([*invariants, *reachables], True)
        goals += _expression_failures(terminals, relation.quiet if terminals else False)
        return goals

    def _goals_about_steps(self) -> list[_Goal]:
        judgements = self._relation.judged(PropertyKind.STEP)
        changes = self._relation.changes
        broken = [_Goal(j.name, solver.both(changes, j.broken), j, False, about_step=True) for j in judgements]
        return broken + _expression_failures(judgements, changes, about_step=True)

    def _goals_about_failing_steps(self) -> list[_Goal]:
        return [_Goal(kind.value, fails, None) for kind, fails in self._relation.fails.items() if fails is not False]


def _expression_failures(judgements: list[Judgement], where: Bit, *, about_step: bool = False) -> list[_Goal]:
    return [
        _Goal(kind.value, solver.both(where, fails), judgement, None, about_step)
        for judgement in judgements
        for kind, fails in judgement.fails.items()
    ]


class _Stage:
    """A state of the unrolled system, and what is chosen in it: the variables in the place of the relation's."""

    def __init__(self, relation: Relation, number: int) -> None:
        self._relation = relation
        layout = relation.layout
        self.state: SymbolicState = layout.fresh(str(number))
        last = max(0, len(relation.courses) - 1)
        self.choice: Number = as_number(variable(f"{number}.transition", IntSort(0, last), layout.numbers))
        self.values: list[tuple[SymbolicValue, ...]] = relation.fresh_bindings(str(number))
        self._instance: Substitution | None = None

    def leads_to(self, following: _Stage) -> None:
        self._instance = Substitution(
            self._pairs() + self._relation.layout.renaming(self._relation.next, following.state)
        )

    def instance(self, bit: Bit) -> Bit:
        """What the relation says, of this state and, once it leads to one, the next."""
        if self._instance is None:
            return Substitution(self._pairs())(bit)
        return self._instance(bit)

    def _pairs(self) -> list[tuple[Term, Term]]:
        relation = self._relation
        pairs = relation.layout.renaming(relation.now, self.state)
        pairs += zip(terms(relation.choice), terms(self.choice), strict=True)
        for course, values in zip(relation.courses, self.values, strict=True):
            for old, new in zip(course.values, values, strict=True):
                pairs += zip(terms(old), terms(new), strict=True)
        return pairs
