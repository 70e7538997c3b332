"""The code of one function of a system: its builder, the states it looks at, its locals, and where failures go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from llvmlite import ir

from kspec.explore.machine.builder import Block, Builder, Operand
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.layout import PackedLayout
from kspec.system.expressions import FailureKind, Local, Moment
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A state: its words, and the cells that they were unpacked to, with one more cell behind them: whether some object
    is deleted."""

    words: ir.Value
    cells: ir.Value


class EnabledTests(Protocol):
    """Answers `Enabled`: whether some binding of an action changes a state; of one instance, or of any."""

    def test(self, code: Code, state: Unpacked, action: int, instance: Operand | None) -> ir.Value: ...


@dataclass(slots=True)
class Shared:
    """What all functions of a system share."""

    system: System
    layout: PackedLayout
    constants: Constants
    enabled: EnabledTests = field(init=False)
    """Set once the code of transitions can be built, which it consists of."""


@dataclass(slots=True)
class Code:
    """`new`: the state, or of a step that after it; `old`: the state before a step; `action`: of a step, the action."""

    shared: Shared
    b: Builder
    new: Unpacked
    old: Unpacked | None = None
    action: ir.Value | None = None
    locals: dict[int, Operand] = field(default_factory=dict)
    """By id: the number of a scalar, else a pointer to the cells."""
    _failures: dict[FailureKind, Block] | None = None

    def state(self, moment: Moment) -> Unpacked:
        match moment:
            case Moment.NEW:
                return self.new
            case Moment.OLD:
                if self.old is None:
                    raise ValueError("an expression of two states where there is one")
                return self.old

    def bind(self, local: Local, value: Operand) -> None:
        self.locals[local.id] = value

    @contextmanager
    def bound(self, local: Local, value: Operand) -> Iterator[None]:
        """Within, the local has this value; behind it the one that it had, since one `Let` may stand within another of
        the same local, and on a branch that is not always taken."""
        before = self.locals.get(local.id)
        self.locals[local.id] = value
        yield
        if before is not None:
            self.locals[local.id] = before

    # --- failures ----------------------------------------------------------------------------------------------------

    def failure(self, kind: FailureKind) -> Block:
        """Where to jump when what is being built fails."""
        if self._failures is None:
            raise ValueError("nothing says what happens at a failure")
        if kind not in self._failures:
            self._failures[kind] = self.b.block(f"fails_{kind.value}")
        return self._failures[kind]

    @contextmanager
    def catching(self, handle: Callable[[FailureKind], None]) -> Iterator[None]:
        """What is built inside may fail; then `handle` builds what happens, which must end with a jump."""
        outer, inner = self._failures, dict[FailureKind, Block]()
        self._failures = inner
        yield
        self._failures = outer
        if inner:
            onward = self.b.block("onward")
            self.b.jump(onward)
            for kind, block in inner.items():
                self.b.place(block)
                handle(kind)
            self.b.place(onward)
