"""One step of a system as a formula: the encoding that bounded model checking and induction share.

It is over two states of which nothing is known, `now` and `next`, a number that says which transition is taken, and a
variable for every local that a transition binds. Engines put other variables in their place as they need them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

from kspec.evaluate.run import Taken
from kspec.symbolic import solver
from kspec.symbolic.expressions import Encoder, Failures
from kspec.symbolic.settling import Settling
from kspec.symbolic.solver import Assignment, Bit, Number
from kspec.symbolic.states import Layout, SymbolicState
from kspec.symbolic.transitions import Course, apply, open_binding, some_binding
from kspec.symbolic.values import SymbolicValue, as_number, decode, literal, variable
from kspec.system.expressions import Expr, FailureKind
from kspec.system.properties import PropertyKind
from kspec.system.sorts import IntSort
from kspec.system.system import Place, System
from kspec.system.transitions import Bind, Write


@dataclass(frozen=True, slots=True)
class Judgement:
    """An expression of a property: its value, and when it fails, in which case the value means nothing."""

    name: str
    value: Bit
    fails: dict[FailureKind, Bit]

    @property
    def failing(self) -> Bit:
        return solver.disjunction(self.fails.values())

    @property
    def holds(self) -> Bit:
        return solver.both(self.value, solver.negate(self.failing))

    @property
    def broken(self) -> Bit:
        return solver.negate(solver.either(self.value, self.failing))


@dataclass(frozen=True, slots=True)
class Initial:
    """The initial states: `state` where `condition` holds. `fails`: where an `initially` fails, which is no state."""

    state: SymbolicState
    condition: Bit
    fails: dict[FailureKind, Bit]


class Relation:
    """The steps, initial states and properties of a system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.layout = Layout(system)
        self.settling = Settling(self.layout)
        self.now = self.layout.fresh("now")
        self.next = self.layout.fresh("next")
        last = max(0, len(system.transitions) - 1)
        self.choice: Number = as_number(variable("transition", IntSort(0, last), self.layout.numbers))
        self.courses = tuple(
            open_binding(self.layout, self.now, transition, f"bound.{number}")
            for number, transition in enumerate(system.transitions)
        )
        self._fits: list[Bit] = []
        self._settled = self._after()

    # --- steps -----------------------------------------------------------------------------------------------------

    def chosen(self, transition: int) -> Bit:
        return self.layout.numbers.equal(self.choice, transition)

    @cached_property
    def step(self) -> Bit:
        """Whether the chosen transition is taken in `now` and leads to `next`."""
        values = self.layout.values
        going = [solver.implies(self.chosen(t), course.going()) for t, course in enumerate(self.courses)]
        arrives = (
            values.equal(self.next.at(place), values.stored(self._settled.at(place), self.layout.sort(place)))
            for place in self.layout.stored_places
        )
        return solver.conjunction([self._some_choice, *going, *arrives])

    @property
    def _some_choice(self) -> Bit:
        if not self.courses:
            return False
        return self.layout.numbers.within(self.choice, IntSort(0, len(self.courses) - 1))

    def _after(self) -> SymbolicState:
        """The state that the chosen transition leads to; notes whether its values fit into the variables."""
        state = self.now
        for number, (transition, course) in enumerate(zip(self.system.transitions, self.courses, strict=True)):
            effects = course.effects(transition.writes)
            state = apply(self.layout, state, effects, self.chosen(number))
            for effect in effects:
                fits = self.layout.values.belongs(effect.value, self.layout.sort(effect.place))
                self._fits.append(solver.implies(solver.both(self.chosen(number), effect.condition), fits))
        return self.settling.settled(state)

    @cached_property
    def fits(self) -> Bit:
        """Whether every value that the chosen transition writes is one of its variable's."""
        return solver.conjunction(self._fits)

    @cached_property
    def changes(self) -> Bit:
        """Whether the step changes the state."""
        return solver.negate(self.layout.equal(self.now, self.next))

    @cached_property
    def fails(self) -> dict[FailureKind, Bit]:
        """Whether the chosen transition fails in `now`."""
        return {
            kind: self._of_chosen([solver.disjunction(course.failing[kind]) for course in self.courses])
            for kind in FailureKind
        }

    @cached_property
    def blocked(self) -> Bit:
        """Whether the chosen transition finds no room in `now`."""
        return self._of_chosen([solver.disjunction(course.blocked) for course in self.courses])

    def _of_chosen(self, bits: list[Bit]) -> Bit:
        if all(bit is False for bit in bits):
            return False
        chosen = solver.disjunction(solver.both(self.chosen(number), bit) for number, bit in enumerate(bits))
        return solver.both(self._some_choice, chosen)

    @cached_property
    def quiet(self) -> Bit:
        """Whether in `now` nothing can happen: no binding is taken, fails or finds no room."""
        return solver.negate(
            solver.disjunction(
                some_binding(Course(Encoder(self.layout, self.now)), transition.steps, Course.going, stops_count=True)
                for transition in self.system.transitions
            )
        )

    def fresh_bindings(self, name: str) -> list[tuple[SymbolicValue, ...]]:
        """For every transition, other variables for the locals it binds."""
        binds = [
            [step for step in transition.steps if isinstance(step, Bind)] for transition in self.system.transitions
        ]
        return [
            tuple(
                variable(f"{name}.bound.{number}.{i}", bind.local.sort, self.layout.numbers)
                for i, bind in enumerate(steps)
            )
            for number, steps in enumerate(binds)
        ]

    def taken(self, assignment: Assignment, choice: Number, values: list[tuple[SymbolicValue, ...]]) -> Taken:
        """What an assignment says is taken; `choice` and `values` stand for those of the relation."""
        number = assignment.number(choice)
        return Taken(number, tuple(decode(value, assignment) for value in values[number]))

    # --- what a step property asks about the step --------------------------------------------------------------------

    def by(self, actions: frozenset[int]) -> Bit:
        taken = (number for number, transition in enumerate(self.system.transitions) if transition.action in actions)
        return solver.disjunction(map(self.chosen, taken))

    def enabled(self, state: SymbolicState, action: int, instance: SymbolicValue | None) -> Bit:
        return solver.disjunction(
            some_binding(
                Course(Encoder(self.layout, state)),
                transition.steps,
                partial(self._changes_state, state, transition.writes),
                instance=instance,
            )
            for transition in self.system.transitions
            if transition.action == action
        )

    def _changes_state(self, state: SymbolicState, writes: tuple[Write, ...], course: Course) -> Bit:
        """Whether a binding that came to the end leads to a state that differs in more than ghost variables."""
        if course.going() is False:
            return False
        after = self.settling.settled(apply(self.layout, state, course.effects(writes)))
        return solver.both(course.going(), solver.negate(self.layout.equal(state, after, ghosts=False)))

    # --- initial states ----------------------------------------------------------------------------------------------

    @cached_property
    def initial(self) -> Initial:
        layout = self.layout
        places = layout.constants()
        for stored in layout.stored:
            places[stored.name] = tuple(literal(value, stored.sort) for value in self.system.initial[stored.name])
        chosen: dict[Place, SymbolicValue] = {}
        allowed: list[Bit] = []
        for number, choice in enumerate(self.system.choices):
            sort = layout.sort(choice.place)
            value = chosen[choice.place] = variable(f"initial.{number}", sort, layout.numbers)
            allowed.append(layout.values.belongs(value, sort))
            if choice.values is not None:
                options = (layout.values.equal(value, literal(option, sort)) for option in choice.values)
                allowed.append(solver.disjunction(options))
        state = self.settling.settled(SymbolicState(places).replaced(chosen))
        return self._constrained(state, solver.conjunction(allowed))

    def _constrained(self, state: SymbolicState, allowed: Bit) -> Initial:
        """Conditions are evaluated in order, up to the first that is false."""
        encoder = Encoder(self.layout, state)
        encoder.path.append(allowed)
        for condition in self.system.initially:
            encoder.path.append(encoder.bit(condition))
        failures = encoder.failures
        admitted = solver.both(solver.conjunction(encoder.path), solver.negate(failures.some()))
        return Initial(state, admitted, _by_kind(failures))

    @cached_property
    def starts(self) -> Bit:
        """Whether `now` is an initial state."""
        return solver.both(self.initial.condition, self.layout.equal(self.now, self.initial.state))

    def starts_failing(self, kind: FailureKind) -> Bit:
        """Whether `now` would be an initial state, did no `initially` fail there."""
        fails = self.initial.fails.get(kind, False)
        return solver.both(fails, self.layout.equal(self.now, self.initial.state))

    # --- properties --------------------------------------------------------------------------------------------------

    def judged(self, kind: PropertyKind) -> list[Judgement]:
        """The properties of a kind: of `now`, or, of steps, from `now` to `next`."""
        old_new = (self.next, self.now) if kind is PropertyKind.STEP else (self.now, None)
        return [
            self._judgement(judged.name, judged.expression, *old_new)
            for judged in self.system.properties
            if judged.kind is kind and judged.expression is not None
        ]

    def judgement(self, name: str, expression: Expr) -> Judgement:
        """An expression about `now`."""
        return self._judgement(name, expression, self.now, None)

    def _judgement(self, name: str, expression: Expr, new: SymbolicState, old: SymbolicState | None) -> Judgement:
        encoder = Encoder(self.layout, new, old, None if old is None else self)
        return Judgement(name, encoder.bit(expression), _by_kind(encoder.failures))


def _by_kind(failures: Failures) -> dict[FailureKind, Bit]:
    return {kind: fails for kind in FailureKind if (fails := failures.first(kind)) is not False}
