"""Definitions: each is checked once, when it is first called, so that what it uses is known to its callers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import Context, DefInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_type
from kspec.language.codes import Code
from kspec.language.types import ERROR, ErrorType, Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


@dataclass(slots=True)
class Definition:
    """`is_step`: it uses `old`, `by`, `writes` or `enabled`. `ghost`: a ghost variable that it reads. `sees`: it
    uses `seen by`. `connects`: it uses `connected`."""

    parameters: tuple[checked.Local, ...]
    result: Type
    body: checked.Expr | None = None
    is_step: bool = False
    ghost: str | None = None
    sees: bool = False
    connects: bool = False


@dataclass(slots=True)
class Definitions:
    context: Context
    checker: ExpressionChecker
    known: dict[str, Definition] = field(default_factory=dict)
    in_progress: list[str] = field(default_factory=list)

    def get(self, name: str, caller: Span) -> Definition:
        """The definition of that name, checked. A circle of definitions is reported at the call that closes it."""
        known = self.known.get(name)
        if known is None:
            return self._check(self.context.def_infos[name])
        if name in self.in_progress:
            circle = " → ".join([*self.in_progress[self.in_progress.index(name) :], name])
            message = f"`{name}` is defined by itself: {circle}"
            self.context.report(Code.KS108, message, caller, "a definition cannot call itself")
            return Definition(known.parameters, ERROR, erroneous(caller))
        return known

    def note_step(self) -> None:
        """The definition that is being checked is about steps."""
        self.known[self.in_progress[-1]].is_step = True

    def note_ghost(self, variable: str) -> None:
        """The definition that is being checked reads a ghost variable."""
        self.known[self.in_progress[-1]].ghost = variable

    def note_seen(self) -> None:
        """The definition that is being checked looks at a view."""
        self.known[self.in_progress[-1]].sees = True

    def note_connected(self) -> None:
        """The definition that is being checked asks whether a component is connected."""
        self.known[self.in_progress[-1]].connects = True

    def all(self) -> dict[str, checked.Def]:
        """Every definition, checked, in the order of the text."""
        result = {}
        for name, info in self.context.def_infos.items():
            found = self.get(name, info.node.name.span)
            body = found.body if found.body is not None else erroneous(info.node.span)
            result[name] = checked.Def(name, found.parameters, found.result, body, info.node.name.span)
        return result

    def _check(self, info: DefInfo) -> Definition:
        component = self.context.components[info.component] if info.component else None
        instance = component.instance if component else None
        # What a bound calls is checked before there are fields and variables to read: it has to be constant.
        purpose = Purpose.DEFINITION if self.context.is_declared else Purpose.CONSTANT
        scope = Scope(info.module, purpose, {}, component=info.component, instance=instance)
        parameters: list[checked.Local] = []
        if instance is not None:
            scope = scope.bind(instance)
            parameters.append(instance)
        for node in info.node.parameters:
            scope, local = self.checker.bind(scope, node.name, resolve_type(self.checker, info.module, node.type))
            parameters.append(local)
        result = resolve_type(self.checker, info.module, info.node.result)
        definition = Definition(tuple(parameters), result)
        self.known[info.name] = definition
        self.in_progress.append(info.name)
        definition.body = self.checker.want(scope, info.node.body, result, f"the result of `{info.node.name.text}`")
        self.in_progress.pop()
        return definition


def collect_definitions(checker: ExpressionChecker) -> None:
    """Fills `context.def_infos` with every definition, overrides put in place of what they replace."""
    context = checker.context
    for entity in context.names.entities:
        if isinstance(entity.node, tree.Def):
            context.def_infos[entity.name] = DefInfo(entity.name, entity.node, entity.module, None)
    overridden: dict[str, tree.Def] = {}
    for module in context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Def) and node.modifier == "override":
                _override(checker, module.name, node, overridden)


def _override(checker: ExpressionChecker, module: str, node: tree.Def, overridden: dict[str, tree.Def]) -> None:
    context = checker.context
    name = node.name.text
    entity = context.names.namespace(module).entities.get(name)
    if entity is None or not isinstance(entity.node, tree.Def):
        hint = context.names.hint(module, name) or "write `def` for a new definition"
        context.report(Code.KS109, f"there is no definition `{name}` to override", node.name.span, hint)
        return
    related = ((entity.node.name.span, "the definition"),)
    if entity.node.modifier != "open":
        message = f"`{name}` is not open to overrides"
        context.report(Code.KS109, message, node.name.span, "write `open def` where it is declared", related)
        return
    if entity.name in overridden:
        related = ((overridden[entity.name].name.span, "the other override"),)
        context.report(Code.KS102, f"`{name}` is overridden twice", node.name.span, "keep one of them", related)
        return
    overridden[entity.name] = node
    if not _same_signature(checker, entity.module, entity.node, module, node):
        message = f"this override of `{name}` has another signature"
        context.report(Code.KS109, message, node.name.span, "take the same parameter types and result", related)
        return
    context.def_infos[entity.name] = DefInfo(entity.name, node, module, None)


def _same_signature(checker: ExpressionChecker, old_module: str, old: tree.Def, new_module: str, new: tree.Def) -> bool:
    if len(old.parameters) != len(new.parameters):
        return False
    pairs = [(a.type, b.type) for a, b in zip(old.parameters, new.parameters, strict=True)]
    for old_type, new_type in [*pairs, (old.result, new.result)]:
        left, right = resolve_type(checker, old_module, old_type), resolve_type(checker, new_module, new_type)
        if left != right and not isinstance(left, ErrorType) and not isinstance(right, ErrorType):
            return False
    return True
