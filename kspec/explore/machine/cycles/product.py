"""The edges of a product, to the code of a search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Block, Builder, Operand, Variable
from kspec.explore.machine.cycles.memory import NOT_BEGUN, Cell, RuleCell
from kspec.explore.temporal.observer import Phase


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers of fewer than 64 bits that stand one behind the other."""

    b: Builder
    row: ir.Value

    def get(self, index: Operand) -> ir.Value:
        return self.b.ir.zext(self.b.ir.load(self._at(index)), I64)

    def set(self, index: Operand, value: Operand) -> None:
        place = self._at(index)
        self.b.ir.store(self.b.ir.trunc(self.b.number(value), place.type.pointee), place)

    def _at(self, index: Operand) -> ir.Value:
        return self.b.ir.gep(self.row, [self.b.number(index)])


@dataclass(frozen=True, slots=True)
class At:
    """A node, while its edges are gone through. `rule`, `step`: where the search is; they change."""

    node: ir.Value
    state: ir.Value
    flags: ir.Value
    letter: ir.Value
    last_rule: ir.Value
    rule: Variable
    step: Variable


@dataclass(frozen=True, slots=True)
class Way:
    """An edge of the product. `again` goes on with the next one, `next_rule` with the first one of the next rule."""

    rule: ir.Value
    """The rule's row."""
    step: ir.Value
    target_state: ir.Value
    target: ir.Value
    first_rule: ir.Value
    """Of the target's, as its number."""
    again: Block
    next_rule: Block


