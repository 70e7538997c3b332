"""A structured builder of functions: variables, loops and conditions over LLVM's instructions.

Almost everything is a number of 64 bits (`I64`) or a pointer to such numbers; conditions are single bits. Comparisons
and division are signed unless their name says otherwise. Python numbers stand for constants wherever a value is
expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from llvmlite import ir

from kspec.explore.machine.program import NotCompilable

I1 = ir.IntType(1)
I64 = ir.IntType(64)
ROW = I64.as_pointer()
"""A pointer to numbers that stand one behind the other."""

MOST_STACK = 1 << 16
"""The most numbers in the rows of one function: half a megabyte, and a few functions call each other."""

Operand: TypeAlias = ir.Value | int
Block: TypeAlias = ir.Block


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that is being built. A jump to `again` goes on with the next round, one to `end` leaves the loop."""

    index: ir.Value
    again: Block
    end: Block


class Variable:
    """A number, bit or pointer that changes; LLVM keeps it in a register."""

    def __init__(self, builder: Builder, cell: ir.Value) -> None:
        self._builder = builder
        self._cell = cell

    def get(self) -> ir.Value:
        return self._builder.ir.load(self._cell)

    def set(self, value: Operand) -> None:
        self._builder.ir.store(_constant(self._cell.type.pointee, value), self._cell)

    def add(self, value: Operand) -> None:
        self.set(self._builder.add(self.get(), value))

    def include(self, bits: Operand) -> None:
        """Adds bits, by `or`."""
        self.set(self._builder.bit_or(self.get(), bits))


