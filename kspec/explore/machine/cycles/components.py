"""The strongly connected components of a product, and whether a fair run that is accepted can go round in them.

Tarjan's algorithm with one number a node (Nuutila and Soisalon-Soininen 1994; Pearce 2016): a node has the least index
that it is known to reach, and stands on the stack only once it is left, and only if that index is not its own.
A component that is judged is gone through once more. If it would be fair but for nodes that are owed something there
and never get it, the rest becomes roots again, and the search goes on without those nodes (Emerson and Lei 1987).
"""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Variable
from kspec.explore.machine.cycles.memory import (
    BLOCK,
    LOOPS,
    LOWERED,
    NOT_BEGUN,
    RULE_SHIFT,
    Cell,
    FrameCell,
    RuleCell,
)
from kspec.explore.machine.cycles.product import ProductCode
from kspec.explore.temporal.graph import NO_UNIT
from kspec.explore.temporal.marks import CURRENT, DONE, HIGHEST_FAIR, ROOT

_NODE = (1 << 32) - 1


def define_components(function: ir.Function, next_root: ir.Function, judge: ir.Function) -> None:
    """`void (row)`: goes through everything that can be reached from the roots."""
    row = function.args[0]
    b = Builder(function)
    p = ProductCode(b, row)
    frames = p.pointer(Cell.FRAMES)
    end = b.block("end")
    with b.forever():
        p.jump_when_stopped(end)
        again = b.block("again")
        with b.when(b.equal(p.get(Cell.FRAME_TOP), 0)):
            root = b.call(next_root, [row])
            b.jump_when(b.equal(root, NOT_BEGUN), end)
            plane = b.divide_unsigned(root, p.states)
            _enter(p, frames, root, b.load(p.first_rule, b.modulo_unsigned(plane, p.observed)))
        _continue(p, frames, judge, again)
        b.place(again)
        with b.when(b.differ(p.get(Cell.FIRST), 0)):
            b.jump_when(b.differ(p.get(Cell.FOUND), 0), end)
    b.place(end)
    b.ret()
    b.finish()


def _enter(p: ProductCode, frames: ir.Value, node: ir.Value, rule: ir.Value) -> None:
    """Gives a node its index, and puts it on top of those that are not left yet."""
    b = p.b
    index, top = p.get(Cell.INDEX), p.get(Cell.FRAME_TOP)
    p.marks.set(node, index)
    p.set(Cell.INDEX, b.add(index, 1))
    p.set(Cell.FRAME_TOP, b.add(top, 1))
    frame = b.at(frames, b.multiply(top, FrameCell.SIZE))
    b.store(frame, FrameCell.NODE, b.bit_or(node, b.shift_left(rule, RULE_SHIFT)))
    b.store(frame, FrameCell.STEP, NOT_BEGUN)


def _continue(p: ProductCode, frames: ir.Value, judge: ir.Function, again: ir.Block) -> None:
    """Goes on with the node on top, until it comes to a new one or the node is left."""
    b = p.b
    frame = b.at(frames, b.multiply(b.subtract(p.get(Cell.FRAME_TOP), 1), FrameCell.SIZE))
    packed = b.load(frame, FrameCell.NODE)
    node = b.bit_and(packed, _NODE)
    facts = b.variable(b.bit_and(packed, LOWERED | LOOPS))
    low = b.variable(p.marks.get(node))
    at = p.at(node, b.shift_right(packed, RULE_SHIFT), b.load(frame, FrameCell.STEP))
    with p.ways(at) as way:
        seen = p.marks.get(way.target)
        with b.when(b.at_most(seen, ROOT)):
            p.marks.set(node, low.get())
            where = b.bit_or(b.shift_left(at.rule.get(), RULE_SHIFT), facts.get())
            b.store(frame, FrameCell.NODE, b.bit_or(node, where))
            b.store(frame, FrameCell.STEP, way.step)  # looked at once more when the node that it leads to is left
            _enter(p, frames, way.target, way.first_rule)
            b.jump(again)
        with b.when(b.less(seen, low.get())):
            low.set(seen)
            facts.include(LOWERED)
        with b.when(b.equal(way.target, node)):
            facts.include(LOOPS)
    _leave(p, node, low, facts, judge)


