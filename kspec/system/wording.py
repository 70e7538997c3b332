"""How the text of a model writes expressions: what traces show of them.

Lowering makes other expressions of what is written: a definition is put in place of its call, `a >= b` is turned round.
What a reader knows is the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kspec.system.expressions import Expr


class Level(IntEnum):
    """How tightly a construct binds, loosest first, as in the language."""

    OPEN = 0
    IMPLIES = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARISON = 5
    SETS = 6
    RANGE = 7
    SUM = 8
    PRODUCT = 9
    ATOM = 10


@dataclass(frozen=True, slots=True)
class Phrase:
    """The text of an expression in pieces. Where it names a variable there is, in place of the name, what that stands
    for: a `Use` or a `Literal`."""

    pieces: tuple[str | Expr, ...]
    level: Level


@dataclass(frozen=True, slots=True)
class Wording:
    """Expressions with their phrases; of several phrases of one expression the first counts."""

    phrases: tuple[tuple[Expr, Phrase], ...] = ()


UNWORDED: Final = Wording()
"""Of expressions that no text writes, or that nobody is shown."""
