"""The passes of the checker, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from kspec.language import checked, tree
from kspec.language.checker.clusters import check_cluster
from kspec.language.checker.components import check_components, declare_components
from kspec.language.checker.context import Context
from kspec.language.checker.declarations import (
    check_consts,
    check_globals,
    check_kinds,
    check_quantities,
    declare_consts,
    declare_enums,
    declare_fields,
    declare_globals,
    declare_kinds,
)
from kspec.language.checker.definitions import collect_definitions
from kspec.language.checker.drafts import Draft, Drafter
from kspec.language.checker.expressions import ExpressionChecker
from kspec.language.checker.names import Names
from kspec.language.checker.overrides import override
from kspec.language.checker.properties import (
    check_expectations,
    check_patterns,
    check_properties,
    check_terminal,
)
from kspec.language.checker.reading import check_reading
from kspec.language.checker.requests import check_admissions, check_requests, declare_requests
from kspec.language.diagnostics import Diagnostic
from kspec.language.modules import Program
from kspec.system.spans import Span

IMPLICIT_CLUSTER = "default"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says: globs of cluster names (none: the first cluster; `all`: each) and overrides."""

    clusters: Sequence[str] = ()
    defines: Sequence[str] = ()
    scopes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """`model` is None where something is wrong. `selected`: the clusters that were asked for."""

    model: checked.Model | None
    selected: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def check_program(program: Program, asked: Asked) -> Checked:
    """Checks a program without syntax errors."""
    root = program.root
    assert root is not None
    context = Context(program, Names(program))
    context.diagnostics.extend(context.names.diagnostics)
    checker = ExpressionChecker(context)
    drafts, drafter = _declare(checker)
    selected = _select(drafts, asked.clusters)
    for name in selected:
        override(drafter, drafts[name], root.name, asked.defines, asked.scopes)
    model = _check(checker, drafts, selected)
    order = {module.name: number for number, module in enumerate(program.modules)}
    diagnostics = sorted(
        context.diagnostics, key=lambda found: (order.get(found.span.file, len(order)), found.span, found.code.name)
    )
    return Checked(None if diagnostics else model, selected, tuple(diagnostics))


def _declare(checker: ExpressionChecker) -> tuple[dict[str, Draft], Drafter]:
    """What every expression needs to know: the types of everything that is declared, and the objects of clusters."""
    context = checker.context
    declare_enums(checker)
    collect_definitions(checker)
    declare_kinds(checker)
    declare_consts(checker)
    declare_fields(checker)
    declare_globals(checker)
    declare_components(checker)
    declare_requests(checker)
    context.is_declared = True
    drafter = Drafter(context)
    drafts = drafter.collect()
    if not drafts and _stands_alone(context):
        root = context.program.root
        assert root is not None
        drafts[IMPLICIT_CLUSTER] = Draft(IMPLICIT_CLUSTER, root.name, Span(root.name, 1, 1, 1, 2))
    for name, draft in drafts.items():
        context.cluster_objects[name] = {item.name: item.kind for item in draft.objects.values()}
    return drafts, drafter


def _stands_alone(context: Context) -> bool:
    """Whether a model without a cluster can be checked as it is: it does something, has no kinds to fill, and no
    constant without a value."""
    does_something = any(info.actions for info in context.components.values())
    consts = [entity.node for entity in context.names.entities if isinstance(entity.node, tree.Const)]
    has_values = all(const.value is not None for const in consts)
    return does_something and has_values and all(kind.single for kind in context.kinds.values())


def _select(drafts: dict[str, Draft], globs: Sequence[str]) -> tuple[str, ...]:
    """The clusters that were asked for. That a glob fits none is for the caller to say: it may fit another file's."""
    if not globs:
        return tuple(drafts)[:1]
    return tuple(name for name in drafts if any(glob == "all" or fnmatchcase(name, glob) for glob in globs))


def _check(checker: ExpressionChecker, drafts: dict[str, Draft], selected: tuple[str, ...]) -> checked.Model:
    context = checker.context
    quantities = check_quantities(checker)
    consts = check_consts(checker)
    kinds = check_kinds(checker)
    variables = check_globals(checker)
    requests = check_requests(checker)
    components = check_components(checker)
    patterns = check_patterns(checker)
    properties = check_properties(checker, components)
    terminal, terminal_span = check_terminal(checker)
    root = context.program.root
    assert root is not None
    model = checked.Model(
        root.name,
        consts,
        variables,
        context.enums,
        quantities,
        kinds,
        checker.definitions.all(),
        components,
        requests,
        check_admissions(checker),
        properties,
        patterns,
        terminal,
        terminal_span,
        check_expectations(checker, properties, terminal is not None),
        _check_clusters(checker, drafts, selected),
        context.program.sources,
    )
    if not context.diagnostics:
        check_reading(context, model)
    return model


def _check_clusters(
    checker: ExpressionChecker, drafts: dict[str, Draft], selected: tuple[str, ...]
) -> dict[str, checked.Cluster]:
    """The clusters of the file itself, and those of its imports that are asked for. Another imported cluster need not
    be complete: it was made for its own file, and is left out where it is not."""
    context = checker.context
    root = context.program.root
    assert root is not None
    clusters = {}
    for name, draft in drafts.items():
        before = list(context.diagnostics)
        cluster = check_cluster(checker, draft)
        if context.diagnostics != before and draft.module != root.name and name not in selected:
            context.diagnostics[:] = before
            continue
        clusters[name] = cluster
    return clusters
