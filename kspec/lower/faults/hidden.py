"""Hidden actions: transitions that no text spells out. They are actions of the system like others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.types import KindType
from kspec.lower import build, names
from kspec.lower.actor import Actor
from kspec.lower.path import Path
from kspec.system.expressions import FALSE, Existing, Expr, Order, Read, Use
from kspec.system.meanings import FaultCount, Happens
from kspec.system.sorts import BOOL, IntSort, ObjectSort, Sort
from kspec.system.spans import NOWHERE, Span
from kspec.system.system import Role as VariableRole
from kspec.system.system import Variable
from kspec.system.transitions import Action, Fairness, FairnessStrength, Role, UnitPart

if TYPE_CHECKING:
    from kspec.lower.context import Context


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden action and the paths that it takes."""

    action: Action
    paths: tuple[Path, ...]


def describe(
    component: checked.Component,
    name: str,
    meaning: Happens,
    *,
    fair: bool,
    span: Span,
    each: tuple[UnitPart, ...] = (),
) -> Action:
    """Weakly fair for each instance of the component, and for what else `each` says, if at all."""
    instance = None
    if component.instance is not None and isinstance(component.instance.type, KindType):
        instance = component.instance.type.name
    fairness = None
    if fair:
        fairness = Fairness(FairnessStrength.WEAK, (*unit_of_instance(component), *each))
    return Action(component.name, name, instance, fairness, (), span, meaning)


def unit_of_instance(component: checked.Component) -> tuple[UnitPart, ...]:
    """Every instance of a component has units of its own: it is what a path binds first."""
    return () if component.instance is None else (UnitPart(0),)


def begin(context: Context, component: checked.Component) -> Path:
    """The path of one instance."""
    if component.instance is None:
        return Path(context, Actor(component, None))
    sort = context.sort(component.instance.type, component.span)
    assert isinstance(sort, ObjectSort)
    local = context.fresh(component.instance.name, sort)
    path = Path(context, Actor(component, Use(local)))
    path.bind(local, Existing(sort), Role.INSTANCE)
    path.locals[component.instance.id] = Use(local)
    path.remember_alive(Use(local))
    return path


def declare_budget(context: Context, component: checked.Component, budget: checked.Budget, name: str) -> Variable:
    """The counter of a fault: for all instances together, or for each."""
    limit = context.number(budget.limit)
    index: tuple[Sort, ...] = ()
    if budget.each and component.instance is not None:
        index = (context.sort(component.instance.type, component.span),)
    sort, meaning = IntSort(0, limit), FaultCount(component.name)
    counter = names.budget(component.name, name)
    return Variable(counter, index, sort, VariableRole.BUDGET, span=budget.span, meaning=meaning)


def spend(path: Path, budget: checked.Budget, name: str) -> None:
    component = path.actor.component
    counter = path.context.variables[names.budget(component.name, name)]
    assert isinstance(counter.sort, IntSort)
    assert counter.sort.hi is not None
    count = Read(counter.name, path.actor.index if counter.index else (), counter.sort)
    path.guard(build.compare(Order.LESS, count, build.number(counter.sort.hi)), None, budget.span)
    path.write(counter.name, path.actor.index if counter.index else (), build.add(count, build.number(1)))


def is_cut(path: Path) -> Expr:
    """Whether the instance is disconnected."""
    if path.actor.component.clauses.disconnects is None:
        return FALSE
    return Read(names.cut(path.actor.component.name), path.actor.index, BOOL)


def unless_cut(path: Path) -> None:
    path.guard(build.negate(is_cut(path)), None, NOWHERE)