class ProductCode:
    """Reads the product that a row describes, and the cells of a search."""

    def __init__(self, b: Builder, row: ir.Value) -> None:
        self.b = b
        self.row = row
        self.states = self.get(Cell.STATES)
        self.offsets = self.pointer(Cell.OFFSETS)
        self.targets = self.column(Cell.TARGETS, 32)
        self.rules = self.pointer(Cell.RULES)
        self.first_rule = self.pointer(Cell.FIRST_RULE)
        self.alive = self.column(Cell.ALIVE, 8)
        self.everything = self.get(Cell.EVERYTHING)
        self.observed = self.get(Cell.OBSERVED)
        self.columns = self.get(Cell.COLUMNS)
        self.marks = self.column(Cell.MARKS, 32)
        self.stack = self.column(Cell.STACK, 32)

    # --- cells --------------------------------------------------------------------------------------------------------

    def get(self, cell: Cell) -> ir.Value:
        return self.b.load(self.row, cell)

    def set(self, cell: Cell, value: Operand) -> None:
        self.b.store(self.row, cell, value)

    def add(self, cell: Cell, value: int) -> None:
        self.set(cell, self.b.add(self.get(cell), value))

    def pointer(self, cell: Cell) -> ir.Value:
        return self.b.ir.inttoptr(self.get(cell), ROW)

    def column(self, cell: Cell, bits: int) -> Column:
        return Column(self.b, self.b.ir.inttoptr(self.get(cell), ir.IntType(bits).as_pointer()))

    def push(self, node: Operand) -> None:
        top = self.get(Cell.STACK_TOP)
        self.stack.set(top, node)
        self.set(Cell.STACK_TOP, self.b.add(top, 1))

    def jump_when_stopped(self, block: Block) -> None:
        self.b.jump_when(self.b.differ(self.b.load_relaxed(self.row, Cell.STOP), 0), block)

    def state_of(self, node: ir.Value) -> ir.Value:
        return self.b.modulo_unsigned(node, self.states)

    def units_of(self, cell: Cell, state: ir.Value) -> ir.Value:
        """The row of the units of a state in SERVED or WAITING."""
        return self.b.at(self.pointer(cell), self.b.multiply(state, self.columns))

    # --- edges --------------------------------------------------------------------------------------------------------

    def beginning(self, node: ir.Value) -> At:
        """A node whose edges are gone through from the first on."""
        at = self.at(node, 0, NOT_BEGUN)
        plane = self.b.divide_unsigned(node, self.states)
        at.rule.set(self.b.load(self.first_rule, self.b.modulo_unsigned(plane, self.observed)))
        return at

    def at(self, node: ir.Value, rule: Operand, step: Operand) -> At:
        """A node whose edges are gone through from some point on."""
        b = self.b
        plane = b.divide_unsigned(node, self.states)
        state = b.subtract(node, b.multiply(plane, self.states))
        flags = b.divide_unsigned(plane, self.observed)
        observed = b.subtract(plane, b.multiply(flags, self.observed))
        kept = b.bit_and(b.load(self.pointer(Cell.LETTERS), state), b.load(self.pointer(Cell.KEEP), flags))
        letter = b.bit_or(kept, b.load(self.pointer(Cell.GONE), flags))
        last_rule = b.load(self.first_rule, b.add(observed, 1))
        return At(node, state, flags, letter, last_rule, b.variable(rule), b.variable(step))

    @contextmanager
    def ways(self, at: At) -> Iterator[Way]:
        """For each edge from a node on: rule by rule, and for each the steps in their order."""
        b = self.b
        next_rule, next_step, end = b.block("next_rule"), b.block("next_step"), b.block("end_ways")
        head, steps = b.block("rules"), b.block("steps")
        b.place(head)
        number = at.rule.get()
        b.jump_unless(b.less(number, at.last_rule), end)
        rule = b.at(self.rules, b.multiply(number, RuleCell.SIZE))
        with b.when(b.equal(at.step.get(), NOT_BEGUN)):
            b.jump_unless(self._allows(rule, RuleCell.POSITIVE, at.letter), next_rule)
            at.step.set(b.load(self.offsets, at.state))
        last_step = b.load(self.offsets, b.add(at.state, 1))
        phase = b.load(rule, RuleCell.PHASE)
        observed = b.load(rule, RuleCell.TARGET)
        first_rule = b.load(self.first_rule, observed)
        asks_step = b.differ(b.bit_or(b.load(rule, RuleCell.STEP_POSITIVE), b.load(rule, RuleCell.STEP_NEGATIVE)), 0)
        b.place(steps)
        step = at.step.get()
        b.jump_unless(b.less(step, last_step), next_rule)
        with b.when(asks_step):
            b.jump_unless(self._allows(rule, RuleCell.STEP_POSITIVE, self._step_letter(step, at.flags)), next_step)
        target_state = self.targets.get(step)
        flags = self._flags_after(at, phase, target_state, next_step)
        plane = b.add(b.multiply(flags, self.observed), observed)
        target = b.add(b.multiply(plane, self.states), target_state)
        yield Way(rule, step, target_state, target, first_rule, next_step, next_rule)
        b.place(next_step)
        at.step.add(1)
        b.jump(steps)
        b.place(next_rule)
        at.rule.add(1)
        at.step.set(NOT_BEGUN)
        b.jump(head)
        b.place(end)

    def _allows(self, rule: ir.Value, first: RuleCell, letter: ir.Value) -> ir.Value:
        b = self.b
        positive, negative = b.load(rule, first), b.load(rule, first + 1)
        return b.both(b.equal(b.bit_and(letter, positive), positive), b.equal(b.bit_and(letter, negative), 0))

    def _step_letter(self, step: ir.Value, flags: ir.Value) -> ir.Value:
        kept = self.b.load(self.pointer(Cell.KEEP), flags)
        return self.b.bit_and(self.b.load(self.pointer(Cell.STEP_LETTERS), step), kept)

    def _flags_after(self, at: At, phase: ir.Value, target: ir.Value, skip: Block) -> ir.Value:
        """Skips a birth that is none."""
        b = self.b
        flags = b.variable(0)
        with b.when(b.differ(self.everything, 0)):
            alive = self.alive.get(target)
            with b.when(b.equal(phase, Phase.TRACKING)):
                flags.set(b.bit_or(at.flags, b.bit_and(self.everything, b.bit_xor(alive, self.everything))))
            with b.when(b.equal(phase, Phase.BIRTH)):
                b.jump_when(b.equal(self.alive.get(at.state), self.everything), skip)
                b.jump_unless(b.equal(alive, self.everything), skip)
        return flags.get()
