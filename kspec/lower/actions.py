"""Actions and their transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import KindType
from kspec.lower import build, names
from kspec.lower.body import BodyLowering, bind_variables
from kspec.lower.expressions import key_variables
from kspec.lower.faults.hidden import begin, unit_of_instance
from kspec.lower.path import Path
from kspec.lower.problems import Problem
from kspec.lower.views.waiting import wait_for_own_writes
from kspec.system.expressions import Expr, Order, Read
from kspec.system.sorts import IntSort, Sort
from kspec.system.system import Role as VariableRole
from kspec.system.system import Variable
from kspec.system.transitions import Action, Fairness, FairnessStrength, Role, UnitPart

if TYPE_CHECKING:
    from kspec.lower.context import Context
    from kspec.lower.expressions import ExpressionLowering


Item: TypeAlias = checked.Action | checked.Process


def describe_item(context: Context, component: checked.Component, action: Item, *, first: int | None = None) -> Action:
    """What reports and fairness need to know of an action, or of the beginning of a process. `first`: how many values
    its transitions bind before the parameters, where that is more than the component's instance."""
    budget = () if action.budget is None else (action.budget.span,)
    clauses = (*(guard.span for guard in action.guards), *budget)
    instance = None
    if component.instance is not None and isinstance(component.instance.type, KindType):
        instance = component.instance.type.name
    before = len(_instance(component)) if first is None else first
    fairness = _fairness(context, component, action, before)
    return Action(component.name, action.name, instance, fairness, clauses, action.span)


def lower_action(lowering: ExpressionLowering, component: checked.Component, action: checked.Action) -> list[Path]:
    """One path for each way through the action's body."""
    path = begin(lowering.context, component)
    wait_for_own_writes(path)
    bind_and_guard(lowering, path, component, action)
    body = BodyLowering(lowering, action.name, action.body, action.span)
    return body.run(action.body, path)


def bind_and_guard(lowering: ExpressionLowering, path: Path, component: checked.Component, action: Item) -> None:
    """The parameters, the `when` clauses and the budget."""
    bind_variables(lowering, path, action.parameters, Role.PARAMETER)
    for clause, guard in enumerate(action.guards):
        if action.fairness is None:
            path.guard(lowering.lower(guard.condition, path.scope()), clause, guard.span)
        else:  # its clauses explain the loops in which it is not taken
            condition, wording = lowering.lower_with_wording(guard.condition, path.scope())
            path.guard(condition, clause, guard.span, wording)
    if action.budget is not None:
        _spend_budget(path, component, action, action.budget)


def budget_variable(context: Context, component: checked.Component, action: Item, budget: checked.Budget) -> Variable:
    """The counter of a budget: how often the action was taken, in all or for each binding."""
    limit = context.number(budget.limit)
    if limit < 0:
        raise Problem(Code.KS602, f"a budget of {limit}", budget.span, "a budget is how often it may happen: 0 or more")
    index: tuple[Sort, ...] = ()
    if budget.each:
        index = tuple(_element(context, variable) for variable in (*_instance(component), *action.parameters))
    name = names.budget(component.name, action.name)
    return Variable(name, index, IntSort(0, limit), VariableRole.BUDGET, span=budget.span)


def _spend_budget(path: Path, component: checked.Component, action: Item, budget: checked.Budget) -> None:
    counter = path.context.variables[names.budget(component.name, action.name)]
    assert isinstance(counter.sort, IntSort)
    assert counter.sort.hi is not None
    index: tuple[Expr, ...] = ()
    if budget.each:
        index = tuple(path.locals[variable.local.id] for variable in (*_instance(component), *action.parameters))
    count = Read(counter.name, index, counter.sort)
    path.guard(build.compare(Order.LESS, count, build.number(counter.sort.hi)), len(action.guards), budget.span)
    path.write(counter.name, index, build.add(count, build.number(1)))


def _instance(component: checked.Component) -> tuple[checked.Variable, ...]:
    if component.instance is None:
        return ()
    return (checked.Variable(component.instance, checked.AllOf(component.instance.type, component.span)),)


def _element(context: Context, variable: checked.Variable) -> Sort:
    """The sort of a parameter: of one that ranges over a set, that of the set's members."""
    return context.sort(variable.local.type, variable.domain.span)


def _fairness(context: Context, component: checked.Component, action: Item, first: int) -> Fairness | None:
    """`first`: the position of the first parameter among what is bound."""
    declared = action.fairness
    if declared is None:
        return None
    strength = FairnessStrength.STRONG if declared.strong else FairnessStrength.WEAK
    if declared.unit is None:
        return Fairness(strength)
    wanted = {local.id for local in declared.unit}
    parts = tuple(
        UnitPart(bind, _keys(context, variable.local) if declared.key else ())
        for bind, variable in enumerate(action.parameters, start=first)
        if variable.local.id in wanted
    )
    return Fairness(strength, (*unit_of_instance(component), *parts))


def _keys(context: Context, local: checked.Local) -> tuple[str, ...]:
    assert isinstance(local.type, KindType)
    return key_variables(context, local.type.name)
