"""Initial values and initial choices.

An initial value may read what has one itself: constants, fields of other objects, variables. The order follows from
what reads what; a circle is an error, and so is reading what is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import NumberType
from kspec.lower import names
from kspec.lower.choices import choose_any, choose_in
from kspec.lower.constants import outside
from kspec.lower.problems import Problem
from kspec.lower.scope import Scope
from kspec.lower.slots import present
from kspec.lower.stored import widen
from kspec.lower.walk import variables_read
from kspec.system.expressions import Expr, Literal
from kspec.system.sorts import MapSort, ObjectSort, Value, cardinality, fits, zero
from kspec.system.spans import Span
from kspec.system.system import ALIVE, FREE, InitialChoice, Place, Role, System, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context


@dataclass(frozen=True, slots=True)
class Given:
    """What the text says about the initial value of one place."""

    number: int
    value: checked.ClusterValue
    scope: Scope


@dataclass(frozen=True, slots=True)
class Initial:
    """The initial values of all variables by name, in order of places, and what is chosen."""

    values: dict[str, tuple[Value, ...]]
    choices: tuple[InitialChoice, ...]
    initially: tuple[Expr, ...]


@dataclass(slots=True)
class _Progress:
    """`values` of the variables that are done; `chosen` are those with a place that is chosen."""

    values: dict[str, list[Value]]
    done: set[str] = field(default_factory=set)
    choices: list[InitialChoice] = field(default_factory=list)
    initially: list[Expr] = field(default_factory=list)


class InitialValues:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.blank = {variable.name: _blank(context, variable) for variable in context.variables.values()}
        self.evaluator = Evaluator(_skeleton(context, self.blank))

    def compute(self) -> Initial:
        progress = _Progress({name: list(places) for name, places in self.blank.items()})
        waiting = {
            variable.name: [(given, self._lower(variable, given)) for given in self._given(variable)]
            for variable in self.context.variables.values()
        }
        while waiting:
            ready = [name for name, parts in waiting.items() if _reads(parts) <= progress.done]
            if not ready:
                raise self._circle(waiting, progress)
            for name in ready:
                self._settle(self.context.variables[name], waiting.pop(name), progress)
        values = {name: tuple(places) for name, places in progress.values.items()}
        return Initial(values, tuple(progress.choices), tuple(progress.initially))

    def _lower(self, variable: Variable, given: Given) -> Expr | None:
        """The value as an expression; None for a choice."""
        if isinstance(given.value, checked.AnyOf | checked.AnyIn):
            return None
        value = self.context.lowering.lower(given.value, given.scope)
        return widen(value, variable.sort, given.value.span)

    def _settle(self, variable: Variable, parts: list[tuple[Given, Expr | None]], progress: _Progress) -> None:
        chosen = False
        for given, expr in parts:
            if expr is None:
                chosen = True
                self._choose(variable, given, progress)
            else:
                value = self._evaluate(expr, given.value.span, progress)
                value = self._without_free_keys(variable, value)
                if not fits(value, variable.sort):
                    raise outside(f"`{variable.name}`", value, variable.sort, given.value.span)
                progress.values[variable.name][given.number] = value
        if not chosen:
            progress.done.add(variable.name)

    def _choose(self, variable: Variable, given: Given, progress: _Progress) -> None:
        place = Place(variable.name, given.number)
        match given.value:
            case checked.AnyIn(values, span):
                exprs = [
                    widen(self.context.lowering.lower(value, given.scope), variable.sort, value.span)
                    for value in values
                ]
                found = [self._evaluate(expr, span, progress) for expr in exprs]
                choice = choose_in(variable, place, found, span)
            case checked.AnyOf(type, span):
                bare = isinstance(type, NumberType) and type.bounds is None
                wanted = variable.sort if bare else self.context.sort(type, span)
                choice, within = choose_any(self.context, variable, place, wanted, span)
                progress.initially += within
            case _:
                raise AssertionError(f"no choice: {given.value}")
        progress.choices.append(choice)
        if choice.values:
            progress.values[variable.name][given.number] = choice.values[0]

    def _evaluate(self, expr: Expr, span: Span, progress: _Progress) -> Value:
        if isinstance(expr, Literal):
            return expr.value
        unknown = variables_read(expr) - progress.done
        if unknown:
            raise _unknown(min(unknown), span)
        state = tuple(value for name in self.context.variables for value in progress.values[name])
        try:
            return self.evaluator.state_value(expr, state)
        except EvaluationError as error:
            message = f"this cannot be computed: {error.failure.message}"
            raise Problem(Code.KS606, message, span, "write a value that is defined") from None
        except EnumerationTooLarge as error:
            raise Problem(Code.KS603, str(error), span) from None

    def _without_free_keys(self, variable: Variable, value: Value) -> Value:
        """A map has entries for slots without an object: they are `zero` of the place, whatever built the map."""
        if not isinstance(variable.sort, MapSort) or not isinstance(variable.sort.key, ObjectSort):
            return value
        assert isinstance(value, tuple)
        alive = present(self.context, variable.sort.key.kind)
        return (*value[:alive], *(zero(variable.sort.value),) * (len(value) - alive))

    def _circle(self, waiting: dict[str, list[tuple[Given, Expr | None]]], progress: _Progress) -> Problem:
        parts = next(iter(waiting.values()))
        given = next(given for given, expr in parts if expr is not None and variables_read(expr) - progress.done)
        other = min(_reads(parts) - progress.done)
        return _unknown(other, given.value.span)

    # --- what the text says ------------------------------------------------------------------------------------------

    def _given(self, variable: Variable) -> Iterator[Given]:
        model = self.context.model
        match variable.role:
            case Role.FIELD | Role.CONST_FIELD:
                yield from self._of_field(variable)
            case Role.COMPONENT:
                yield from self._of_component(variable)
            case Role.GLOBAL if variable.name not in model.globals and variable.name not in model.consts:
                pass  # a log or a bit that the language does not name
            case Role.GLOBAL | Role.CONSTANT:
                given = self.context.cluster_values.get(variable.name)
                if given is None and variable.name in model.globals:
                    given = model.globals[variable.name].initial
                elif given is None:
                    const = model.consts[variable.name]
                    given = const.value or checked.AnyOf(NumberType(), const.span)
                yield Given(0, given, Scope())
            case Role.STATUS | Role.BUDGET:
                pass

    def _of_field(self, variable: Variable) -> Iterator[Given]:
        (kind,) = variable.index
        assert isinstance(kind, ObjectSort)
        declared = next(
            item
            for item in self.context.model.kinds[kind.kind].fields
            if names.field(kind.kind, item.name) == variable.name
        )
        for slot in range(present(self.context, kind.kind)):
            item = self.context.objects.get(self.context.kind(kind.kind).slots[slot])
            given = dict(item.fields).get(declared.name) if item is not None else None
            value = given or declared.default
            if value is None:
                name = self.context.kind(kind.kind).slots[slot]
                span = item.span if item is not None else self.context.cluster.span
                hint = f"write `{kind.kind} {name} {{ {declared.name} = … }}`, or a default where it is declared"
                raise Problem(Code.KS503, f"nothing gives a value to `{name}.{declared.name}`", span, hint)
            if declared.modifier == "key" and isinstance(value, checked.AnyOf | checked.AnyIn):
                message = f"`{variable.name}` is a key, and keys cannot be chosen"
                raise Problem(Code.KS506, message, value.span, "write one value, or several clusters")
            yield Given(slot, value, Scope())

    def _of_component(self, variable: Variable) -> Iterator[Given]:
        for component in self.context.model.components.values():
            for declared in component.variables:
                if names.component_variable(component.name, declared.name) != variable.name:
                    continue
                if component.instance is None:
                    yield Given(0, declared.initial, Scope())
                    continue
                (kind,) = variable.index
                assert isinstance(kind, ObjectSort)
                for slot in range(present(self.context, kind.kind)):
                    yield Given(slot, declared.initial, Scope().bind(component.instance, Literal(slot, kind)))


def require_distinct_keys(context: Context, initial: Initial) -> None:
    """No two objects at the start have the same keys."""
    for kind in context.model.kinds.values():
        keys = [names.field(kind.name, item.name) for item in kind.fields if item.modifier == "key"]
        seen: dict[tuple[Value, ...], int] = {}
        for slot in range(present(context, kind.name) if keys else 0):
            own = tuple(initial.values[key][slot] for key in keys)
            other = seen.setdefault(own, slot)
            if other != slot:
                slots = context.kind(kind.name).slots
                item = context.objects.get(slots[slot])
                message = f"`{slots[other]}` and `{slots[slot]}` have the same key"
                span = item.span if item else context.cluster.span
                raise Problem(Code.KS605, message, span, "give each object a key of its own")


def _reads(parts: list[tuple[Given, Expr | None]]) -> set[str]:
    return {name for _, expr in parts if expr is not None for name in variables_read(expr)}


def _unknown(name: str, span: Span) -> Problem:
    hint = "an initial value may read what is fixed without it, and nothing that is chosen"
    return Problem(Code.KS606, f"this reads `{name}`, whose initial value is not known here", span, hint)


def _blank(context: Context, variable: Variable) -> tuple[Value, ...]:
    """The status of each slot at the start; of other variables, one value to be replaced for each place."""
    if variable.role is not Role.STATUS:
        return blank(variable)
    (kind,) = variable.index
    assert isinstance(kind, ObjectSort)
    alive = present(context, kind.kind)
    return (ALIVE,) * alive + (FREE,) * (kind.slots - alive)


def blank(variable: Variable) -> tuple[Value, ...]:
    """`zero` in every place of a variable."""
    return (zero(variable.sort),) * prod(cardinality(sort) or 0 for sort in variable.index)


def _skeleton(context: Context, blank: dict[str, tuple[Value, ...]]) -> System:
    """The kinds and variables, to evaluate initial values over states that are not complete yet."""
    return System(
        model=context.model.file,
        cluster=context.cluster.name,
        kinds=tuple(context.kind(name) for name in context.model.kinds),
        variables=tuple(context.variables.values()),
        initial=blank,
        choices=(),
        initially=(),
        actions=(),
        disabled=(),
        transitions=(),
        properties=(),
        expectations=(),
    )
