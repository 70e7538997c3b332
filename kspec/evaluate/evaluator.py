"""The evaluator: what a system means, one state and one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from kspec.evaluate.clauses import ClauseUses
from kspec.evaluate.frame import ACTION, NEW, OLD, Code, Scope
from kspec.evaluate.initial import InitialStates
from kspec.evaluate.layout import Layout
from kspec.evaluate.outcome import Outcome, Stepped
from kspec.evaluate.run import State, Taken
from kspec.evaluate.settle import Settler
from kspec.evaluate.transition import TransitionCode
from kspec.evaluate.translate.translator import Translator
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.system.transitions import Role

StateCode: TypeAlias = Callable[[State], Value]
StepCode: TypeAlias = Callable[[State, State, int], Value]

NO_LOCALS: Final[Mapping[Local, Value]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Translated:
    """The code of an expression that is given to the evaluator over and over, and the size of its frames."""

    expr: Expr
    """Kept so that its `id` stays its own."""
    code: Code
    scope: Scope

    def run(self, new: State, old: State | None, action: int | None, bound: Mapping[Local, Value] = NO_LOCALS) -> Value:
        positions = [self.scope.position(local) for local in bound]
        frame = self.scope.frame()
        frame[NEW], frame[OLD], frame[ACTION] = new, old, action
        for position, given in zip(positions, bound.values(), strict=True):
            frame[position] = given
        value: Value = self.code(frame)
        return value


class Evaluator:
    """Evaluates expressions and takes steps of one system. Translates every expression once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.layout = Layout(system)
        self._translator = Translator(self.layout, self._is_enabled)
        self._translated: dict[int, _Translated] = {}
        settler = Settler(system, self.layout)
        self._transitions = tuple(
            TransitionCode(system, number, self.layout, self._translator, settler)
            for number in range(len(system.transitions))
        )
        conditions = [self._condition(expr) for expr in system.initially]
        self.initial = InitialStates(system, self.layout, settler, conditions)
        self._ghosts = tuple(
            position for position, place in enumerate(self.layout.places) if self.layout.variables[place.variable].ghost
        )

    # --- states and steps --------------------------------------------------------------------------------------------

    def initial_states(self) -> Iterator[State]:
        """The initial states, in the order of the choices."""
        return (state for state in self.initial.candidates() if self.initial.admits(state))

    def outcomes(self, state: State, uses: ClauseUses | None = None) -> Iterator[Outcome]:
        """What can happen in a state, in the order of transitions and bindings. Notes the uses of clauses."""
        for transition in self._transitions:
            yield from transition.outcomes(state, None if uses is None else uses.rows[transition.action], {})

    def take(self, state: State, taken: Taken) -> Outcome | None:
        """What comes of one binding in a state, without enumerating others; None where it is disabled or is none.

        If the values end early, the outcome of the first binding that starts with them.
        """
        pinned = dict(enumerate(taken.values))
        return next(iter(self._transitions[taken.transition].outcomes(state, None, pinned)), None)

    def locals(self, state: State, taken: Taken) -> dict[Local, Value]:
        """The values of the locals of a step, as far as it gets: parameters, choices, and what it works out."""
        return self._transitions[taken.transition].locals(state, taken.values)

    def instance(self, taken: Taken) -> int | None:
        """The instance of the component whose step it is, if it has instances."""
        roles = self._transitions[taken.transition].roles
        if Role.INSTANCE not in roles:
            return None
        slot = taken.values[roles.index(Role.INSTANCE)]
        return slot if isinstance(slot, int) else None

    def _is_enabled(self, state: State, action: int, instance: Value) -> bool:
        """Whether some binding of an action changes a state, other than in ghost variables."""
        for transition in self._transitions:
            if transition.action == action:
                pinned = {} if instance is None else {transition.roles.index(Role.INSTANCE): instance}
                for outcome in transition.outcomes(state, None, pinned):
                    if isinstance(outcome, Stepped) and self.differs(state, outcome.state):
                        return True
        return False

    def differs(self, before: State, after: State) -> bool:
        """Whether two states differ in anything but ghost variables: such steps enable and take units of fairness."""
        if not self._ghosts or before == after:
            return before != after
        return self._without_ghosts(before) != self._without_ghosts(after)

    def _without_ghosts(self, state: State) -> list[Value]:
        values = list(state)
        for position in self._ghosts:
            values[position] = None
        return values

    # --- expressions -------------------------------------------------------------------------------------------------

    def state_value(self, expr: Expr, state: State, bound: Mapping[Local, Value] = NO_LOCALS) -> Value:
        """The value of a one-state expression whose free locals are `bound`. Raises EvaluationError where it fails."""
        return self._translate(expr).run(state, None, None, bound)

    def step_value(
        self, expr: Expr, old: State, new: State, action: int, bound: Mapping[Local, Value] = NO_LOCALS
    ) -> Value:
        """The value of a two-state expression whose free locals are `bound`, for a step by an action (its position)."""
        return self._translate(expr).run(new, old, action, bound)

    def state_code(self, expr: Expr) -> StateCode:
        """`state_value` of one expression."""
        run = self._translate(expr).run
        return lambda state: run(state, None, None)

    def step_code(self, expr: Expr) -> StepCode:
        """`step_value` of one expression."""
        run = self._translate(expr).run
        return lambda old, new, action: run(new, old, action)

    def _condition(self, expr: Expr) -> Callable[[State], bool]:
        value = self.state_code(expr)
        return lambda state: value(state) is True

    def _translate(self, expr: Expr) -> _Translated:
        found = self._translated.get(id(expr))
        if found is None:
            scope = Scope()
            found = self._translated[id(expr)] = _Translated(expr, self._translator.expression(expr, scope), scope)
        return found


_NOTHING = System(
    model="",
    cluster="",
    kinds=(),
    variables=(),
    initial={},
    choices=(),
    initially=(),
    actions=(),
    disabled=(),
    transitions=(),
    properties=(),
    expectations=(),
)


def evaluate_closed(expr: Expr) -> Value:
    """The value of an expression without state and free locals. Raises EvaluationError where it fails."""
    return Evaluator(_NOTHING).state_value(expr, ())
