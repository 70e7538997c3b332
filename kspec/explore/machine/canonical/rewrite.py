"""Writing a state with its objects in other places: what is indexed by an object moves, references are renamed."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Operand
from kspec.explore.machine.canonical.blank import Owner, jump_when_blank, owners_of
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.layout import Stretch
from kspec.explore.machine.shapes import CHUNK, cells, is_scalar, plain, universe
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort
from kspec.system.system import Role


class Rewriter:
    """Builds the code that writes the cells of a state anew. `targets`: by object, and nobody, where it goes."""

    def __init__(self, b: Builder, moving: Moving, state: ir.Value, targets: ir.Value, result: ir.Value) -> None:
        self._b = b
        self._moving = moving
        self._state = state
        self._targets = targets
        self._result = result

    def write(self) -> None:
        for stretch in self._moving.layout.stretches.values():
            variable = stretch.variable
            moves = any(self._moving.kind_of(sort) for sort in variable.index)
            if moves or self._moving.concerns(variable.sort):
                self._over_index(stretch, variable.index, 0, 0, ())
            else:
                self._copy(stretch.base, stretch.base, stretch.end - stretch.base)

    def _copy(self, target: Operand, source: Operand, count: int) -> None:
        b = self._b
        b.copy(b.at(self._result, target), b.at(self._state, source), count)

    def _over_index(
        self, stretch: Stretch, index: Sequence[Sort], source: Operand, target: Operand, owners: tuple[Owner, ...]
    ) -> None:
        """Writes the places of a variable; `index` are the sorts of the indexes that are not fixed yet, `owners` the
        objects among the others."""
        b = self._b
        if not index:
            self._place(stretch, source, target, owners)
            return
        size = universe(index[0]).size
        with b.loop(0, size) as each:
            goes_to = self._moved(index[0], each.index)
            self._over_index(
                stretch,
                index[1:],
                b.add(b.multiply(source, size), each.index),
                b.add(b.multiply(target, size), goes_to),
                (*owners, *owners_of(b, self._moving, index[0], each.index)),
            )

    def _place(self, stretch: Stretch, source: Operand, target: Operand, owners: tuple[Owner, ...]) -> None:
        b, variable = self._b, stretch.variable
        here = b.add(b.multiply(source, stretch.width), stretch.base)
        there = b.add(b.multiply(target, stretch.width), stretch.base)
        if not self._moving.concerns(variable.sort):
            self._copy(there, here, stretch.width)
            return
        alive_only = variable.role in (Role.FIELD, Role.COMPONENT)
        self._value_unless_blank(variable.sort, here, there, owners, alive_only=alive_only)

    def _value_unless_blank(
        self, sort: Sort, here: Operand, there: Operand, owners: tuple[Owner, ...], *, alive_only: bool
    ) -> None:
        """What fills a cleared place is copied: it is no reference."""
        b = self._b
        if self._moving.is_plain_when_blank(sort) or not owners:
            self._value(sort, here, there)
            return
        blank, end = b.block("blank"), b.block("written")
        jump_when_blank(b, self._state, owners, blank, alive_only=alive_only)
        self._value(sort, here, there)
        b.jump(end)
        b.place(blank)
        self._copy(there, here, cells(sort))
        b.place(end)

    # --- values ------------------------------------------------------------------------------------------------------

    def _value(self, sort: Sort, here: Operand, there: Operand) -> None:
        b = self._b
        if not self._moving.concerns(sort):
            self._copy(there, here, cells(sort))
            return
        match sort:
            case SetSort(element):
                self._set(element, here, there)
            case MapSort(key, value):
                with b.loop(0, universe(key).size) as each:
                    goes_to = self._moved(key, each.index)
                    entry = b.add(here, b.multiply(each.index, cells(value)))
                    its_place = b.add(there, b.multiply(goes_to, cells(value)))
                    owners = owners_of(b, self._moving, key, each.index)
                    self._value_unless_blank(value, entry, its_place, owners, alive_only=False)
            case SeqSort(element):
                length = b.load(self._state, here)
                self._copy(there, here, cells(sort))
                with b.loop(0, length) as each:
                    offset = b.add(b.multiply(each.index, cells(element)), 1)
                    self._value(element, b.add(here, offset), b.add(there, offset))
            case OptionSort(inner) if not is_scalar(sort):
                self._copy(there, here, cells(sort))
                with b.when(b.differ(b.load(self._state, here), 0)):
                    self._value(inner, b.add(here, 1), b.add(there, 1))
            case _:
                value = b.load(self._state, here)
                b.store(self._result, there, self._renamed(sort, value))

    def _set(self, element: Sort, here: Operand, there: Operand) -> None:
        b, values, count = self._b, universe(element), cells(SetSort(element))
        with b.loop(0, count) as each:
            b.store(self._result, b.add(there, each.index), 0)
        with b.loop(0, count) as each, b.each_bit(b.load(self._state, b.add(here, each.index))) as bit:
            ordinal = b.add(b.multiply(each.index, CHUNK), bit.index)
            goes_to = b.subtract(self._renamed(element, b.add(ordinal, values.origin)), values.origin)
            chunk, shift = (goes_to, goes_to) if count == 1 else (b.shift_right(goes_to, _CHUNK_SHIFT), goes_to)
            place = b.add(there, 0 if count == 1 else chunk)
            bits = b.shift_left(1, shift if count == 1 else b.bit_and(shift, CHUNK - 1))
            b.store(self._result, place, b.bit_or(b.load(self._result, place), bits))

    def _moved(self, sort: Sort, ordinal: ir.Value) -> ir.Value:
        """The position among the values of a sort that one goes to."""
        if self._moving.kind_of(sort) is None:
            return ordinal
        origin = universe(sort).origin
        return self._b.subtract(self._renamed(sort, self._b.add(ordinal, origin)), origin)

    def _renamed(self, sort: Sort, value: ir.Value) -> ir.Value:
        """The reference to where an object goes; none stays none."""
        b, kind = self._b, plain(sort)
        assert isinstance(kind, ObjectSort)
        base = self._moving.objects.base(kind.kind)
        item = b.add(value, base)
        if not isinstance(sort, OptionSort):
            return b.subtract(b.load(self._targets, item), base)
        somebody = b.select(b.less(value, 0), self._moving.nobody, item)
        return b.select(b.less(value, 0), value, b.subtract(b.load(self._targets, somebody), base))


_CHUNK_SHIFT = CHUNK.bit_length() - 1
