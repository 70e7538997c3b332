"""Settling as code (see `System`): deleted objects that something refers to are kept, the others make room.

It works on the cells of the state, and only where some object is deleted. Objects that may be deleted are numbered
through, kind after kind; two rows of flags say which are held and which are freed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine import sets, values
from kspec.explore.machine.builder import ROW, Builder, Operand
from kspec.explore.machine.code import Shared, Unpacked
from kspec.explore.machine.layout import Stretch
from kspec.explore.machine.packing import Packing
from kspec.explore.machine.places import place_in
from kspec.explore.machine.shapes import cells, is_scalar, to_cells, universe
from kspec.system.sorts import (
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    contains_objects,
    zero,
)
from kspec.system.system import ALIVE, DELETED, FREE, Role
from kspec.system.system import Variable as StateVariable


@dataclass(frozen=True, slots=True)
class Mortals:
    """The objects of a kind that is not permanent. `first`: the number of the one in slot 0; `status`: its cell."""

    first: int
    status: int
    slots: int


class Settling:
    """Builds `settle(words)`, and calls to it."""

    def __init__(self, module: ir.Module, shared: Shared, packing: Packing) -> None:
        self._shared = shared
        self._packing = packing
        self._mortals: dict[str, Mortals] = {}
        count = 0
        for kind in shared.system.kinds:
            status = shared.layout.status(kind.sort)
            if status is not None:
                self._mortals[kind.name] = Mortals(count, status, len(kind.slots))
                count += len(kind.slots)
        self._module = module
        self._function: ir.Function | None = None
        """None until it is called somewhere."""

    def settle(self, b: Builder, before: Unpacked, after: ir.Value, *, may_delete: bool) -> None:
        """Settles the state after a step, if anything in it may be deleted."""
        if not self._mortals:
            return
        if may_delete:
            b.call(self._declared(), (after,))
            return
        with b.when(self._some_deleted(b, before)):
            b.call(self._declared(), (after,))

    def _declared(self) -> ir.Function:
        if self._function is None:
            self._function = ir.Function(self._module, ir.FunctionType(ir.VoidType(), (ROW,)), "settle")
            self._function.linkage = "internal"
            self._function.attributes.add("noinline")  # every transition calls it
        return self._function

    def define(self) -> None:
        """If anything calls it: what is built before this."""
        if self._function is None:
            return
        b = Builder(self._function)
        (words,) = self._function.args
        state = self._packing.unpacked(b, words)
        with b.when(self._some_deleted(b, state)):
            _Settled(self._shared, self._mortals, b, state.cells).build()
            b.call(self._packing.pack, (state.cells, words))
        b.ret()
        b.finish()

    def _some_deleted(self, b: Builder, state: Unpacked) -> ir.Value:
        return b.differ(b.load(state.cells, self._shared.layout.size), 0)


class _Settled:
    """The code that settles the cells of a state, in place."""

    def __init__(self, shared: Shared, mortals: dict[str, Mortals], b: Builder, found: ir.Value) -> None:
        self._shared = shared
        self._mortals = mortals
        self._count = sum(of_kind.slots for of_kind in mortals.values())
        self._b = b
        self._cells = found
        self._held = b.array(self._count)
        self._freed = b.array(self._count)
        self._grown = b.variable(0)
        """Whether an object was found to be held since this was 0."""

    def build(self) -> None:
        b = self._b
        with b.loop(0, self._count) as each:
            b.store(self._held, each.index, 0)
            b.store(self._freed, each.index, 0)
        self._clear((Role.FIELD, Role.COMPONENT), self._is_deleted)
        self._hold()
        self._free()
        self._clear((Role.CONST_FIELD, Role.BUDGET), self._is_freed)
        self._forget_all()

    # --- clearing ----------------------------------------------------------------------------------------------------

    def _clear(self, roles: tuple[Role, ...], is_gone: Callable[[str, Operand], ir.Value]) -> None:
        """The places with an object that is gone in their index become zero."""
        b = self._b
        for stretch in self._shared.layout.stretches.values():
            owned = any(self._kind(sort) is not None for sort in stretch.variable.index)
            if stretch.variable.role not in roles or not owned:
                continue
            empty = self._shared.constants.row(to_cells(zero(stretch.variable.sort), stretch.variable.sort))
            with self._each_place(stretch.variable) as (number, index):
                gone = b.block("gone")
                for sort, ordinal in zip(stretch.variable.index, index, strict=True):
                    self._jump_by_key(sort, ordinal, is_gone, gone)
                onward = b.block("kept")
                b.jump(onward)
                b.place(gone)
                b.copy(b.at(self._cells, b.scaled(number, stretch.width, stretch.base)), empty, stretch.width)
                b.place(onward)

    @contextmanager
    def _each_place(self, variable: StateVariable) -> Iterator[tuple[Operand, list[ir.Value]]]:
        """A loop over the places of a variable: the number of each, and the ordinals of its index."""
        b, sizes = self._b, self._shared.layout.places.sizes[variable.name]
        count = self._shared.layout.places.count(variable.name)
        with b.loop(0, count) as each:
            rest: ir.Value = each.index
            index: list[ir.Value] = []
            for size in reversed(sizes):
                index.insert(0, b.modulo_unsigned(rest, size))
                rest = b.divide_unsigned(rest, size)
            yield each.index, index

    def _jump_by_key(
        self, sort: Sort, ordinal: ir.Value, test: Callable[[str, Operand], ir.Value], target: ir.Block
    ) -> None:
        """Jumps where the key with an ordinal is an object that may be deleted, and has a property."""
        b, kind = self._b, self._kind(sort)
        if kind is None:
            return
        onward = b.block("no_object")
        slot: Operand = ordinal
        if isinstance(sort, OptionSort):
            b.jump_when(b.equal(ordinal, 0), onward)
            slot = b.subtract(ordinal, 1)
        b.jump_when(test(kind, slot), target)
        b.place(onward)

    def _kind(self, sort: Sort) -> str | None:
        """The kind of the objects of a sort, if they may be deleted."""
        match sort:
            case ObjectSort(kind) if kind in self._mortals:
                return kind
            case OptionSort(inner):
                return self._kind(inner)
            case _:
                return None

    def _status(self, kind: str, slot: Operand) -> ir.Value:
        return self._b.load(self._cells, self._b.scaled(slot, 1, self._mortals[kind].status))

    def _is_deleted(self, kind: str, slot: Operand) -> ir.Value:
        return self._b.equal(self._status(kind, slot), DELETED)

    def _is_free(self, kind: str, slot: Operand) -> ir.Value:
        return self._b.equal(self._status(kind, slot), FREE)

    def _is_freed(self, kind: str, slot: Operand) -> ir.Value:
        return self._b.differ(self._b.load(self._freed, self._b.scaled(slot, 1, self._mortals[kind].first)), 0)

    # --- what is held ------------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        """First by alive objects and variables, then by const fields of held objects, until nothing is added."""
        b = self._b
        holders = [(it, self._owner(it)) for it in self._shared.system.variables if self._may_hold(it)]
        for variable, owner in holders:
            with self._each_place(variable) as (number, index):
                onward = b.block("dead")
                if owner is not None:
                    b.jump_unless(b.equal(self._status(owner, index[0]), ALIVE), onward)
                self._hold_all(self._place(variable, number), variable.sort)
                b.place(onward)
        kept = [(it, owner) for it, owner in holders if it.role is Role.CONST_FIELD and owner is not None]
        self._grown.set(1 if kept else 0)
        with b.while_(lambda: b.differ(self._grown.get(), 0)):
            self._grown.set(0)
            for variable, owner in kept:
                self._hold_by_kept(variable, owner)

    def _may_hold(self, variable: StateVariable) -> bool:
        return variable.role not in (Role.STATUS, Role.BUDGET) and contains_objects(variable.sort)

    def _owner(self, variable: StateVariable) -> str | None:
        """The kind of the objects that the variable belongs to, if they may be deleted."""
        return self._kind(variable.index[0]) if variable.index else None

    def _hold_by_kept(self, variable: StateVariable, owner: str) -> None:
        b = self._b
        with self._each_place(variable) as (number, index):
            onward = b.block("not_kept")
            b.jump_unless(self._is_deleted(owner, index[0]), onward)
            b.jump_unless(self._is_held(owner, index[0]), onward)
            self._hold_all(self._place(variable, number), variable.sort)
            b.place(onward)

    def _place(self, variable: StateVariable, number: Operand) -> Operand:
        return place_in(self._b, self._shared, self._cells, variable, number)

    def _is_held(self, kind: str, slot: Operand) -> ir.Value:
        return self._b.differ(self._b.load(self._held, self._b.scaled(slot, 1, self._mortals[kind].first)), 0)

    def _hold_all(self, value: Operand, sort: Sort) -> None:
        """Whatever a value refers to is held."""
        b = self._b
        if not contains_objects(sort):
            return
        match sort:
            case ObjectSort(kind):
                if kind in self._mortals:
                    self._hold_one(b.scaled(value, 1, self._mortals[kind].first))
            case OptionSort(inner):
                onward = b.block("none")
                b.jump_when(values.is_none(b, value, sort), onward)
                self._hold_all(value if is_scalar(sort) else values.read(b, value, inner, 1), inner)
                b.place(onward)
            case SetSort(element):
                with sets.each_member(b, b.number(value), universe(element)) as member:
                    self._hold_all(member.index, element)
            case SeqSort(element):
                with b.loop(0, b.load(value)) as each:
                    self._hold_all(values.sequence_entry(b, value, sort, each.index), element)
            case MapSort(key, entry_sort):
                with b.loop(0, universe(key).size) as each:
                    # the entries at slots without an object are no values of the model's, and hold nothing
                    self._jump_by_key(key, each.index, self._is_free, each.again)
                    offset = b.multiply(each.index, cells(entry_sort))
                    self._hold_all(values.read(b, value, entry_sort, offset), entry_sort)
            case _:
                raise TypeError(f"no references: {sort}")

    def _hold_one(self, number: Operand) -> None:
        b = self._b
        with b.when(b.equal(b.load(self._held, number), 0)):
            b.store(self._held, number, 1)
            self._grown.set(1)

    # --- what is freed -----------------------------------------------------------------------------------------------

    def _free(self) -> None:
        b = self._b
        for kind, of_kind in self._mortals.items():
            with b.loop(0, of_kind.slots) as slot:
                b.jump_unless(self._is_deleted(kind, slot.index), slot.again)
                b.jump_when(self._is_held(kind, slot.index), slot.again)
                b.store(self._cells, b.add(slot.index, of_kind.status), FREE)
                b.store(self._freed, b.add(slot.index, of_kind.first), 1)

    def _forget_all(self) -> None:
        """The entries of maps at freed objects become zero."""
        for stretch in self._shared.layout.stretches.values():
            if self._has_keys(stretch.variable.sort):
                self._forget_in(stretch)

    def _forget_in(self, stretch: Stretch) -> None:
        b = self._b
        with b.loop(0, stretch.count) as each:
            place = b.at(self._cells, b.scaled(each.index, stretch.width, stretch.base))
            self._forget(place, stretch.variable.sort)

    def _has_keys(self, sort: Sort) -> bool:
        """Whether there are maps in values of a sort with keys that may be deleted."""
        match sort:
            case OptionSort(inner) | SeqSort(inner):
                return self._has_keys(inner)
            case MapSort(key, value):
                return self._kind(key) is not None or self._has_keys(value)
            case _:
                return False

    def _forget(self, row: ir.Value, sort: Sort) -> None:
        b = self._b
        match sort:
            case OptionSort(inner) if self._has_keys(sort):
                with b.when(b.differ(b.load(row), 0)):
                    self._forget(b.at(row, 1), inner)
            case SeqSort(element) if self._has_keys(sort):
                with b.loop(0, b.load(row)) as each:
                    self._forget(values.sequence_place(b, row, sort, each.index), element)
            case MapSort(key, value) if self._has_keys(sort):
                empty, width = self._shared.constants.row(to_cells(zero(value), value)), cells(value)
                with b.loop(0, universe(key).size) as each:
                    entry, gone = b.at(row, b.multiply(each.index, width)), b.block("gone")
                    self._jump_by_key(key, each.index, self._is_freed, gone)
                    self._forget(entry, value)
                    b.jump(each.again)
                    b.place(gone)
                    b.copy(entry, empty, width)
            case _:
                pass
