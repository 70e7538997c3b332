"""The packed state: where in its words each cell of each variable is.

The variables that belong to the objects of a kind (fields, status, component variables and budgets by that kind) lie
together in a record for each slot. Records stand one behind the other, and none that has room in a word crosses the
end of one. Constant variables cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.explore.machine.program import NotCompilable, Words
from kspec.explore.machine.shapes import Leaf, cells, from_cells, leaves, to_cells
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import Role, System, Variable

WORD = 64
FIRST_WORD = 62
"""The two top bits of word 0 belong to the search."""
MOST_STATE_CELLS = 1 << 15
"""More would fill the stack."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The cells of a variable: `base` is the first, each place has `width` of them."""

    variable: Variable
    base: int
    width: int
    count: int
    """How many places there are."""

    @property
    def end(self) -> int:
        return self.base + self.width * self.count


@dataclass(frozen=True, slots=True)
class Regular:
    """Cells that lie in one word at a fixed distance from each other: `start` and so many behind it."""

    start: int
    count: int
    word: int
    shift: int
    stride: int


class PackedLayout:
    """The cells of all variables that are not constant, and where each is packed."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.places = Layout(system)
        self.stretches: dict[str, Stretch] = {}
        self.leaves: list[Leaf] = []
        for variable in system.variables:
            if variable.constant is None:
                self._add(variable)
        self._statuses = {
            stretch.variable.index[0]: stretch.base
            for stretch in self.stretches.values()
            if stretch.variable.role is Role.STATUS
        }
        self.size = len(self.leaves)
        """How many cells a state has."""
        self._bins = _Bins()
        self.positions = self._place_all()
        """For each cell the number of its lowest bit: 64 times the word, plus the bit in it."""
        self.words = self._bins.words

    def _add(self, variable: Variable) -> None:
        of_place = list(leaves(variable.sort))
        count = self.places.count(variable.name)
        if len(self.leaves) + count * len(of_place) > MOST_STATE_CELLS:
            raise NotCompilable(f"a state of more than {MOST_STATE_CELLS:,} cells")
        self.stretches[variable.name] = Stretch(variable, len(self.leaves), cells(variable.sort), count)
        self.leaves.extend(of_place * count)

    def status(self, kind: ObjectSort) -> int | None:
        """The cell of the status of a kind's first slot; None for permanent kinds."""
        return self._statuses.get(kind)

    # --- where cells are packed --------------------------------------------------------------------------------------

    def _place_all(self) -> list[int]:
        """Large groups first, then whatever has room in the words that are open."""
        positions = [0] * self.size
        groups = sorted(self._groups(), key=lambda group: -sum(self._bits(record) for record in group))
        for group in groups:
            total = sum(self._bits(record) for record in group)
            start = self._bins.room_for(total) if total <= WORD else None
            for record in group:
                self._place(record, positions, start)
                if start is not None:
                    start += self._bits(record)
        return positions

    def _place(self, record: Sequence[int], positions: list[int], start: int | None) -> None:
        """`start`: where there is room for the whole record; else a record is kept in one word if it can be."""
        bits = self._bits(record)
        if start is None and bits <= WORD:
            start = self._bins.append(bits)
        for cell in record:
            width = self.leaves[cell].bits
            if not width:
                continue  # bit 0 of word 0 will do
            positions[cell] = self._bins.append(width) if start is None else start
            if start is not None:
                start += width

    def _bits(self, record: Sequence[int]) -> int:
        return sum(self.leaves[cell].bits for cell in record)

    def _groups(self) -> list[list[list[int]]]:
        """The cells of the records of each kind, and those of each other variable."""
        groups = [self._records(kind.sort) for kind in self.system.kinds]
        others = [stretch for stretch in self.stretches.values() if _owner(stretch.variable) is None]
        groups.extend([[cell] for cell in range(stretch.base, stretch.end)] for stretch in others)
        return [group for group in groups if any(group)]

    def _records(self, kind: ObjectSort) -> list[list[int]]:
        records: list[list[int]] = [[] for _ in range(kind.slots)]
        for stretch in self.stretches.values():
            if _owner(stretch.variable) == kind:
                for slot, record in enumerate(records):
                    of_slot = (stretch.end - stretch.base) // kind.slots
                    first = stretch.base + slot * of_slot
                    record.extend(range(first, first + of_slot))
        return records

    def regular(self, start: int, end: int) -> Regular | None:
        """How these cells lie, if they are one run."""
        runs = self.runs(start, end)
        return runs[0] if len(runs) == 1 else None

    def runs(self, start: int, end: int) -> list[Regular]:
        """Runs of cells that lie in one word each at a fixed distance, packed alike."""
        runs: list[Regular] = []
        for cell in range(start, end):
            word, shift = divmod(self.positions[cell], WORD)
            if runs and self.leaves[cell] == self.leaves[runs[-1].start] and runs[-1].word == word:
                last = runs[-1]
                stride = shift - last.shift - last.stride * (last.count - 1)
                if last.count == 1 or stride == last.stride:
                    runs[-1] = replace(last, count=last.count + 1, stride=stride)
                    continue
            runs.append(Regular(cell, 1, word, shift, 0))
        return runs

    # --- states ------------------------------------------------------------------------------------------------------

    def pack(self, state: State) -> Words:
        words = [0] * self.words
        position = 0
        for stretch in self.stretches.values():
            cell = stretch.base
            for value in state[position : position + stretch.count]:
                for number in to_cells(value, stretch.variable.sort):
                    word, shift = divmod(self.positions[cell], WORD)
                    words[word] |= self.leaves[cell].encode(number) << shift
                    cell += 1
            position += stretch.count
        return tuple(words)

    def unpack(self, words: Words) -> State:
        found = [
            leaf.decode(words[position // WORD] >> position % WORD & ((1 << leaf.bits) - 1))
            for leaf, position in zip(self.leaves, self.positions, strict=True)
        ]
        values: list[Value] = []
        for stretch in self.stretches.values():
            starts = (stretch.base + place * stretch.width for place in range(stretch.count))
            values.extend(from_cells(found[start : start + stretch.width], stretch.variable.sort) for start in starts)
        return tuple(values)

    def mask(self, stretches: Sequence[Stretch]) -> Words:
        """The bits that the cells of some variables have in each word."""
        words = [0] * self.words
        for stretch in stretches:
            for cell in range(stretch.base, stretch.end):
                word, shift = divmod(self.positions[cell], WORD)
                words[word] |= ((1 << self.leaves[cell].bits) - 1) << shift
        return tuple(words)


def _owner(variable: Variable) -> ObjectSort | None:
    """The kind whose records a variable belongs to."""
    match variable.index:
        case (ObjectSort() as kind, *_):
            return kind
        case _:
            return None


class _Bins:
    """The words, each filled from its lowest bit."""

    def __init__(self) -> None:
        self._used = [0]

    @property
    def words(self) -> int:
        return len(self._used)

    def room_for(self, bits: int) -> int:
        """Takes so many bits in the first word that has room for them all."""
        for word, used in enumerate(self._used):
            if used + bits <= _capacity(word):
                return self._take(word, bits)
        self._used.append(0)
        return self._take(len(self._used) - 1, bits)

    def append(self, bits: int) -> int:
        """Takes so many bits behind what was taken last, or in a new word."""
        if self._used[-1] + bits > _capacity(len(self._used) - 1):
            self._used.append(0)
        return self._take(len(self._used) - 1, bits)

    def _take(self, word: int, bits: int) -> int:
        start = word * WORD + self._used[word]
        self._used[word] += bits
        return start


def _capacity(word: int) -> int:
    return WORD if word else FIRST_WORD
