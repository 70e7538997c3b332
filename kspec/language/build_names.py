"""Names, paths, and what all builders share."""

from __future__ import annotations

from lark import Token
from lark.tree import Meta

from kspec.language import tree
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.tokens import token_span
from kspec.system.spans import NOWHERE, Span


def span_of(file: str, meta: Meta) -> Span:
    """NOWHERE for a part without text, such as an empty list of fields."""
    if meta.empty:
        return NOWHERE
    return Span(file, meta.line, meta.column, meta.end_line, meta.end_column)


class NameBuilder:
    """`doc` is the documentation comment before the part that is being built."""

    def __init__(self) -> None:
        self.file_name = ""
        self.doc: str | None = None
        self.diagnostics: list[Diagnostic] = []

    def name(self, _span: Span, word: Token) -> tree.Name:
        return self._name(word)

    def dotted(self, span: Span, first: tree.Name | tree.Path, member: Token | None = None) -> tree.Path:
        if member is None:
            assert isinstance(first, tree.Name)
            return tree.Path((first,), span)
        assert isinstance(first, tree.Path)
        return tree.Path((*first.parts, self._name(member)), span)

    def names(self, _span: Span, *names: tree.Name) -> tuple[tree.Name, ...]:
        return names

    def paths(self, _span: Span, *paths: tree.Path) -> tuple[tree.Path, ...]:
        return paths

    def action_paths(self, _span: Span, *paths: tree.Path) -> tuple[tree.Path, ...]:
        return paths

    def environment_path(self, span: Span, *members: Token) -> tree.Path:
        return tree.Path((self._environment(span), *map(self._name, members)), span)

    def _environment(self, span: Span) -> tree.Name:
        """The keyword that something begins with, as a name."""
        word = "environment"
        return tree.Name(word, Span(span.file, span.line, span.column, span.line, span.column + len(word)))

    def _name(self, word: Token) -> tree.Name:
        return tree.Name(word.strip("`"), token_span(self.file_name, word))

    def _refuse(self, message: str, span: Span, hint: str | None = None) -> None:
        self.diagnostics.append(Diagnostic(Code.KS006, message, span, hint))
