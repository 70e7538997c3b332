"""Code that unpacks a state to cells, packs it again, and writes single places of a packed state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import ROW, Builder, Operand
from kspec.explore.machine.code import Unpacked
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.layout import WORD, PackedLayout, Regular, Stretch
from kspec.explore.machine.shapes import NO_NUMBER, Leaf, cells, is_scalar, leaves, universe
from kspec.explore.machine.values import read, sequence_entry
from kspec.system.sorts import MapSort, OptionSort, SeqSort, Sort
from kspec.system.system import DELETED

_WORD_SHIFT = WORD.bit_length() - 1


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of cells in one word, as code sees it."""

    start: Operand
    count: Operand
    word: Operand
    shift: Operand


class Packing:
    """Code for the packed states of a layout."""

    def __init__(self, module: ir.Module, layout: PackedLayout, constants: Constants) -> None:
        self._layout = layout
        self._constants = constants
        self._positions = constants.row(layout.positions)
        self._masks = constants.row([_mask(leaf) for leaf in layout.leaves])
        self._biases = constants.row([leaf.bias for leaf in layout.leaves])
        self._zeros = constants.row([leaf.zero for leaf in layout.leaves])
        of_rows = ir.FunctionType(ir.VoidType(), (ROW, ROW))
        self.unpack = ir.Function(module, of_rows, "unpack")
        """`unpack(words, cells)`"""
        self.pack = ir.Function(module, of_rows, "pack")
        """`pack(cells, words)`"""
        for function in (self.unpack, self.pack):
            function.linkage = "internal"

    def define(self) -> None:
        b = Builder(self.unpack)
        words, found = self.unpack.args
        for stretch in self._layout.stretches.values():
            self._unpack(b, stretch, words, found)
        b.store(found, self._layout.size, self._some_deleted(b, found))
        b.ret()
        b.finish()
        b = Builder(self.pack)
        found, words = self.pack.args
        with b.loop(0, self._layout.words) as each:
            b.store(words, each.index, 0)
        for stretch in self._layout.stretches.values():
            self._pack(b, stretch, found, words)
        b.ret()
        b.finish()

    def unpacked(self, b: Builder, words: ir.Value) -> Unpacked:
        """Unpacks a state to cells that last as long as the function runs."""
        state = Unpacked(words, b.array(self._layout.size + 1))
        b.call(self.unpack, (words, state.cells))
        return state

    def _some_deleted(self, b: Builder, found: ir.Value) -> ir.Value:
        some = b.variable(0)
        for kind in self._layout.system.kinds:
            status = self._layout.status(kind.sort)
            if status is not None:
                with b.loop(status, status + len(kind.slots)) as each:
                    some.include(b.bit(b.equal(b.load(found, each.index), DELETED)))
        return some.get()

    def _unpack(self, b: Builder, stretch: Stretch, words: ir.Value, found: ir.Value) -> None:
        """In loops: code does not grow with the number of objects."""
        runs = self._alike(stretch)
        if not runs:
            self._unpack_any(b, stretch, words, found)
            return
        leaf, stride = self._layout.leaves[stretch.base], runs[0].stride
        with self._each_run(b, runs) as run:
            word = b.load(words, run.word)
            with b.loop(0, run.count) as each:
                bits = b.shift_right(word, b.add(b.multiply(each.index, stride), run.shift))
                b.store(found, b.add(each.index, run.start), decoded(b, b.bit_and(bits, _mask(leaf)), leaf))

    def _alike(self, stretch: Stretch) -> list[Regular]:
        """The runs of a variable's cells, if they differ only in where they are, and are longer than one cell."""
        runs = self._layout.runs(stretch.base, stretch.end)
        leaves = set(self._layout.leaves[stretch.base : stretch.end])
        strides = {run.stride for run in runs if run.count > 1}
        is_long = 2 * len(runs) <= stretch.end - stretch.base
        return runs if len(runs) == 1 or (is_long and len(leaves) == len(strides) == 1 and runs[0].count > 1) else []

    @contextmanager
    def _each_run(self, b: Builder, runs: list[Regular]) -> Iterator[_Run]:
        if len(runs) == 1:
            (run,) = runs
            yield _Run(run.start, run.count, run.word, run.shift)
        else:
            table = self._constants.row([n for run in runs for n in (run.start, run.count, run.word, run.shift)])
            with b.loop(0, len(runs)) as each:
                entry = b.at(table, b.multiply(each.index, 4))
                yield _Run(*(b.load(entry, number) for number in range(4)))

    def _unpack_any(self, b: Builder, stretch: Stretch, words: ir.Value, found: ir.Value) -> None:
        kinds = set(self._layout.leaves[stretch.base : stretch.end])
        with b.loop(stretch.base, stretch.end) as each:
            word, shift = self._split(b, b.load(self._positions, each.index))
            bits = b.shift_right(b.load(words, word), shift)
            if len(kinds) == 1:
                (leaf,) = kinds
                cell = decoded(b, b.bit_and(bits, _mask(leaf)), leaf)
            else:
                cell = self._decoded(b, bits, each.index)
            b.store(found, each.index, cell)

    def _decoded(self, b: Builder, bits: ir.Value, cell: ir.Value) -> ir.Value:
        """The value of a cell, from its bits and others above them."""
        own = b.bit_and(bits, b.load(self._masks, cell))
        value = b.add(own, b.load(self._biases, cell))
        return b.select(b.equal(own, 0), b.load(self._zeros, cell), value)

    def _pack(self, b: Builder, stretch: Stretch, found: ir.Value, words: ir.Value) -> None:
        """Adds the bits of a variable's cells to words in which they are zero."""
        runs = self._alike(stretch)
        if not runs:
            self._pack_any(b, stretch, found, words)
            return
        leaf, stride = self._layout.leaves[stretch.base], runs[0].stride
        with self._each_run(b, runs) as run:
            bits = b.variable(0)
            with b.loop(0, run.count) as each:
                own = b.number(encoded(b, b.load(found, b.add(each.index, run.start)), leaf))
                bits.include(b.shift_left(own, b.add(b.multiply(each.index, stride), run.shift)))
            b.store(words, run.word, b.bit_or(b.load(words, run.word), bits.get()))

    def _pack_any(self, b: Builder, stretch: Stretch, found: ir.Value, words: ir.Value) -> None:
        with b.loop(stretch.base, stretch.end) as each:
            cell = b.load(found, each.index)
            bits = b.subtract(cell, b.load(self._biases, each.index))
            own = b.select(b.equal(cell, b.load(self._zeros, each.index)), 0, bits)
            word, shift = self._split(b, b.load(self._positions, each.index))
            b.store(words, word, b.bit_or(b.load(words, word), b.shift_left(own, shift)))

    # --- single places -----------------------------------------------------------------------------------------------

    def write(self, b: Builder, words: ir.Value, stretch: Stretch, place: Operand, value: Operand) -> None:
        """Writes a value of the variable's sort to a place of it."""
        sort = stretch.variable.sort
        if is_scalar(sort):
            leaf = self._layout.leaves[stretch.base]
            position = self._position(b, stretch, place)
            bits = encoded(b, value, leaf)
            self._put(b, words, position, bits, _mask(leaf))
            return
        cell = b.add(b.multiply(place, stretch.width), stretch.base)
        self._write_cells(b, words, b.number(cell), value, sort)

    def _position(self, b: Builder, stretch: Stretch, place: Operand) -> Operand:
        if isinstance(place, int):
            return self._layout.positions[stretch.base + place]
        regular = self._layout.regular(stretch.base, stretch.end)
        if regular is None:
            return b.load(self._positions, b.add(place, stretch.base))
        return b.add(b.multiply(place, regular.stride), regular.word * WORD + regular.shift)

    def _write_cells(self, b: Builder, words: ir.Value, cell: ir.Value, value: Operand, sort: Sort) -> None:
        """Writes a value to the cells from a number on. What is not there becomes zero bits."""
        if is_scalar(sort):
            (leaf,) = leaves(sort)
            self._write_leaf(b, words, cell, encoded(b, value, leaf), leaf)
            return
        match sort:
            case OptionSort(inner):
                present, after = b.load(value), b.add(cell, 1)
                self._write_leaf(b, words, cell, present, Leaf(1, 0, 0))
                b.either(
                    b.differ(present, 0),
                    lambda: self._write_cells(b, words, after, read(b, value, inner, 1), inner),
                    lambda: self._erase(b, words, after, b.add(after, cells(inner))),
                )
            case MapSort(key, entry_sort):
                width = cells(entry_sort)
                with b.loop(0, universe(key).size) as each:
                    offset = b.multiply(each.index, width)
                    self._write_cells(b, words, b.add(cell, offset), read(b, value, entry_sort, offset), entry_sort)
            case SeqSort(element, _):
                length, first, width = b.load(value), b.add(cell, 1), cells(element)
                self._write_leaf(b, words, cell, length, next(leaves(sort)))
                with b.loop(0, length) as each:
                    entry = sequence_entry(b, value, sort, each.index)
                    self._write_cells(b, words, b.add(first, b.multiply(each.index, width)), entry, element)
                self._erase(b, words, b.add(first, b.multiply(length, width)), b.add(cell, cells(sort)))
            case _:
                with b.loop(0, cells(sort)) as each:
                    mask = b.load(self._masks, b.add(cell, each.index))
                    position = b.load(self._positions, b.add(cell, each.index))
                    self._put(b, words, position, b.load(value, each.index), mask)

    def _write_leaf(self, b: Builder, words: ir.Value, cell: ir.Value, bits: Operand, leaf: Leaf) -> None:
        position = b.load(self._positions, cell)
        self._put(b, words, position, bits, _mask(leaf))

    def _erase(self, b: Builder, words: ir.Value, start: ir.Value, end: ir.Value) -> None:
        with b.loop(start, end) as each:
            position = b.load(self._positions, each.index)
            self._put(b, words, position, 0, b.load(self._masks, each.index))

    def _put(self, b: Builder, words: ir.Value, position: Operand, bits: Operand, mask: Operand) -> None:
        word, shift = self._split(b, position)
        rest = b.bit_and(b.load(words, word), b.bit_xor(b.shift_left(mask, shift), -1))
        b.store(words, word, b.bit_or(rest, b.shift_left(bits, shift)))

    def _split(self, b: Builder, position: Operand) -> tuple[Operand, Operand]:
        """The word of a position, and the bit in it."""
        if isinstance(position, int):
            return divmod(position, WORD)
        if self._layout.words == 1:
            return 0, position
        return b.shift_right(position, _WORD_SHIFT), b.bit_and(position, WORD - 1)


def _mask(leaf: Leaf) -> int:
    return (1 << leaf.bits) - 1


def decoded(b: Builder, bits: ir.Value, leaf: Leaf) -> ir.Value:
    """The cell that bits stand for."""
    value = b.add(bits, leaf.bias) if leaf.bias else bits
    return value if leaf.zero == leaf.bias else b.select(b.equal(bits, 0), leaf.zero, value)


def encoded(b: Builder, cell: Operand, leaf: Leaf) -> Operand:
    if isinstance(cell, int):
        return leaf.encode(cell)
    bits = b.subtract(cell, leaf.bias) if leaf.bias else cell
    return b.select(b.equal(cell, NO_NUMBER), 0, bits) if leaf.zero == NO_NUMBER else bits
