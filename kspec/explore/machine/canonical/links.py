"""Reading a state as objects, with what belongs to each alone, and links between them.

What belongs to one object goes into its first colour. A link is a label and the objects that it is about, in order;
links of one kind (the node of a pod, say) lie in one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Operand, Variable
from kspec.explore.machine.canonical.blank import Owner, jump_when_blank, owners_of
from kspec.explore.machine.canonical.mixing import mixed, plus, seed
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.layout import Stretch
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.shapes import CHUNK, cells, is_scalar, none_cell, plain, to_cells, universe
from kspec.explore.symmetry.facts import Fact
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort, zero
from kspec.system.system import Role

MOST_NUMBERS = 1 << 17
"""In the rows of all links."""


@dataclass(frozen=True, slots=True)
class Links:
    """A row of links of one kind, each with the label (if it is not the same for all) and its objects.

    `kinds` are those of the objects.
    """

    kinds: tuple[str, ...]
    row: ir.Value
    count: Operand
    room: int
    label: int | None

    @property
    def stride(self) -> int:
        return len(self.kinds) + (self.label is None)

    def label_of(self, b: Builder, link: ir.Value) -> Operand:
        return b.load(link) if self.label is None else self.label

    def objects_of(self, b: Builder, link: ir.Value) -> list[ir.Value]:
        return [b.load(link, position + (self.label is None)) for position in range(len(self.kinds))]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read on the way to a value: a label, and the objects among indexes and keys. `room`: how often code
    comes here at most for one state."""

    label: Operand
    objects: tuple[tuple[str, ir.Value], ...] = ()
    owners: tuple[Owner, ...] = ()
    """The objects that must be there for the value to be one."""
    room: int = 1

    def with_object(self, kind: ObjectSort, item: ir.Value) -> _Found:
        return replace(self, objects=(*self.objects, (kind.kind, item)))


