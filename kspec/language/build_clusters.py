"""Clusters."""

from __future__ import annotations

from lark import Token

from kspec.language import tree
from kspec.language.build_declarations import DeclarationBuilder
from kspec.system.spans import Span


class ClusterBuilder(DeclarationBuilder):
    def cluster(
        self, span: Span, name: tree.Name, extends: tree.Path | None, items: tuple[tree.ClusterItem, ...]
    ) -> tree.Declaration:
        return tree.Cluster(name, extends, items, self.doc, span)

    def cluster_items(self, _span: Span, *items: tree.ClusterItem) -> tuple[tree.ClusterItem, ...]:
        return items

    def cluster_assign(self, span: Span, path: tree.Path, value: tree.ClusterValue) -> tree.ClusterItem:
        return tree.ClusterAssign(path, value, span)

    def cluster_objects(
        self, span: Span, kind: tree.Path, names: tuple[tree.Name, ...], fields: tuple[tree.FieldValue, ...] | None
    ) -> tree.ClusterItem:
        return tree.ClusterObjects(kind, names, fields or (), span)

    def cluster_single(self, span: Span, kind: tree.Path, fields: tuple[tree.FieldValue, ...]) -> tree.ClusterItem:
        return tree.ClusterSingle(kind, fields, span)

    def cluster_fields(self, _span: Span, *fields: tree.FieldValue) -> tuple[tree.FieldValue, ...]:
        return fields

    def cluster_field(self, span: Span, path: tree.Path, value: tree.ClusterValue) -> tree.FieldValue:
        return tree.FieldValue(path, value, span)

    def cluster_room(self, span: Span, kind: tree.Path, limit: tree.Expr, quota: Token | None) -> tree.ClusterItem:
        return tree.ClusterRoom(kind, limit, quota is not None, span)

    def cluster_exactly(self, span: Span, kind: tree.Path, number: tree.Expr) -> tree.ClusterItem:
        return tree.ClusterExactly(kind, number, span)

    def cluster_initially(self, span: Span, condition: tree.Expr) -> tree.ClusterItem:
        return tree.ClusterInitially(condition, span)

    def cluster_remove(self, span: Span, paths: tuple[tree.Path, ...]) -> tree.ClusterItem:
        return tree.ClusterRemove(paths, span)

    def cluster_enable(self, span: Span, paths: tuple[tree.Path, ...]) -> tree.ClusterItem:
        return tree.ClusterSwitch(True, paths, span)

    def cluster_disable(self, span: Span, paths: tuple[tree.Path, ...]) -> tree.ClusterItem:
        return tree.ClusterSwitch(False, paths, span)

    def any_of(self, span: Span, type: tree.Type) -> tree.ClusterValue:
        return tree.AnyOf(type, span)

    def any_in(self, span: Span, values: tuple[tree.Expr, ...]) -> tree.ClusterValue:
        return tree.AnyIn(values, span)
