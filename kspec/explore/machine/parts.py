"""What the code of every function of a system stands on: how states are packed, and what the state after a step is."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.code import Shared
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.enabling import Enabling
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.packing import Packing
from kspec.explore.machine.settling import Settling
from kspec.explore.machine.successor import Successors
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Parts:
    shared: Shared
    packing: Packing
    settling: Settling
    successors: Successors

    @property
    def layout(self) -> PackedLayout:
        return self.shared.layout

    @property
    def constants(self) -> Constants:
        return self.shared.constants

    def define(self) -> None:
        """Defines the functions that pack, unpack and settle states, once all that may call them is built."""
        self.packing.define()
        self.settling.define()


def parts_of(system: System, module: ir.Module) -> Parts:
    """Raises NotCompilable where a state of the system cannot be packed."""
    layout = PackedLayout(system)
    constants = Constants(module)
    packing = Packing(module, layout, constants)
    shared = Shared(system, layout, constants)
    settling = Settling(module, shared, packing)
    successors = Successors(packing, settling)
    shared.enabled = Enabling(module, successors)
    return Parts(shared, packing, settling, successors)