def _leave(p: ProductCode, node: ir.Value, low: Variable, facts: Variable, judge: ir.Function) -> None:
    """If nothing earlier can be reached from a node, what lies on the stack and reaches it is its component."""
    b = p.b
    p.set(Cell.FRAME_TOP, b.subtract(p.get(Cell.FRAME_TOP), 1))
    p.marks.set(node, low.get())
    top = p.get(Cell.STACK_TOP)
    p.push(node)

    def close() -> None:
        index = low.get()
        base = b.variable(top)
        with b.while_(lambda: b.less(0, base.get())) as bottom:
            below = b.subtract(base.get(), 1)
            b.jump_when(b.less(p.marks.get(p.stack.get(below)), index), bottom)
            base.set(below)
        p.set(Cell.INDEX, index)
        alone = b.both(b.equal(base.get(), top), b.equal(b.bit_and(facts.get(), LOOPS), 0))

        def drop() -> None:
            p.marks.set(node, DONE)
            p.set(Cell.STACK_TOP, top)

        b.either(alone, drop, lambda: _ignore(b.call(judge, [p.row, base.get()])))

    with b.when(b.equal(b.bit_and(facts.get(), LOWERED), 0)):
        close()


def _ignore(_: ir.Value) -> None:
    """Of a call that returns nothing."""


def define_next_root(function: ir.Function) -> None:
    """`i64 (row)`: a root, the least one; NOT_BEGUN where there is none."""
    b = Builder(function)
    p = ProductCode(b, function.args[0])
    has_roots = p.column(Cell.HAS_ROOTS, 8)
    nodes = p.get(Cell.NODES)
    scan = b.variable(p.get(Cell.SCAN))
    none = b.block("none")
    with b.forever():
        b.jump_unless(b.less(scan.get(), nodes), none)
        at = scan.get()
        block = b.shift_right(at, BLOCK.bit_length() - 1)

        def in_block(at: ir.Value = at, block: ir.Value = block) -> None:
            with b.when(b.equal(p.marks.get(at), ROOT)):
                p.set(Cell.SCAN, at)
                b.ret(at)
            scan.set(b.add(at, 1))
            with b.when(b.equal(b.bit_and(scan.get(), BLOCK - 1), 0)):
                has_roots.set(block, 0)

        def past_block(block: ir.Value = block) -> None:
            scan.set(b.shift_left(b.add(block, 1), BLOCK.bit_length() - 1))

        b.either(b.differ(has_roots.get(block), 0), in_block, past_block)
    b.place(none)
    p.set(Cell.SCAN, scan.get())
    b.ret(b.number(NOT_BEGUN))
    b.finish()