class Builder:
    """Builds the body of one function, from its beginning to its end.

    What is built behind a `jump` or `ret` is never run, unless a block is placed there first.
    """

    def __init__(self, function: ir.Function) -> None:
        self.function = function
        self._entry = function.append_basic_block("entry")
        self._entry_builder = ir.IRBuilder(self._entry)
        self._body = function.append_basic_block("body")
        self.ir = ir.IRBuilder(self._body)
        """For the instructions that have no name here."""
        self._stack = 0

    def finish(self) -> None:
        """Ends the function. Blocks that nothing ends are never run."""
        self._entry_builder.branch(self._body)
        for block in self.function.blocks:
            if not block.is_terminated:
                ir.IRBuilder(block).unreachable()

    # --- variables and memory ----------------------------------------------------------------------------------------

    def variable(self, value: Operand = 0, of: ir.Type = I64) -> Variable:
        variable = Variable(self, self._entry_builder.alloca(of))
        variable.set(value)
        return variable

    def array(self, size: int) -> ir.Value:
        """A row of numbers that lasts as long as the function runs. The same one each time control comes here."""
        self._stack += size
        if self._stack > MOST_STACK:
            raise NotCompilable(f"a function with more than {MOST_STACK:,} numbers on its stack")
        return self._entry_builder.alloca(I64, size)

    def at(self, row: ir.Value, index: Operand) -> ir.Value:
        """The row from an index on."""
        return row if index == 0 and isinstance(index, int) else self.ir.gep(row, [_number(index)])

    def load(self, row: ir.Value, index: Operand = 0) -> ir.Value:
        return self.ir.load(self.at(row, index))

    def store(self, row: ir.Value, index: Operand, value: Operand) -> None:
        self.ir.store(_number(value), self.at(row, index))

    def copy(self, target: ir.Value, source: ir.Value, count: int) -> None:
        """Copies numbers from one row to another; a few by themselves, many in a loop."""
        if count <= _FEW:
            for index in range(count):
                self.store(target, index, self.load(source, index))
            return
        with self.loop(0, count) as each:
            self.store(target, each.index, self.load(source, each.index))

    # --- memory that several threads share ---------------------------------------------------------------------------

    def load_acquire(self, row: ir.Value, index: Operand = 0) -> ir.Value:
        return self.ir.load_atomic(self.at(row, index), "acquire", 8)

    def load_relaxed(self, row: ir.Value, index: Operand = 0) -> ir.Value:
        return self.ir.load_atomic(self.at(row, index), "monotonic", 8)

    def store_release(self, row: ir.Value, index: Operand, value: Operand) -> None:
        self.ir.store_atomic(_number(value), self.at(row, index), "release", 8)

    def store_relaxed(self, row: ir.Value, index: Operand, value: Operand) -> None:
        self.ir.store_atomic(_number(value), self.at(row, index), "monotonic", 8)

    def fetch_add(self, row: ir.Value, index: Operand, value: Operand) -> ir.Value:
        """Adds to a number; gives what it was before."""
        return self.ir.atomic_rmw("add", self.at(row, index), _number(value), "acq_rel")

    def compare_and_swap(
        self, row: ir.Value, index: Operand, expected: Operand, value: Operand
    ) -> tuple[ir.Value, ir.Value]:
        """Stores the value where the number is as expected; gives what it was before, and whether it was."""
        pair = self.ir.cmpxchg(self.at(row, index), _number(expected), _number(value), "acq_rel", "acquire")
        return self.ir.extract_value(pair, 0), self.ir.extract_value(pair, 1)

    def number(self, value: Operand) -> ir.Value:
        """The value; of a Python number the constant."""
        return _number(value)

    # --- numbers -----------------------------------------------------------------------------------------------------

    def add(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.add(_number(left), _number(right))

    def subtract(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.sub(_number(left), _number(right))

    def multiply(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.mul(_number(left), _number(right))

    def scaled(self, value: Operand, factor: int, offset: int) -> Operand:
        """`value * factor + offset`."""
        if isinstance(value, int):
            return value * factor + offset
        product = value if factor == 1 else self.multiply(value, factor)
        return self.add(product, offset) if offset else product

    def divide(self, left: Operand, right: Operand) -> ir.Value:
        """Rounded towards zero."""
        return self.ir.sdiv(_number(left), _number(right))

    def modulo(self, left: Operand, right: Operand) -> ir.Value:
        """With the sign of the left number."""
        return self.ir.srem(_number(left), _number(right))

    def divide_unsigned(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.udiv(_number(left), _number(right))

    def modulo_unsigned(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.urem(_number(left), _number(right))

    def bit_and(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.and_(_number(left), _number(right))

    def bit_or(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.or_(_number(left), _number(right))

    def bit_xor(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.xor(_number(left), _number(right))

    def shift_left(self, value: Operand, by: Operand) -> ir.Value:
        return self.ir.shl(_number(value), _number(by))

    def shift_right(self, value: Operand, by: Operand) -> ir.Value:
        """Zeros come in from above."""
        return self.ir.lshr(_number(value), _number(by))

    def count_bits(self, value: Operand) -> ir.Value:
        return self.ir.ctpop(_number(value))

    # --- conditions --------------------------------------------------------------------------------------------------

    def equal(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.icmp_signed("==", _number(left), _number(right))

    def differ(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.icmp_signed("!=", _number(left), _number(right))

    def less(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.icmp_signed("<", _number(left), _number(right))

    def at_most(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.icmp_signed("<=", _number(left), _number(right))

    def less_unsigned(self, left: Operand, right: Operand) -> ir.Value:
        return self.ir.icmp_unsigned("<", _number(left), _number(right))

    def differ_bits(self, left: ir.Value, right: ir.Value) -> ir.Value:
        return self.ir.xor(left, right)

    def both(self, left: ir.Value, right: ir.Value) -> ir.Value:
        return self.ir.and_(left, right)

    def one_of(self, left: ir.Value, right: ir.Value) -> ir.Value:
        return self.ir.or_(left, right)

    def all_of(self, conditions: Sequence[ir.Value]) -> ir.Value:
        """Of none: true."""
        return reduce(self.both, conditions) if conditions else I1(1)

    def any_of(self, conditions: Sequence[ir.Value]) -> ir.Value:
        """Of none: false."""
        return reduce(self.one_of, conditions) if conditions else I1(0)

    def negate(self, condition: ir.Value) -> ir.Value:
        return self.ir.xor(condition, I1(1))

    def select(self, condition: ir.Value, then: Operand, otherwise: Operand) -> ir.Value:
        return self.ir.select(condition, _number(then), _number(otherwise))

    def bit(self, condition: ir.Value) -> ir.Value:
        """0 or 1."""
        return self.ir.zext(condition, I64)

    # --- control -----------------------------------------------------------------------------------------------------

    def block(self, name: str) -> Block:
        """A block to jump to; `place` says where it stands."""
        return self.function.append_basic_block(name)

    def place(self, block: Block) -> None:
        """The block comes here; control also comes to it from what was built before."""
        if not self.ir.block.is_terminated:
            self.ir.branch(block)
        self.ir.position_at_end(block)

    def jump(self, block: Block) -> None:
        self.ir.branch(block)
        self.ir.position_at_end(self.block("never"))

    def jump_when(self, condition: ir.Value, block: Block) -> None:
        """Jumps, or goes on."""
        onward = self.block("onward")
        self.ir.cbranch(condition, block, onward)
        self.ir.position_at_end(onward)

    def jump_unless(self, condition: ir.Value, block: Block) -> None:
        onward = self.block("onward")
        self.ir.cbranch(condition, onward, block)
        self.ir.position_at_end(onward)

    def fork(self, condition: ir.Value, then: Block, otherwise: Block) -> None:
        """Jumps to one of two blocks."""
        self.ir.cbranch(condition, then, otherwise)
        self.ir.position_at_end(self.block("never"))

    def ret(self, value: Operand | None = None) -> None:
        if value is None:
            self.ir.ret_void()
        else:
            self.ir.ret(_constant(self.function.function_type.return_type, value))
        self.ir.position_at_end(self.block("never"))

    @contextmanager
    def when(self, condition: ir.Value) -> Iterator[None]:
        end = self.block("end_when")
        self.jump_unless(condition, end)
        yield
        self.place(end)

    @contextmanager
    def unless(self, condition: ir.Value) -> Iterator[None]:
        end = self.block("end_unless")
        self.jump_when(condition, end)
        yield
        self.place(end)

    def either(self, condition: ir.Value, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Runs one of two parts."""
        other, end = self.block("otherwise"), self.block("end_either")
        self.jump_unless(condition, other)
        then()
        self.ir.branch(end)
        self.ir.position_at_end(other)
        otherwise()
        self.place(end)

    @contextmanager
    def loop(self, low: Operand, high: Operand) -> Iterator[Loop]:
        """For each number from `low` up to but not including `high`."""
        head, again, end = self.block("loop"), self.block("again"), self.block("end_loop")
        index = self.variable(low)
        self.place(head)
        current = index.get()
        self.jump_unless(self.less(current, high), end)
        yield Loop(current, again, end)
        self.place(again)
        index.set(self.add(current, 1))
        self.ir.branch(head)
        self.ir.position_at_end(end)

    @contextmanager
    def while_(self, condition: Callable[[], ir.Value]) -> Iterator[Block]:
        """As long as the condition holds; a jump to the block leaves the loop."""
        head, end = self.block("while"), self.block("end_while")
        self.place(head)
        self.jump_unless(condition(), end)
        yield end
        self.ir.branch(head)
        self.ir.position_at_end(end)

    @contextmanager
    def forever(self) -> Iterator[Block]:
        """Again and again; a jump to the block leaves the loop."""
        head, end = self.block("forever"), self.block("end_forever")
        self.place(head)
        yield end
        self.ir.branch(head)
        self.ir.position_at_end(end)

    @contextmanager
    def each_bit(self, bits: ir.Value) -> Iterator[Loop]:
        """For the number of each bit that is set, from below."""
        head, again, end = self.block("bits"), self.block("again"), self.block("end_bits")
        rest = self.variable(bits)
        self.place(head)
        current = rest.get()
        self.jump_when(self.equal(current, 0), end)
        yield Loop(self.ir.cttz(current, I1(1)), again, end)
        self.place(again)
        rest.set(self.bit_and(current, self.subtract(current, 1)))
        self.ir.branch(head)
        self.ir.position_at_end(end)

    def call(self, function: ir.Function, arguments: Sequence[Operand]) -> ir.Value:
        types = function.function_type.args
        return self.ir.call(function, [_constant(of, value) for of, value in zip(types, arguments, strict=True)])


_FEW = 8
_SIGN = 1 << 63


def _number(value: Operand) -> ir.Value:
    """Numbers from 2**63 on stand for the same bits as negative ones."""
    return I64(((value + _SIGN) % (2 * _SIGN)) - _SIGN) if isinstance(value, int) else value


def _constant(of: ir.Type, value: Operand) -> ir.Value:
    return of(value) if isinstance(value, int) else value
