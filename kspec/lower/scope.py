"""What an expression can see where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kspec.language import checked
from kspec.system.expressions import Expr, Local, Moment
from kspec.system.transitions import Write


@dataclass(frozen=True, slots=True)
class Scope:
    """`locals`: what the locals of the checked tree, by id, stand for: atoms.

    `alive`: locals of the system, by id, that certainly are alive objects, and when. `writes`: what the body did before
    this expression. `known`: locals, by id, that certainly are true: the conditions on the way here. `in_step`: the
    expression is about a step, with a state before and a state after it.
    """

    locals: Mapping[int, Expr] = field(default_factory=dict)
    moment: Moment = Moment.NEW
    alive: frozenset[tuple[int, Moment]] = frozenset()
    writes: tuple[Write, ...] = ()
    known: frozenset[int] = frozenset()
    in_step: bool = False

    def bind(self, local: checked.Local, value: Expr) -> Scope:
        return replace(self, locals={**self.locals, local.id: value})

    def with_alive(self, local: Local, *moments: Moment) -> Scope:
        return replace(self, alive=self.alive | {(local.id, moment) for moment in moments})

    def at(self, moment: Moment) -> Scope:
        return replace(self, moment=moment)