def define_judge(function: ir.Function) -> None:
    """`void (row, base)`: judges the component that lies on the stack from `base` on, and takes it away."""
    b = Builder(function)
    p = ProductCode(b, function.args[0])
    base, top = function.args[1], p.get(Cell.STACK_TOP)
    owed = p.pointer(Cell.OWED)
    units = p.column(Cell.UNITS, 16)
    accepted = b.variable(0)
    missing = b.variable(_owed_by_states(p, base, top, owed))
    stopped, decided = b.block("stopped"), b.block("decided")
    with b.loop(base, top) as each:
        p.jump_when_stopped(stopped)
        b.jump_when(b.both(b.equal(accepted.get(), p.get(Cell.ALL_SETS)), b.equal(missing.get(), 0)), decided)
        at = p.beginning(p.stack.get(each.index))
        with p.ways(at) as way, b.when(b.equal(p.marks.get(way.target), CURRENT)):
            accepted.include(b.load(way.rule, RuleCell.ACCEPTANCE))
            _take(p, owed, units.get(way.step), missing)
    b.place(decided)
    p.set(Cell.STACK_TOP, base)
    fair, rest = b.block("fair"), b.block("rest")
    is_accepted = b.equal(accepted.get(), p.get(Cell.ALL_SETS))
    b.jump_when(b.both(is_accepted, b.equal(missing.get(), 0)), fair)
    b.jump_when(is_accepted, rest)
    _mark_all(p, base, top, DONE)
    b.ret()
    b.place(fair)
    _mark_all(p, base, top, b.subtract(HIGHEST_FAIR, p.get(Cell.FOUND)))
    p.add(Cell.FOUND, 1)
    b.ret()
    b.place(rest)
    _leave_those_owed(p, base, top, owed)
    b.ret()
    b.place(stopped)
    b.ret()
    b.finish()


def _owed_by_states(p: ProductCode, base: ir.Value, top: ir.Value, owed: ir.Value) -> ir.Value:
    """Marks the component as the current one, sets `owed` to the units that wait in one of its states and that none of
    them serves, and counts them."""
    b = p.b
    served = b.at(owed, p.columns)
    with b.loop(0, b.multiply(p.columns, 2)) as each:
        b.store(owed, each.index, 0)
    with b.loop(base, top) as each:
        node = p.stack.get(each.index)
        p.marks.set(node, CURRENT)
        state = p.state_of(node)
        for cell, into in ((Cell.WAITING, owed), (Cell.SERVED, served)):
            of_state = p.units_of(cell, state)
            with b.loop(0, p.columns) as word:
                b.store(into, word.index, b.bit_or(b.load(into, word.index), b.load(of_state, word.index)))
    count = b.variable(0)
    with b.loop(0, p.columns) as word:
        unserved = b.bit_xor(b.load(served, word.index), -1)
        left = b.bit_and(b.load(owed, word.index), unserved)
        b.store(owed, word.index, left)
        count.add(b.count_bits(left))
    return count.get()


def _take(p: ProductCode, owed: ir.Value, unit: ir.Value, missing: Variable) -> None:
    """A unit that is taken is not owed any more."""
    b = p.b
    with b.when(b.differ(unit, NO_UNIT)):
        word = b.shift_right(unit, 6)
        bit = b.shift_left(1, b.bit_and(unit, 63))
        before = b.load(owed, word)
        with b.when(b.differ(b.bit_and(before, bit), 0)):
            b.store(owed, word, b.bit_xor(before, bit))
            missing.add(-1)


def _mark_all(p: ProductCode, base: ir.Value, top: ir.Value, mark: ir.Value | int) -> None:
    with p.b.loop(base, top) as each:
        p.marks.set(p.stack.get(each.index), mark)


def _leave_those_owed(p: ProductCode, base: ir.Value, top: ir.Value, owed: ir.Value) -> None:
    """Those to which something is owed are done, the others roots again."""
    b = p.b
    has_roots = p.column(Cell.HAS_ROOTS, 8)
    with b.loop(base, top) as each:
        node = p.stack.get(each.index)
        waiting = p.units_of(Cell.WAITING, p.state_of(node))
        common = b.variable(0)
        with b.loop(0, p.columns) as word:
            common.include(b.bit_and(b.load(waiting, word.index), b.load(owed, word.index)))

        def again(node: ir.Value = node) -> None:
            p.marks.set(node, ROOT)
            has_roots.set(b.shift_right(node, BLOCK.bit_length() - 1), 1)
            p.set(Cell.SCAN, b.select(b.less(node, p.get(Cell.SCAN)), node, p.get(Cell.SCAN)))

        def done(node: ir.Value = node) -> None:
            p.marks.set(node, DONE)

        b.either(b.equal(common.get(), 0), again, done)
