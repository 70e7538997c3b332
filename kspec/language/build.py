"""From the parser's tree to the syntax tree of `kspec.language.tree`.

Each rule and alias of the grammar is a method of one of the builders; its parameters are what the rule's parts built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lark import Token, Tree

from kspec.language import tree
from kspec.language.build_clusters import ClusterBuilder
from kspec.language.build_names import span_of
from kspec.language.diagnostics import Diagnostic


class Builder(ClusterBuilder):
    """Builds the parts of one file. `docs`: documentation comments by the position of the token they stand before."""

    def __init__(self, file: str, docs: Mapping[int, str]) -> None:
        super().__init__()
        self.file_name = file
        self.docs = docs

    def declarations(self, parsed: Tree[Token]) -> tuple[tree.Declaration, ...]:
        """Of what the grammar calls `file`."""
        return cast(tuple[tree.Declaration, ...], self._build(parsed))

    def cluster_item(self, parsed: Tree[Token]) -> tree.ClusterItem:
        return cast(tree.ClusterItem, self._build(parsed))

    def expression(self, parsed: Tree[Token]) -> tree.Expr:
        return cast(tree.Expr, self._build(parsed))

    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the text although it follows the grammar."""
        return tuple(self.diagnostics)

    def _build(self, root: Tree[Token]) -> object:
        """Children first, without recursion."""
        order = [root]
        for node in order:
            order.extend(child for child in node.children if isinstance(child, Tree))
        built: dict[int, object] = {}
        for node in reversed(order):
            parts = [built.pop(id(child)) if isinstance(child, Tree) else child for child in node.children]
            self.doc = None if node.meta.empty else self.docs.get(node.meta.start_pos)
            built[id(node)] = getattr(self, node.data)(span_of(self.file_name, node.meta), *parts)
        return built[id(root)]
