"""What an expression can see where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kspec.language import checked
from kspec.system.expressions import Expr, Local, Moment
from kspec.system.transitions import Write


@dataclass(frozen=True, slots=True)
class Reader:
    """An instance of a component, as the one who looks."""

    component: str
    instance: Expr | None

    @property
    def index(self) -> tuple[Expr, ...]:
        """The index of what each instance of the component has."""
        return () if self.instance is None else (self.instance,)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a `get` read: atoms for the object, for each field that is looked at, and for whether nobody wrote the
    object since."""

    kind: str
    item: Expr
    contents: Mapping[str, Expr]
    current: Expr


@dataclass(frozen=True, slots=True)
class Scope:
    """`locals`: what the locals of the checked tree, by id, stand for: atoms.

    `alive`: locals of the system, by id, that certainly are alive objects, and when. `writes`: what the body did before
    this expression. `known`: locals, by id, that certainly are true: the conditions on the way here. `copies`: what a
    `get` read, by the local that has it. `in_step`: the expression is about a step, with a state before and after it.

    `reader`: whose views are asked; None: the store. `held`: locals of the system, by id, that the reader certainly
    sees. `doubts`: what the text shows not to be none may be none here. `kept`: locals of the checked tree, by id, that
    a run of a process held when the step began. In an admission, `caller` is the component that asks, and `proposed`
    the new fields of its variable, by id.
    """

    locals: Mapping[int, Expr] = field(default_factory=dict)
    moment: Moment = Moment.NEW
    alive: frozenset[tuple[int, Moment]] = frozenset()
    writes: tuple[Write, ...] = ()
    known: frozenset[int] = frozenset()
    copies: Mapping[int, Copy] = field(default_factory=dict)
    reader: Reader | None = None
    held: frozenset[int] = frozenset()
    doubts: bool = False
    kept: frozenset[int] = frozenset()
    caller: str | None = None
    proposed: Mapping[int, Mapping[str, Expr]] = field(default_factory=dict)
    in_step: bool = False

    def bind(self, local: checked.Local, value: Expr) -> Scope:
        return replace(self, locals={**self.locals, local.id: value})

    def with_alias(self, local: checked.Local, value: checked.Expr) -> Scope:
        """Another name for the variable of an admission has the proposed fields too."""
        if not isinstance(value, checked.LocalUse) or value.local.id not in self.proposed:
            return self
        return replace(self, proposed={**self.proposed, local.id: self.proposed[value.local.id]})

    def with_alive(self, local: Local, *moments: Moment) -> Scope:
        return replace(self, alive=self.alive | {(local.id, moment) for moment in moments})

    def in_store(self) -> Scope:
        """The same place, asking the store."""
        return self if self.reader is None else replace(self, reader=None)

    def seen_by(self, reader: Reader) -> Scope:
        return replace(self, reader=reader)

    def at(self, moment: Moment) -> Scope:
        return replace(self, moment=moment)