class Reader:
    """Builds the code that reads a state, given as cells, into colours and links."""

    def __init__(self, b: Builder, moving: Moving, constants: Constants, state: ir.Value, colours: ir.Value) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._cells = state
        self._colours = colours
        self._links: list[tuple[Links, Variable]] = []
        self._start = b.ir.block
        """Where the counts are set to 0."""

    def read(self) -> list[Links]:
        b, moving = self._b, self._moving
        self._start = b.ir.block
        first = [seed("colour", colour) for colour in moving.group.colours]
        b.copy(self._colours, self._constants.row([*first, 0]), moving.size)
        for stretch in moving.layout.stretches.values():
            variable = stretch.variable
            if any(moving.kind_of(sort) for sort in variable.index) or moving.concerns(variable.sort):
                self._over_index(stretch, variable.index, 0, _Found(seed(variable.name)))
        b.store(self._colours, moving.nobody, seed("nobody"))
        found = [replace(links, count=count.get()) for links, count in self._links]
        return [*found, *self._of_constants()]

    # --- constants ---------------------------------------------------------------------------------------------------

    def _of_constants(self) -> list[Links]:
        """The links that are the same in every state, by the kinds of the objects that can be exchanged."""
        rows: dict[tuple[str, ...], list[int]] = {}
        for fact in self._moving.group.facts:
            objects = [item for item in fact[1] if self._moves(item)]
            if len(objects) > 1:
                kinds = tuple(self._kind(item) for item in objects)
                rows.setdefault(kinds, []).extend((_label_of(fact, objects), *objects))
        return [
            Links(kinds, self._constants.row(row), len(row) // (len(kinds) + 1), 0, None) for kinds, row in rows.items()
        ]

    def _moves(self, item: int) -> bool:
        return self._kind(item) in self._moving.kinds

    def _kind(self, item: int) -> str:
        return self._moving.system.kinds[self._moving.objects.kinds[item]].name

    # --- places ------------------------------------------------------------------------------------------------------

    def _over_index(self, stretch: Stretch, index: Sequence[Sort], place: Operand, found: _Found) -> None:
        """Reads the places of a variable; `index` are the sorts of the indexes that are not fixed yet."""
        b = self._b
        if index:
            size = universe(index[0]).size
            with b.loop(0, size) as each:
                inside = self._at_key(found, index[0], each.index, size)
                self._over_index(stretch, index[1:], b.add(b.multiply(place, size), each.index), inside)
            return
        variable = stretch.variable
        cell = b.add(b.multiply(place, stretch.width), stretch.base)
        self._value_unless_blank(found, variable.sort, cell, alive_only=variable.role in (Role.FIELD, Role.COMPONENT))

    def _at_key(self, found: _Found, sort: Sort, ordinal: ir.Value, size: int) -> _Found:
        """One index or key further."""
        owners = (*found.owners, *owners_of(self._b, self._moving, sort, ordinal))
        found = replace(found, owners=owners, room=found.room * size)
        kind = self._moving.kind_of(sort)
        if kind is None:
            return replace(found, label=mixed(self._b, plus(self._b, found.label, ordinal)))
        value = self._b.add(ordinal, universe(sort).origin)
        return found.with_object(kind, self._object(sort, value))

    def _object(self, sort: Sort, value: ir.Value) -> ir.Value:
        """The number of the object that a value is; of nobody for none."""
        kind = plain(sort)
        assert isinstance(kind, ObjectSort)
        item = self._b.add(value, self._moving.objects.base(kind.kind))
        if not isinstance(sort, OptionSort):
            return item
        return self._b.select(self._b.less(value, 0), self._moving.nobody, item)

    # --- values ------------------------------------------------------------------------------------------------------

    def _value_unless_blank(self, found: _Found, sort: Sort, cell: Operand, *, alive_only: bool) -> None:
        end = self._b.block("read")
        if not self._moving.is_plain_when_blank(sort):
            jump_when_blank(self._b, self._cells, found.owners, end, alive_only=alive_only)
        self._value(replace(found, owners=()), sort, cell)
        self._b.place(end)

    def _value(self, found: _Found, sort: Sort, cell: Operand) -> None:
        b = self._b
        match sort:
            case SetSort(element):
                self._set(found, element, cell)
            case MapSort(key, value):
                with b.loop(0, universe(key).size) as each:
                    inside = self._at_key(found, key, each.index, universe(key).size)
                    entry = b.add(cell, b.multiply(each.index, cells(value)))
                    self._value_unless_blank(inside, value, entry, alive_only=False)
            case SeqSort(element, capacity):
                length = b.load(self._cells, cell)
                self._data(found, length, 0)
                with b.loop(0, length) as each:
                    label = mixed(b, plus(b, found.label, b.add(each.index, 1)))
                    inside = replace(found, label=label, room=found.room * capacity)
                    self._value(inside, element, b.add(b.add(cell, 1), b.multiply(each.index, cells(element))))
            case OptionSort(inner) if not is_scalar(sort):
                present = b.load(self._cells, cell)
                self._data(found, present, 0)
                with b.when(b.differ(present, 0)):
                    inside = replace(found, label=mixed(b, plus(b, found.label, 1)))
                    self._value(inside, inner, b.add(cell, 1))
            case _:
                self._scalar(found, sort, b.load(self._cells, cell))

    def _scalar(self, found: _Found, sort: Sort, value: ir.Value) -> None:
        kind = self._moving.kind_of(sort)
        if kind is None:
            self._data(found, value, to_cells(zero(sort), sort)[0])
            return
        there = self._b.differ(value, none_cell(plain(sort))) if isinstance(sort, OptionSort) else None
        self._link(found.with_object(kind, self._object(sort, value)), there)

    def _set(self, found: _Found, element: Sort, cell: Operand) -> None:
        b, kind, values = self._b, self._moving.kind_of(element), universe(element)
        count = cells(SetSort(element))
        with b.loop(0, count) as each:
            bits = b.load(self._cells, b.add(cell, each.index))
            if kind is None:
                label = mixed(b, plus(b, found.label, each.index))
                self._data(replace(found, label=label, room=found.room * count), bits, 0)
            else:
                with b.each_bit(bits) as bit:
                    value = b.add(b.add(b.multiply(each.index, CHUNK), bit.index), values.origin)
                    inside = replace(found, room=found.room * values.size)
                    self._link(inside.with_object(kind, self._object(element, value)), None)

    # --- what is found -----------------------------------------------------------------------------------------------

    def _data(self, found: _Found, value: ir.Value, zero_cell: int) -> None:
        """A value that is no object."""
        b = self._b
        label = mixed(b, plus(b, found.label, value))
        if len(found.objects) == 1:
            self._add_to_colour(found.objects[0][1], label)
        elif found.objects:
            self._push(replace(found, label=label), b.differ(value, zero_cell))

    def _link(self, found: _Found, there: ir.Value | None) -> None:
        """A reference; `there`: whether there is one, if that is not certain."""
        if len(found.objects) == 1:
            item = found.objects[0][1]
            if there is not None:
                item = self._b.select(there, item, self._moving.nobody)
            self._add_to_colour(item, mixed(self._b, found.label))
        else:
            self._push(found, there)

    def _add_to_colour(self, item: ir.Value, amount: Operand) -> None:
        b = self._b
        b.store(self._colours, item, b.add(b.load(self._colours, item), amount))

    def _push(self, found: _Found, there: ir.Value | None) -> None:
        """Always writes the link behind the others, and counts it where it is there."""
        b = self._b
        label = found.label if isinstance(found.label, int) else None
        kinds = tuple(kind for kind, _ in found.objects)
        stride = len(kinds) + (label is None)
        if sum(links.room * links.stride for links, _ in self._links) + found.room * stride > MOST_NUMBERS:
            raise NotCompilable("too many references to be exchanged")
        with b.ir.goto_block(self._start):
            count = b.variable(0)
        links = Links(kinds, b.array((found.room + 1) * stride), 0, found.room, label)
        self._links.append((links, count))
        number = count.get()
        link = b.at(links.row, b.multiply(number, stride))
        if label is None:
            b.store(link, 0, found.label)
        for position, (_, item) in enumerate(found.objects):
            b.store(link, position + (label is None), item)
        count.set(b.add(number, 1 if there is None else b.bit(there)))


def _label_of(fact: Fact, moving: list[int]) -> int:
    """Of a constant link: with the objects that cannot be exchanged."""
    label, objects = fact
    return seed(label, tuple(-1 if item in moving else item for item in objects))
