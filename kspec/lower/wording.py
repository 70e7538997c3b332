"""Notes, while properties are lowered, how their text writes what becomes of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from kspec.language import checked
from kspec.language.walk import EXPRESSIONS
from kspec.lower.build import is_atom
from kspec.lower.scope import Reader, Scope
from kspec.system.expressions import Expr, Moment, Unwrap
from kspec.system.sorts import BOOL
from kspec.system.spans import Span
from kspec.system.wording import Level, Phrase, Wording

_COMMENT: Final = re.compile(r"#.*")
_SPACE: Final = re.compile(r"\s+")
_MOST: Final = 10_000
"""Phrases of one property. Definitions that call others can make many more; nobody reads those."""
_CONNECTIVES: Final = {"or": Level.OR, "and": Level.AND, "implies": Level.IMPLIES, "iff": Level.IMPLIES}


class WordingNotes:
    """What was noted so far. `sources`: the texts, by the names that spans have for them. `reader`: who reads unless
    the text says otherwise.

    Expressions are noted from the inside out: what folds to one of its parts is called as that part is. A definition is
    put in place of its call: a condition is then called as the definition writes it, any other value as the call.
    """

    def __init__(self, sources: Mapping[str, str], reader: Reader | None, about_runs: bool) -> None:
        self._reader = reader
        self._about_runs = about_runs
        self._lines = {name: text.split("\n") for name, text in sources.items()}
        self._phrases: list[tuple[Expr, Phrase]] = []
        self._named: list[tuple[Span, Expr]] = []

    @property
    def wording(self) -> Wording:
        return Wording(tuple(self._phrases))

    def begin(self) -> tuple[int, int]:
        """Where the notes of an expression begin, for `end`."""
        return len(self._named), len(self._phrases)

    def end(self, expr: checked.Expr, lowered: Expr, scope: Scope, begun: tuple[int, int]) -> None:
        """Notes an expression, once its parts are noted."""
        named, phrases = begun
        if isinstance(expr, checked.LocalUse):
            self._named.append((expr.span, lowered.operand if isinstance(lowered, Unwrap) else lowered))
        elif len(self._phrases) < _MOST and not is_atom(lowered) and self._is_text(expr):
            pieces = tuple(self._pieces(expr.span, dict(self._named[named:])))
            noted = (lowered, self._seen(Phrase(pieces, _level(expr)), scope))
            if isinstance(expr, checked.DefCall) and lowered.sort != BOOL:
                self._phrases.insert(phrases, noted)
            else:
                self._phrases.append(noted)

    def _seen(self, phrase: Phrase, scope: Scope) -> Phrase:
        """A part of what stands in `seen by …`, `fresh(…)` or `old(…)` is called with it. In formulas about runs nobody
        writes `old`: there, what a condition on a step says of the state is about the one before."""
        if scope.reader is None and self._reader is not None:
            phrase = Phrase(("fresh(", *phrase.pieces, ")"), Level.ATOM)
        elif scope.reader is not None and scope.reader != self._reader:
            phrase = Phrase((*_observer(scope.reader), *phrase.pieces), Level.OPEN)
        if scope.moment is Moment.OLD and not self._about_runs:
            phrase = Phrase(("old(", *phrase.pieces, ")"), Level.ATOM)
        return phrase

    def _is_text(self, expr: checked.Expr) -> bool:
        """Whether the text at the place of an expression is that of the expression: an override is no file's, and
        several `terminal when` are alternatives that nobody wrote as such."""
        return expr.span.file in self._lines and all(_within(part.span, expr.span) for part in _parts(expr))

    def _pieces(self, span: Span, named: Mapping[Span, Expr]) -> Iterator[str | Expr]:
        here = span.file, span.line, span.column
        for use in sorted(use for use in named if _within(use, span)):
            yield self._text(*here, use.line, use.column)
            if is_atom(named[use]):
                yield named[use]
            else:
                yield self._text(use.file, use.line, use.column, use.end_line, use.end_column)
            here = use.file, use.end_line, use.end_column
        yield self._text(*here, span.end_line, span.end_column)

    def _text(self, file: str, line: int, column: int, end_line: int, end_column: int) -> str:
        """A stretch of a text in one line, without comments."""
        lines = self._lines[file][line - 1 : end_line]
        if lines:
            lines[-1] = lines[-1][: end_column - 1]
            lines[0] = lines[0][column - 1 :]
        return _SPACE.sub(" ", " ".join(_COMMENT.sub("", text) for text in lines))


def _parts(expr: checked.Expr) -> Iterator[checked.Expr]:
    for item in fields(expr):
        value = getattr(expr, item.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, EXPRESSIONS):
                yield part


def _within(inner: Span, outer: Span) -> bool:
    begins = (outer.line, outer.column) <= (inner.line, inner.column)
    ends = (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    return inner.file == outer.file and begins and ends


def _observer(reader: Reader) -> tuple[str | Expr, ...]:
    if reader.instance is None:
        return (f"seen by {reader.component}: ",)
    return (f"seen by {reader.component}(", reader.instance, "): ")


def _level(expr: checked.Expr) -> Level:
    match expr:
        case checked.Quantified() | checked.LetIn() | checked.Conditional() | checked.SeenBy():
            return Level.OPEN
        case checked.Logical(operator):
            return _CONNECTIVES[operator]
        case checked.Not():
            return Level.NOT
        case checked.Compare() | checked.Contains() | checked.Subset():
            return Level.COMPARISON
        case checked.ByAtom() | checked.WritesAtom() | checked.EnabledAtom():
            return Level.COMPARISON
        case checked.SetOperation():
            return Level.SETS
        case checked.NumberRange():
            return Level.RANGE
        case checked.Arithmetic(operator):
            return Level.SUM if operator in ("+", "-") else Level.PRODUCT
        case checked.Negate():
            return Level.PRODUCT
        case _:
            return Level.ATOM
