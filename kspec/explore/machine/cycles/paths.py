"""What can be reached over the edges of a product, and by which paths."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.cycles.memory import NOT_BEGUN, Cell, RuleCell
from kspec.explore.machine.cycles.product import ProductCode, Way
from kspec.explore.temporal.graph import NO_UNIT
from kspec.explore.temporal.marks import MOST_NODES, ROOT, STOP, UNSEEN


def define_begin_behind(function: ir.Function) -> None:
    """`void (row)`: makes roots of what the rules lead to by which the observer leaves its waiting state, from all
    states of the graph in which all tracked objects exist."""
    b = Builder(function)
    p = ProductCode(b, function.args[0])
    waiting = p.get(Cell.WAITING_STATE)
    first = b.multiply(waiting, p.states)
    end = b.block("end")
    with b.loop(0, p.states) as each:
        p.jump_when_stopped(end)
        with b.when(b.differ(p.everything, 0)):
            b.jump_unless(b.equal(p.alive.get(each.index), p.everything), each.again)
        with p.ways(p.beginning(b.add(first, each.index))) as way:
            # a rule that stays is passed over as a whole
            b.jump_when(b.equal(b.load(way.rule, RuleCell.TARGET), waiting), way.next_rule)
            p.marks.set(way.target, ROOT)
    b.place(end)
    b.ret()
    b.finish()


def define_reach(function: ir.Function) -> None:
    """`void (row)`: makes roots of all that can be reached from the nodes on the stack."""
    b = Builder(function)
    p = ProductCode(b, function.args[0])
    end = b.block("end")
    with b.while_(lambda: b.less(0, p.get(Cell.STACK_TOP))):
        p.jump_when_stopped(end)
        top = b.subtract(p.get(Cell.STACK_TOP), 1)
        p.set(Cell.STACK_TOP, top)
        with p.ways(p.beginning(p.stack.get(top))) as way, b.when(b.equal(p.marks.get(way.target), UNSEEN)):
            p.marks.set(way.target, ROOT)
            p.push(way.target)
    b.place(end)
    b.ret()
    b.finish()


def define_nearest(function: ir.Function) -> None:
    """`void (row)`: goes on, breadth first, from the nodes between HEAD and STACK_TOP, up to the first edge that is
    looked for."""
    b = Builder(function)
    p = ProductCode(b, function.args[0])
    parents = p.column(Cell.PARENTS, 32)
    end, found = b.block("end"), b.block("found")
    found_way = [b.variable() for _ in range(4)]
    with b.while_(lambda: b.less(p.get(Cell.HEAD), p.get(Cell.STACK_TOP))):
        p.jump_when_stopped(end)
        node = p.stack.get(p.get(Cell.HEAD))
        at = p.beginning(node)
        with p.ways(at) as way:
            mark = p.marks.get(way.target)
            with b.when(b.differ(p.get(Cell.REGION), 0)):
                b.jump_unless(b.equal(mark, p.get(Cell.REGION)), way.again)
            for variable, value in zip(found_way, (node, at.rule.get(), way.step, way.target), strict=True):
                variable.set(value)
            _jump_when_found(p, way, mark, found)
            with b.when(b.equal(parents.get(way.target), 0)):
                parents.set(way.target, b.add(node, 1))
                p.push(way.target)
        p.add(Cell.HEAD, 1)
    b.jump(end)
    b.place(found)
    cells = (Cell.FOUND_NODE, Cell.FOUND_RULE, Cell.FOUND_STEP, Cell.FOUND_TARGET)
    for cell, variable in zip(cells, found_way, strict=True):
        p.set(cell, variable.get())
    p.set(Cell.FOUND, 1)
    b.place(end)
    b.ret()
    b.finish()


def _jump_when_found(p: ProductCode, way: Way, mark: ir.Value, found: ir.Block) -> None:
    b = p.b

    def outside() -> None:
        b.jump_when(b.both(b.less(MOST_NODES, mark), b.at_most(mark, STOP)), found)

    def inside() -> None:
        b.jump_when(b.equal(way.target, p.get(Cell.HOME)), found)
        with b.when(b.equal(p.get(Cell.HOME), NOT_BEGUN)):
            sets = b.bit_and(b.load(way.rule, RuleCell.ACCEPTANCE), p.get(Cell.WANTED_SETS))
            b.jump_when(b.differ(sets, 0), found)
            wanted = p.pointer(Cell.WANTED_UNITS)
            served = p.units_of(Cell.SERVED, way.target_state)
            with b.loop(0, p.columns) as word:
                common = b.bit_and(b.load(served, word.index), b.load(wanted, word.index))
                b.jump_when(b.differ(common, 0), found)
            unit = p.column(Cell.UNITS, 16).get(way.step)
            with b.when(b.differ(unit, NO_UNIT)):
                bit = b.shift_left(1, b.bit_and(unit, 63))
                b.jump_when(b.differ(b.bit_and(b.load(wanted, b.shift_right(unit, 6)), bit), 0), found)

    b.either(b.equal(p.get(Cell.REGION), 0), outside, inside)
