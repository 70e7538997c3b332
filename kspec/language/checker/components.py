"""Components and their actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.binders import check_groups
from kspec.language.checker.clauses import check_clauses
from kspec.language.checker.context import ComponentInfo, DefInfo, ItemInfo, VariableInfo
from kspec.language.checker.declarations import require_map_for_objects
from kspec.language.checker.names import ENVIRONMENT
from kspec.language.checker.narrowing import when_true
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.statements import BodyChecker, Setting
from kspec.language.checker.type_nodes import resolve_stored_type, resolve_type
from kspec.language.checker.typing import describe
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean
from kspec.language.types import ErrorType, KindType

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def declare_components(checker: ExpressionChecker) -> None:
    """What every component declares, its clauses included. The blocks called `environment` are one."""
    for module in checker.context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Component):
                _declare_component(checker, module.name, node)


def _declare_component(checker: ExpressionChecker, module: str, node: tree.Component) -> None:
    context = checker.context
    is_environment = node.name.text == ENVIRONMENT
    name = ENVIRONMENT if is_environment else context.names.qualified(module, node.name.text)
    info = context.components.get(name)
    if info is None:
        info = ComponentInfo(name, _instance(checker, module, node), {}, {}, {}, [], node, module)
        context.components[name] = info
    elif not is_environment:
        return  # a second declaration, reported where names are collected
    for item in node.items:
        _declare_item(checker, module, info, item)


def _instance(checker: ExpressionChecker, module: str, node: tree.Component) -> checked.Local | None:
    if node.per is None:
        return None
    type = resolve_type(checker, module, node.per.type)
    if not isinstance(type, KindType | ErrorType):
        message = f"a component is `per` objects, not {describe(type)}"
        checker.context.report(Code.KS203, message, node.per.type.span, "take a kind")
    elif isinstance(type, KindType) and checker.context.kinds[type.name].single:
        message = f"`{type.name}` has one object"
        checker.context.report(Code.KS203, message, node.per.type.span, "remove `per …`")
    _, local = checker.bind(Scope(module, Purpose.ACTION, {}), node.per.name, type)
    return local


def _declare_item(checker: ExpressionChecker, module: str, info: ComponentInfo, item: tree.ComponentItem) -> None:
    if isinstance(item, tree.Clause):
        info.clauses.append((module, item))
        return
    name = item.name.text
    known: tree.Action | tree.Process | tree.Var | tree.Def | None = None
    if name in info.actions:
        known = info.actions[name].node
    elif name in info.variables:
        known = info.variables[name].node
    elif name in info.definitions:
        known = checker.context.def_infos[info.definitions[name]].node
    if known is not None:
        related = ((known.name.span, "the other"),)
        message = f"`{info.name}` declares `{name}` twice"
        checker.context.report(Code.KS102, message, item.name.span, "rename one of them", related)
        return
    match item:
        case tree.Action() | tree.Process():
            info.actions[name] = ItemInfo(item, module)
        case tree.Var():
            _report_hidden(checker, module, item.name)
            info.variables[name] = VariableInfo(resolve_stored_type(checker, module, item.type), item.ghost, item)
        case tree.Def():
            _report_hidden(checker, module, item.name)
            qualified = f"{info.name}.{name}"
            info.definitions[name] = qualified
            checker.context.def_infos[qualified] = DefInfo(qualified, item, module, info.name)
            if item.modifier is not None:
                message = "a component's definition cannot be open or an override"
                checker.context.report(Code.KS109, message, item.span, "declare it outside the component")


def _report_hidden(checker: ExpressionChecker, module: str, name: tree.Name) -> None:
    known = checker.context.names.namespace(module).entities.get(name.text)
    if known is not None:
        related = ((known.node.name.span, "the other declaration"),)
        message = f"`{name.text}` is also the name of a {known.what}"
        checker.context.report(Code.KS102, message, name.span, "rename one of them", related)


def check_components(checker: ExpressionChecker) -> dict[str, checked.Component]:
    return {name: _check_component(checker, info) for name, info in checker.context.components.items()}


def _check_component(checker: ExpressionChecker, info: ComponentInfo) -> checked.Component:
    variables = tuple(_check_variable(checker, info, name) for name in info.variables)
    scope = _scope(info, info.module, Purpose.ACTION)
    clauses = check_clauses(checker, info, scope, [clause for _, clause in info.clauses])
    actions, processes = [], []
    for item in info.actions.values():
        if isinstance(item.node, tree.Process):
            processes.append(_check_process(checker, info, item, item.node))
        else:
            actions.append(_check_action(checker, info, item))
    return checked.Component(
        info.name, info.instance, variables, tuple(actions), tuple(processes), clauses, info.node.name.span
    )


def _scope(info: ComponentInfo, module: str, purpose: Purpose) -> Scope:
    scope = Scope(module, purpose, {}, component=info.name, instance=info.instance)
    return scope if info.instance is None else scope.bind(info.instance)


def _check_variable(checker: ExpressionChecker, info: ComponentInfo, name: str) -> checked.StateVariable:
    variable = info.variables[name]
    scope = _scope(info, info.module, Purpose.INITIAL)
    initial = checker.want(scope, variable.node.value, variable.type, f"`{name}`")
    require_map_for_objects(checker, f"{info.name}.{name}", variable.type, initial)
    node = variable.node
    return checked.StateVariable(name, variable.type, initial, node.ghost, node.durable, node.name.span)


def _check_action(checker: ExpressionChecker, info: ComponentInfo, item: ItemInfo) -> checked.Action:
    node = item.node
    assert isinstance(node, tree.Action)
    head = _check_head(checker, info, item, node)
    body = BodyChecker(checker, head.scope).block(node.body)
    return checked.Action(
        node.name.text, head.parameters, head.guards, head.budget, head.fairness, node.atomic, body, node.name.span
    )


def _check_process(
    checker: ExpressionChecker, info: ComponentInfo, item: ItemInfo, node: tree.Process
) -> checked.Process:
    head = _check_head(checker, info, item, node)
    workers = None
    if node.workers is not None:
        workers = checker.number(Scope(item.module, Purpose.CONSTANT, {}), node.workers, "`workers`")
    body = BodyChecker(checker, head.scope, Setting.PROCESS).block(node.body)
    return checked.Process(
        node.name.text, head.parameters, workers, head.guards, head.budget, head.fairness, body, node.name.span
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the body of an action or a process; `scope` is what the body sees."""

    scope: Scope
    parameters: tuple[checked.Variable, ...]
    guards: tuple[checked.Guard, ...]
    budget: checked.Budget | None
    fairness: checked.Fairness | None


