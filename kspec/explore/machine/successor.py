"""The state after a step: the words of the state before, with what is written, then settled."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.code import Code
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.packing import Packing
from kspec.explore.machine.places import place_number
from kspec.explore.machine.settling import Settling
from kspec.system.expressions import TRUE, Literal
from kspec.system.system import ALIVE, Role
from kspec.system.transitions import Transition, Write


class Successors:
    """Builds the states after steps."""

    def __init__(self, packing: Packing, settling: Settling) -> None:
        self._packing = packing
        self._settling = settling

    def build(self, expressions: Expressions, transition: Transition) -> ir.Value:
        """The words of the state after the step."""
        code = expressions.code
        b, layout = code.b, code.shared.layout
        after = b.array(layout.words)
        b.copy(after, code.new.words, layout.words)
        for write in transition.writes:
            with expressions.domains.each_of(write.each) as again:
                if write.condition != TRUE:
                    expressions.jump_unless(write.condition, again)
                self._write(expressions, write, after)
        self._settling.settle(b, code.new, after, may_delete=_may_delete(expressions, transition))
        return after

    def _write(self, expressions: Expressions, write: Write, after: ir.Value) -> None:
        code = expressions.code
        stretch = code.shared.layout.stretches[write.variable]
        number = place_number(expressions, write.variable, write.index)
        value = expressions.value_as(write.value, stretch.variable.sort)
        self._packing.write(code.b, after, stretch, number, value)


def changes(code: Code, after: ir.Value) -> ir.Value:
    """Whether the state after a step differs from the one before, ghost variables aside."""
    b, layout = code.b, code.shared.layout
    ghosts = layout.mask([stretch for stretch in layout.stretches.values() if stretch.variable.ghost])
    difference = b.variable(0)
    for word, ghost in enumerate(ghosts):
        changed = b.bit_xor(b.load(code.new.words, word), b.load(after, word))
        difference.include(b.bit_and(changed, ~ghost))
    return b.differ(difference.get(), 0)


def _may_delete(expressions: Expressions, transition: Transition) -> bool:
    variables = expressions.code.shared.layout.places.variables
    return any(
        variables[write.variable].role is Role.STATUS
        and not (isinstance(write.value, Literal) and write.value.value == ALIVE)
        for write in transition.writes
    )
