"""Properties, patterns, assumptions and expectations."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_type
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean, near_or_known
from kspec.language.types import KindType, TemporalType
from kspec.language.walk import statements, subexpressions
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker

IMPLICIT = ("Ranges", "LiveReferences", "Asserts", "Deadlock")

_PURPOSES = {
    "invariant": Purpose.STATE_PROPERTY,
    "reachable": Purpose.STATE_PROPERTY,
    "recoverable": Purpose.STATE_PROPERTY,
    "step": Purpose.STEP_PROPERTY,
    "property": Purpose.TEMPORAL_PROPERTY,
    "assume": Purpose.TEMPORAL_PROPERTY,
}


def check_properties(
    checker: ExpressionChecker, components: dict[str, checked.Component]
) -> dict[str, checked.Property]:
    result: dict[str, checked.Property] = {}
    changing = _changing_kinds(components)
    for module in checker.context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Property | tree.Assume):
                found = _check_property(checker, module.name, node)
                if module is checker.context.program.root:
                    _report_no_such_cluster(checker, found.only_in, node.name.span)
                if _is_new(checker, result, node):
                    result[found.name] = found
                if found.kind in ("property", "assume"):
                    _report_inner_quantifiers(checker, found.body, changing)
    return result


def _report_no_such_cluster(checker: ExpressionChecker, glob: str | None, span: Span) -> None:
    """What is said only of clusters that there are not would never be looked at."""
    clusters = list(checker.context.cluster_objects)
    if glob is None or not clusters or any(fnmatchcase(name, glob) for name in clusters):
        return
    hint = did_you_mean(glob, clusters) or f"the clusters are {', '.join(clusters[:8])}"
    checker.context.report(Code.KS501, f"there is no cluster `{glob}`", span, hint)


def _is_new(checker: ExpressionChecker, known: dict[str, checked.Property], node: tree.Property | tree.Assume) -> bool:
    name = node.name.text
    if name in IMPLICIT:
        message = f"`{name}` is the name of a property that every model has"
        checker.context.report(Code.KS102, message, node.name.span, "take another name")
        return False
    if name in known:
        related = ((known[name].span, "the other"),)
        checker.context.report(Code.KS102, f"two properties `{name}`", node.name.span, "rename one of them", related)
        return False
    return True


def _check_property(checker: ExpressionChecker, module: str, node: tree.Property | tree.Assume) -> checked.Property:
    kind = "assume" if isinstance(node, tree.Assume) else node.kind
    only_in = None if isinstance(node, tree.Assume) else node.only_in
    cluster = only_in if only_in in checker.context.cluster_objects else None
    scope = Scope(module, _PURPOSES[kind], {}, cluster=cluster)
    if scope.purpose is Purpose.TEMPORAL_PROPERTY:
        body = checker.formula(scope, node.body)
    else:
        body = checker.condition(scope, node.body, f"`{node.name.text}`")
    return checked.Property(kind, node.name.text, only_in, body, node.name.span)


def check_patterns(checker: ExpressionChecker) -> dict[str, checked.Pattern]:
    result = {}
    for entity in checker.context.names.entities:
        node = entity.node
        if isinstance(node, tree.Pattern):
            scope = Scope(entity.module, Purpose.TEMPORAL_PROPERTY, {})
            parameters = []
            for parameter in node.parameters:
                scope, local = checker.bind(scope, parameter.name, resolve_type(checker, entity.module, parameter.type))
                parameters.append(local)
            body = checker.formula(scope, node.body)
            result[entity.name] = checked.Pattern(entity.name, tuple(parameters), body, node.name.span)
    _report_circles(checker, result)
    return result


def _report_circles(checker: ExpressionChecker, patterns: dict[str, checked.Pattern]) -> None:
    """Patterns that call each other in a circle: each circle once, at the call that closes it."""
    calls = {
        name: [part for part in subexpressions(pattern.body) if isinstance(part, checked.PatternCall)]
        for name, pattern in patterns.items()
    }
    done: set[str] = set()
    for start in patterns:
        path = [start]
        pending = [iter(calls[start])]
        while pending:
            call = next(pending[-1], None)
            if call is None:
                done.add(path.pop())
                pending.pop()
            elif call.pattern in path:
                circle = " → ".join([*path[path.index(call.pattern) :], call.pattern])
                message = f"`{call.pattern}` is defined by itself: {circle}"
                checker.context.report(Code.KS108, message, call.span, "a pattern cannot call itself")
            elif call.pattern not in done:
                path.append(call.pattern)
                pending.append(iter(calls[call.pattern]))


def _changing_kinds(components: dict[str, checked.Component]) -> set[str]:
    """The kinds that some action creates or deletes."""
    kinds = set()
    for component in components.values():
        for item in component.items:
            for statement in statements(item.body):
                match statement:
                    case checked.CreateStatement(checked.Create(kind)):
                        kinds.add(kind)
                    case checked.Assign(_, checked.Create(kind)) | checked.Let(_, checked.Create(kind)):
                        kinds.add(kind)
                    case checked.Delete(target) if isinstance(target.type, KindType):
                        kinds.add(target.type.name)
                    case _:
                        pass
    return kinds


def _report_inner_quantifiers(checker: ExpressionChecker, body: checked.Expr, changing: set[str]) -> None:
    """A temporal quantifier over objects that come and go is a `forall` at the head (language, section 6)."""
    while isinstance(body, checked.Quantified) and body.quantifier == "forall" and not _over_members(body):
        body = body.body
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, checked.Quantified) and isinstance(node.type, TemporalType):
            for variable in node.variables:
                type = variable.local.type
                if isinstance(type, KindType) and type.name in changing:
                    hint = f"write `forall {variable.local.name}: {type.name}:` at the head of the property"
                    message = f"{type.name} objects come and go, and this quantifier is not a `forall` at the head"
                    checker.context.report(Code.KS403, message, node.span, hint)
            stack.append(node.body)
        match node:
            case checked.Not(operand):
                stack.append(operand)
            case checked.Logical(_, left, right):
                stack.extend((right, left))
            case checked.Temporal(_, operands):
                stack.extend(reversed(operands))
            case checked.LetIn(_, _, inner):
                stack.append(inner)
            case checked.Conditional(_, then, otherwise):
                stack.extend((otherwise, then))
            case _:
                pass


def _over_members(quantified: checked.Quantified) -> bool:
    return any(isinstance(variable.domain, checked.MembersOf) for variable in quantified.variables)


def check_terminal(checker: ExpressionChecker) -> tuple[checked.Expr | None, Span | None]:
    """The condition of `terminal when`; several are alternatives."""
    result: checked.Expr | None = None
    span = None
    for module in checker.context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Terminal):
                scope = Scope(module.name, Purpose.STATE_PROPERTY, {})
                condition = checker.condition(scope, node.condition, "`terminal when`")
                result = condition if result is None else checked.Logical("or", result, condition, node.span)
                span = node.span
    return result, span


def check_expectations(
    checker: ExpressionChecker, properties: dict[str, checked.Property], has_terminal: bool
) -> tuple[checked.ExpectViolation | checked.ExpectCounts, ...]:
    """Only those of the file that was asked for: what it imports is checked on its own."""
    root = checker.context.program.root
    result: list[checked.ExpectViolation | checked.ExpectCounts] = []
    for node in root.file.declarations if root else ():
        if isinstance(node, tree.ExpectViolation | tree.ExpectCounts):
            _report_no_such_cluster(checker, node.only_in, node.span)
        if isinstance(node, tree.ExpectViolation):
            name = node.property.text
            if name not in properties and name not in IMPLICIT:
                hint = near_or_known(name, [*properties, *IMPLICIT])
                checker.context.report(Code.KS101, f"there is no property `{name}`", node.property.span, hint)
            elif name == "Deadlock" and not has_terminal:
                hint = "write `terminal when false` if no state may be the last"
                checker.context.report(Code.KS404, "nothing says which states may be the last", node.span, hint)
            elif name in properties and properties[name].kind == "assume":
                checker.context.report(
                    Code.KS404, "an assumption is not violated", node.property.span, "name a property"
                )
            result.append(checked.ExpectViolation(name, node.only_in, node.span))
        elif isinstance(node, tree.ExpectCounts):
            counts = _counts(checker, node)
            if counts is not None:
                result.append(counts)
    return tuple(result)


def _counts(checker: ExpressionChecker, node: tree.ExpectCounts) -> checked.ExpectCounts | None:
    plain, reduced = ("states", "transitions", "depth"), ("orbits", "orbit transitions")
    given: dict[str, int] = {}
    for count in node.counts:
        if count.name not in (*plain, *reduced):
            hint = did_you_mean(count.name, [*plain, *reduced]) or f"it counts {', '.join([*plain, *reduced])}"
            checker.context.report(Code.KS404, f"nothing counts `{count.name}`", count.span, hint)
            return None
        if count.name in given:
            checker.context.report(Code.KS306, f"`{count.name}` is given twice", count.span, "keep one of them")
            return None
        given[count.name] = count.number
    if any(name in reduced for name in given):
        if any(name in ("states", "transitions") for name in given):
            hint = "write two expectations"
            checker.context.report(Code.KS404, "states and orbits are counts of two graphs", node.span, hint)
            return None
        states, transitions = given.get("orbits"), given.get("orbit transitions")
        return checked.ExpectCounts(True, states, transitions, given.get("depth"), node.only_in, node.span)
    return checked.ExpectCounts(
        False, given.get("states"), given.get("transitions"), given.get("depth"), node.only_in, node.span
    )
