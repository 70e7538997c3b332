"""The searches over a product, in machine code. The code is the same for every graph and every formula."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from kspec.explore.machine.allocation import Row
from kspec.explore.machine.cycles.code import Function, functions_of
from kspec.explore.machine.cycles.memory import BLOCK, NAMES, NOT_BEGUN, Cell, FrameCell, RuleCell
from kspec.explore.machine.cycles.running import Array, point, run, zeros
from kspec.explore.temporal.edges import Hop, hop_between
from kspec.explore.temporal.marks import FIRST_INDEX, ROOT, is_wanted
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import Marks, Wanted
from kspec.explore.watch import Watch

_ITSELF: Final = 0xFFFFFFFF
"""In place of the node before one: a path begins here."""


class MachineSearch:
    """See `Search`."""

    def __init__(self, product: Product, watch: Watch) -> None:
        self.product = product
        self._watch = watch
        self._code = _code()
        self._kept: dict[Cell, Array] = {}
        self._row = np.zeros(Cell.SIZE, dtype=np.uint64)
        self._describe()

    def no_marks(self) -> Marks:
        return zeros(self.product.nodes, np.uint32)

    def begin_behind(self, marks: Marks, waiting: int) -> None:
        self._row[Cell.WAITING_STATE] = waiting
        self._run(self._code["begin_behind"], marks)

    def reach(self, marks: Marks) -> None:
        stack = zeros(self.product.nodes, np.uint32)
        roots = np.flatnonzero(marks == ROOT)
        stack[: len(roots)] = roots
        self._point(Cell.STACK, stack)
        self._row[Cell.STACK_TOP] = len(roots)
        self._run(self._code["reach"], marks)

    def components(self, marks: Marks, *, first: bool) -> int:
        nodes, row = self.product.nodes, self._row
        rows = {
            Cell.STACK: zeros(nodes, np.uint32),
            Cell.FRAMES: zeros(nodes * FrameCell.SIZE, np.uint64),
            Cell.HAS_ROOTS: np.ones(nodes // BLOCK + 1, dtype=np.uint8),
            Cell.OWED: np.zeros(2 * self.product.graph.served.shape[1] + 1, dtype=np.uint64),
        }
        for cell, array in rows.items():
            self._point(cell, array)
        row[Cell.STACK_TOP] = row[Cell.FRAME_TOP] = row[Cell.SCAN] = row[Cell.FOUND] = 0
        row[Cell.INDEX], row[Cell.FIRST] = FIRST_INDEX, first
        self._run(self._code["components"], marks)
        return int(row[Cell.FOUND])

    # --- paths --------------------------------------------------------------------------------------------------------

    def to_wanted(self, marks: Marks, roots: Sequence[int]) -> tuple[int, list[Hop]] | None:
        for root in roots:
            if is_wanted(int(marks[root])):
                return root, []
        self._row[Cell.REGION] = 0
        return self._nearest(marks, roots)

    def within(self, marks: Marks, start: int, wanted: Wanted) -> list[Hop]:
        columns = self.product.graph.served.shape[1]
        units = np.array([wanted.units >> 64 * column & (1 << 64) - 1 for column in range(columns)], dtype=np.uint64)
        self._point(Cell.WANTED_UNITS, units)
        self._row[Cell.REGION], self._row[Cell.WANTED_SETS] = marks[start], wanted.acceptance
        self._row[Cell.HOME] = wanted.home if wanted.is_home else NOT_BEGUN
        found = self._nearest(marks, [start])
        assert found is not None, "what is wanted is in the component"
        return found[1]

    def _nearest(self, marks: Marks, roots: Sequence[int]) -> tuple[int, list[Hop]] | None:
        queue, parents = zeros(self.product.nodes, np.uint32), zeros(self.product.nodes, np.uint32)
        queue[: len(roots)] = roots
        parents[list(roots)] = _ITSELF
        self._point(Cell.STACK, queue)
        self._point(Cell.PARENTS, parents)
        row = self._row
        row[Cell.HEAD], row[Cell.STACK_TOP], row[Cell.FOUND] = 0, len(roots), 0
        self._run(self._code["nearest"], marks)
        if not row[Cell.FOUND]:
            return None
        node = int(row[Cell.FOUND_NODE])
        rule = int(row[Cell.FOUND_RULE]) - self._first_rules[self.product.node(node).observed]
        hops = [Hop(rule, int(row[Cell.FOUND_STEP]), int(row[Cell.FOUND_TARGET]))]
        while (parent := int(parents[node])) != _ITSELF:
            hops.append(hop_between(self.product, parent - 1, node))
            node = parent - 1
        return node, hops[::-1]

    # --- the row ------------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        product, row = self.product, self._row
        graph, letters, observer = product.graph, product.letters, product.observer
        arrays: dict[Cell, Array | None] = {
            Cell.OFFSETS: graph.offsets,
            Cell.TARGETS: graph.targets,
            Cell.UNITS: graph.units,
            Cell.SERVED: graph.served,
            Cell.WAITING: graph.waiting,
            Cell.LETTERS: letters.states,
            Cell.STEP_LETTERS: np.zeros(graph.steps, np.uint64) if letters.steps is None else letters.steps,
            Cell.ALIVE: letters.alive,
            Cell.KEEP: np.array(letters.keep, dtype=np.uint64),
            Cell.GONE: np.array(letters.gone, dtype=np.uint64),
            Cell.RULES: self._rules(),
            Cell.FIRST_RULE: np.array(self._first_rules, dtype=np.uint64),
        }
        for cell, array in arrays.items():
            if array is not None:
                self._point(cell, array)
        row[Cell.STATES], row[Cell.NODES], row[Cell.OBSERVED] = graph.states, product.nodes, observer.states
        row[Cell.COLUMNS], row[Cell.ALL_SETS] = graph.served.shape[1], observer.all_sets
        row[Cell.EVERYTHING] = product.everything_alive

    @property
    def _first_rules(self) -> list[int]:
        """The number of the first rule of each state, and of all rules."""
        numbers = [0]
        for rules in self.product.observer.rules:
            numbers.append(numbers[-1] + len(rules))
        return numbers

    def _rules(self) -> Row:
        rules = [rule for of_state in self.product.observer.rules for rule in of_state]
        rows = np.zeros((len(rules) + 1, RuleCell.SIZE), dtype=np.uint64)
        for row, rule in zip(rows, rules, strict=False):
            row[RuleCell.POSITIVE], row[RuleCell.NEGATIVE] = rule.positive, rule.negative
            row[RuleCell.STEP_POSITIVE], row[RuleCell.STEP_NEGATIVE] = rule.step_positive, rule.step_negative
            row[RuleCell.TARGET], row[RuleCell.ACCEPTANCE], row[RuleCell.PHASE] = (
                rule.target,
                rule.acceptance,
                rule.phase,
            )
        return rows.reshape(-1)

    def _point(self, cell: Cell, array: Array) -> None:
        """Keeps the array for as long as the code may use it."""
        self._kept[cell] = array
        point(self._row, cell, array)

    def _run(self, function: Function, marks: Marks) -> None:
        self._point(Cell.MARKS, marks)
        run(function, self._row, self._watch)


@cache
def _code() -> dict[str, Function]:
    return functions_of("cycles", NAMES, _generated)


def _generated() -> str:
    # the generator is loaded only where code is made
    from kspec.explore.machine.cycles.generate import generate_search

    return str(generate_search())
