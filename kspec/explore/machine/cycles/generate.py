"""The module of a search over a product, which is the same for every graph and every formula."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW
from kspec.explore.machine.cycles.components import define_components, define_judge, define_next_root
from kspec.explore.machine.cycles.memory import NAMES
from kspec.explore.machine.cycles.paths import define_begin_behind, define_nearest, define_reach


def generate_search() -> ir.Module:
    module = ir.Module("cycles")
    of_row = ir.FunctionType(ir.VoidType(), (ROW,))
    components, begin_behind, reach, nearest = (ir.Function(module, of_row, name) for name in NAMES)
    next_root = ir.Function(module, ir.FunctionType(I64, (ROW,)), "next_root")
    judge = ir.Function(module, ir.FunctionType(ir.VoidType(), (ROW, I64)), "judge")
    define_next_root(next_root)
    define_judge(judge)
    define_components(components, next_root, judge)
    define_begin_behind(begin_behind)
    define_reach(reach)
    define_nearest(nearest)
    return module
