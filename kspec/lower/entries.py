"""Entries of maps for a new object: what the declared initial value says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.evaluate.walk import may_fail
from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower import build, names, quantifiers, staging
from kspec.lower.path import Path
from kspec.lower.problems import Problem
from kspec.lower.scope import Scope
from kspec.lower.shapes import always_fits
from kspec.lower.stored import message, store, widen
from kspec.system.expressions import TRUE, Binding, Expr, FailureKind, MapRead, MapWith, Read, Use
from kspec.system.sorts import MapSort, ObjectSort
from kspec.system.system import Variable
from kspec.system.transitions import ForEachCheck, Write

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def add_entries(lowering: ExpressionLowering, path: Path, kind: ObjectSort, item: Expr) -> None:
    """Gives every map that the text declares and that has objects of the kind as keys its entry for a new one."""
    for variable in list(lowering.context.variables.values()):
        if isinstance(variable.sort, MapSort) and variable.sort.key == kind and not variable.hidden:
            initial, owner = _declared(lowering, variable)
            if variable.index:
                _in_all_objects(lowering, path, variable, item, initial, owner)
            else:
                _in_one_place(lowering, path, variable, item, initial)


def _in_one_place(
    lowering: ExpressionLowering, path: Path, variable: Variable, item: Expr, initial: checked.Expr
) -> None:
    assert isinstance(variable.sort, MapSort)
    entry = _entry(lowering, initial, item, path.scope())
    stored = store(lowering, path, entry, variable.sort.value, f"an entry of {variable.name}", initial.span)
    before = Read(variable.name, (), variable.sort)
    held = path.evaluate(variable.name, staging.value_over(lowering.context, path.scope(), variable.name, (), before))
    path.write(variable.name, (), path.evaluate(variable.name, MapWith(held, item, stored, variable.sort)))


def _in_all_objects(
    lowering: ExpressionLowering,
    path: Path,
    variable: Variable,
    item: Expr,
    initial: checked.Expr,
    owner: checked.Local | None,
) -> None:
    """The map that each existing object has; the initial value of a component's may depend on the instance."""
    (of,) = variable.index
    assert isinstance(of, ObjectSort)
    assert isinstance(variable.sort, MapSort)
    ranged = quantifiers.existing(lowering, of.kind, of, quantifiers.Ranged((), TRUE, path.scope()))
    (binding,) = ranged.bindings
    at = Use(binding.local)
    scope = ranged.scope if owner is None else ranged.scope.bind(owner, at)
    entry = widen(_entry(lowering, initial, item, scope), variable.sort.value, initial.span)
    condition = build.conjunction(path.condition, ranged.filter)
    _check_entry(path, binding, condition, entry, variable, initial)
    held = staging.value_over(
        lowering.context, ranged.scope, variable.name, (at,), Read(variable.name, (at,), variable.sort)
    )
    value = MapWith(held, item, entry, variable.sort)
    path.writes.append(Write(variable.name, (at,), value, condition, (binding,)))


def _check_entry(
    path: Path, binding: Binding, condition: Expr, entry: Expr, variable: Variable, initial: checked.Expr
) -> None:
    assert isinstance(variable.sort, MapSort)
    if always_fits(entry.sort, variable.sort.value) and not may_fail(entry):
        return
    fits = build.within(entry, variable.sort.value)
    what = message(f"an entry of {variable.name}", variable.sort.value)
    path.steps.append(ForEachCheck((binding,), condition, fits, FailureKind.RANGES, what, initial.span))


def _entry(lowering: ExpressionLowering, initial: checked.Expr, key: Expr, scope: Scope) -> Expr:
    if isinstance(initial, checked.MapOf):
        return lowering.lower(initial.body, scope.bind(initial.key, key))
    held = lowering.lower(initial, scope)
    assert isinstance(held.sort, MapSort)
    return MapRead(held, key, held.sort.value)


def _declared(lowering: ExpressionLowering, variable: Variable) -> tuple[checked.Expr, checked.Local | None]:
    """The initial value that the text declares, and the local that stands for the component's instance in it."""
    model = lowering.context.model
    if variable.name in model.globals:
        return model.globals[variable.name].initial, None
    const = model.consts.get(variable.name)
    if const is not None and const.value is not None:
        return const.value, None
    for component in model.components.values():
        for declared in component.variables:
            if names.component_variable(component.name, declared.name) == variable.name:
                return declared.initial, component.instance
    for kind in model.kinds.values():
        for field in kind.fields:
            if names.field(kind.name, field.name) == variable.name and field.default is not None:
                return field.default, None
    assert isinstance(variable.sort, MapSort)
    assert isinstance(variable.sort.key, ObjectSort)
    key = variable.sort.key.kind
    text = f"objects of `{key}` are created, and nothing says what their entries in `{variable.name}` are"
    hint = f"give `{variable.name}` a default: `= map(x: {key}: …)`"
    raise Problem(Code.KS303, text, variable.span or model.kinds[key].span, hint)
