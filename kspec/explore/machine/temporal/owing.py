"""What a state says of the units of fairness: which a run that comes there again and again serves, and which wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.parts import Parts
from kspec.explore.machine.temporal.memory import Shape, Shared
from kspec.explore.machine.temporal.rows import WorkerRow
from kspec.explore.temporal.units import by_slot, with_strength
from kspec.system.fairness import Slot, Units
from kspec.system.system import ALIVE
from kspec.system.transitions import FairnessStrength

_COLUMN: Final = 64


@dataclass(frozen=True, slots=True)
class Owing:
    """Built around the code that expands a state, which notes the units that are enabled."""

    b: Builder
    parts: Parts
    shape: Shape
    units: Units
    worker: WorkerRow

    def begin(self) -> None:
        """Nothing is known of any unit."""
        with self.b.loop(self.shape.enabled, self.shape.worker) as each:
            self.b.store(self.worker.row, each.index, 0)

    def end(self, state: ir.Value, cells: ir.Value) -> None:
        """All steps of a state, by its number, were taken."""
        b, shape = self.b, self.shape
        if not shape.columns:
            return
        self._note_gone(cells)
        all_served, all_waiting = (
            b.at(self.worker.row_of_all(cell), b.multiply(state, shape.columns))
            for cell in (Shared.SERVED, Shared.WAITING)
        )
        weak, queued, strong = (
            self._masks(strength)
            for strength in (FairnessStrength.WEAK, FairnessStrength.QUEUED, FairnessStrength.STRONG)
        )
        with b.loop(0, shape.columns) as each:
            column = each.index
            enabled, in_queue, gone = (
                b.load(self.worker.masks(start), column) for start in (shape.enabled, shape.in_queue, shape.gone)
            )
            of_weak, of_queued, of_strong = (b.load(masks, column) for masks in (weak, queued, strong))
            served = b.bit_or(self._without(of_weak, enabled), self._without(of_queued, in_queue))
            b.store(all_served, column, b.bit_or(served, gone))
            waiting = b.bit_and(b.bit_or(of_queued, of_strong), self._without(enabled, gone))
            b.store(all_waiting, column, b.bit_or(of_weak, waiting))

    def _without(self, mask: ir.Value, other: ir.Value) -> ir.Value:
        return self.b.bit_and(mask, self.b.bit_xor(other, -1))

    def _note_gone(self, cells: ir.Value) -> None:
        b, shape = self.b, self.shape
        gone = self.worker.masks(shape.gone)
        kinds = {kind.name: kind for kind in self.parts.shared.system.kinds}
        about = by_slot(self.units)
        for name in dict.fromkeys(slot.kind for slot in about):
            kind = kinds[name]
            status = self.parts.layout.status(kind.sort)
            assert status is not None  # the kind is not permanent
            rows = [mask for slot in range(len(kind.slots)) for mask in self._columns(about.get(Slot(name, slot), 0))]
            masks = self.parts.constants.row(rows)
            with b.loop(0, len(kind.slots)) as slot:
                b.jump_when(b.equal(b.load(cells, b.add(slot.index, status)), ALIVE), slot.again)
                of_slot = b.at(masks, b.multiply(slot.index, shape.columns))
                with b.loop(0, shape.columns) as each:
                    b.store(gone, each.index, b.bit_or(b.load(gone, each.index), b.load(of_slot, each.index)))

    def _masks(self, strength: FairnessStrength) -> ir.Value:
        return self.parts.constants.row(self._columns(with_strength(self.units, strength)))

    def _columns(self, mask: int) -> list[int]:
        """A mask of all units as masks of 64, as signed numbers."""
        words = [mask >> _COLUMN * column & (1 << _COLUMN) - 1 for column in range(self.shape.columns)]
        return [word - (1 << _COLUMN) if word >> _COLUMN - 1 else word for word in words]