def _check_head(
    checker: ExpressionChecker, info: ComponentInfo, item: ItemInfo, node: tree.Action | tree.Process
) -> _Head:
    scope = _scope(info, item.module, Purpose.ACTION)
    scope, parameters = check_groups(checker, scope, node.parameters)
    guards = []
    for guard in node.guards:
        condition = checker.condition(scope, guard, "`when`")
        scope = scope.knowing(when_true(condition))
        guards.append(checked.Guard(condition, guard.span))
    budget = None
    if node.budget is not None:
        limit = checker.number(Scope(item.module, Purpose.CONSTANT, {}), node.budget.limit, "a budget")
        budget = checked.Budget(limit, node.budget.each, node.budget.span)
    return _Head(scope, parameters, tuple(guards), budget, _fairness(checker, node, parameters))


def _fairness(
    checker: ExpressionChecker, node: tree.Action | tree.Process, parameters: tuple[checked.Variable, ...]
) -> checked.Fairness | None:
    """Without `per` and `overall`, a unit is a value of the first parameter that is an object; of a process, whose runs
    are told apart by all of them, a value of each."""
    fairness = node.fairness
    if fairness is None:
        return None
    locals = {variable.local.name: variable.local for variable in parameters}
    if fairness.unit is None and isinstance(node, tree.Process):
        return checked.Fairness(fairness.strong, tuple(variable.local for variable in parameters), False)
    if fairness.unit is None:
        first = next((local for local in locals.values() if isinstance(local.type, KindType)), None)
        return checked.Fairness(fairness.strong, () if first is None else (first,), False)
    if not fairness.unit:
        return checked.Fairness(fairness.strong, None, False)
    unit = []
    for name in fairness.unit:
        local = locals.get(name.text)
        if local is None:
            hint = did_you_mean(name.text, locals) or "name parameters of the action"
            message = f"`{node.name.text}` has no parameter `{name.text}`"
            checker.context.report(Code.KS304, message, name.span, hint)
            continue
        if fairness.key and not _has_key(checker, local):
            message = f"`{name.text}` is no object with a key"
            checker.context.report(Code.KS304, message, name.span, "write `fair per` without `key`")
            continue
        unit.append(local)
    return checked.Fairness(fairness.strong, tuple(unit), fairness.key)


def _has_key(checker: ExpressionChecker, local: checked.Local) -> bool:
    return isinstance(local.type, KindType) and bool(checker.context.kinds[local.type.name].keys)
