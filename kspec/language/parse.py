"""From text to the syntax tree, with all the syntax errors of the text.

A text is parsed as a whole. If that fails, it is split into its declarations, and each is parsed alone, so that an
error in one does not hide those of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lark import Token, Tree

from kspec.garbage import no_garbage_collection
from kspec.language import tree
from kspec.language.build import Builder
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.parse_errors import explain
from kspec.language.parse_recovery import component_items, declarations, too_deep_bracket
from kspec.language.parse_tokens import Failure, Part, parse_part, too_deep
from kspec.language.tokens import MAX_DIAGNOSTICS, scan


@dataclass(frozen=True, slots=True)
class Parsed:
    """`file` has every declaration without a syntax error."""

    file: tree.File
    diagnostics: tuple[Diagnostic, ...]


def parse_file(name: str, text: str) -> Parsed:
    """`name` is the file as messages show it."""
    with no_garbage_collection():
        scanned = scan(name, text)
        whole = Part(scanned.tokens, 0, len(scanned.tokens))
        deep = too_deep_bracket(whole)
        if deep is not None:
            return Parsed(tree.File(name, ()), (too_deep(name, whole.tokens[deep]),))
        builder = Builder(name, scanned.docs)
        outcome = parse_part(whole, "file")
        if not isinstance(outcome, Failure):
            found = builder.declarations(outcome)
            return Parsed(tree.File(name, found), _in_order((*scanned.diagnostics, *builder.problems())))
        good, errors = _parse_each(name, whole, builder)
        if not errors and not scanned.diagnostics:
            errors = explain(name, whole, outcome)
        told = _one_for_each_place(scanned.diagnostics, errors)
        return Parsed(tree.File(name, tuple(good)), _in_order((*told, *builder.problems())))


def parse_cluster_item(name: str, text: str) -> tuple[tree.ClusterItem | None, tuple[Diagnostic, ...]]:
    """A text such as `web.replicas = 2`; `name` is what messages call it."""
    parsed, builder, diagnostics = _parse_small(name, text, "cluster_item")
    if parsed is None:
        return None, diagnostics
    item = builder.cluster_item(parsed)
    return item, builder.problems()


def parse_expression(name: str, text: str) -> tuple[tree.Expr | None, tuple[Diagnostic, ...]]:
    """`name` is what messages call the text."""
    parsed, builder, diagnostics = _parse_small(name, text, "expression")
    if parsed is None:
        return None, diagnostics
    expression = builder.expression(parsed)
    return expression, builder.problems()


def _parse_small(name: str, text: str, rule: str) -> tuple[Tree[Token] | None, Builder, tuple[Diagnostic, ...]]:
    """A text that is one construct; its tree is None if there are diagnostics."""
    scanned = scan(name, text)
    builder = Builder(name, scanned.docs)
    part = Part(scanned.tokens, 0, len(scanned.tokens))
    deep = too_deep_bracket(part)
    if scanned.diagnostics or deep is not None:
        return None, builder, scanned.diagnostics or (too_deep(name, part.tokens[deep or 0]),)
    outcome = parse_part(part, rule)
    if isinstance(outcome, Failure):
        return None, builder, tuple(explain(name, part, outcome))
    return outcome, builder, ()


def _parse_each(name: str, whole: Part, builder: Builder) -> tuple[list[tree.Declaration], list[Diagnostic]]:
    """The declarations that follow the grammar, and the errors of the others."""
    found: list[tree.Declaration] = []
    errors: list[Diagnostic] = []
    for part in declarations(whole):
        outcome = parse_part(part, "file")
        if isinstance(outcome, Failure):
            errors.extend(_errors(name, part, outcome))
            if len(errors) >= MAX_DIAGNOSTICS:
                break
        else:
            found.extend(builder.declarations(outcome))
    return found, errors


def _errors(name: str, declaration: Part, failure: Failure) -> list[Diagnostic]:
    """The errors of each item of a component, else the one error of a declaration."""
    items = component_items(declaration)
    if items and failure.index >= items[0].start:
        outcomes = [(item, parse_part(item, "component_items")) for item in items]
        failures = [(item, outcome) for item, outcome in outcomes if isinstance(outcome, Failure)]
        if failures:
            return [error for item, outcome in failures for error in explain(name, item, outcome)]
    return explain(name, declaration, failure)


def _one_for_each_place(scanned: Sequence[Diagnostic], errors: Sequence[Diagnostic]) -> list[Diagnostic]:
    """A sign of another language may also be wrong in its place: that is told only where there is advice for it."""
    signs = {_start(diagnostic) for diagnostic in scanned}
    kept = [error for error in errors if _start(error) not in signs or (error.code is Code.KS006 and error.hint)]
    better = {_start(error) for error in kept}
    return [*(diagnostic for diagnostic in scanned if _start(diagnostic) not in better), *kept]


def _start(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.span.line, diagnostic.span.column


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.span))[:MAX_DIAGNOSTICS]
