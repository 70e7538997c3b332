"""Atoms of formulas in all states and steps of a graph: their expressions in machine code."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, Final

import numpy as np
from llvmlite import binding

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.explore.machine.allocation import Allocator, Row, address_of
from kspec.explore.machine.compile import Effort, load
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.make import code_named, kept_name
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.shapes import is_scalar, to_cells
from kspec.explore.machine.temporal.asked import NOTHING_FAILED, Argument, Asked
from kspec.explore.result import Limit
from kspec.explore.temporal.asking import Asking, closed
from kspec.explore.temporal.graph import Masks, StateGraph
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.digest import digest
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import Value
from kspec.user_cache import name_of

TICK: Final = 0.05
"""Seconds between two looks at the limits."""

CHUNK: Final = 1 << 14
"""How many states are asked at a time."""

_Ask: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`ask(row)` with the cells of `Argument`."""

    asked: Asked
    ask: Callable[[int], None]
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""
    expressions: tuple[Expr, ...]
    """As they were given: kept so that the `id` of each stays its own."""


class DoesNotFail(Exception):
    """An atom failed in machine code, and does not fail on `evaluate`: a defect of kspec."""


class Atoms:
    """Asks all states and steps of a graph. Code is made once for all values of scalar locals."""

    def __init__(
        self,
        evaluator: Evaluator,
        graph: StateGraph,
        states: Row,
        allocator: Allocator,
        watch: Watch,
        workers: int,
    ) -> None:
        self.layout = PackedLayout(evaluator.system)
        self._system = evaluator.system
        self._plainly = Asking(evaluator, graph, self.state, watch)
        self._graph = graph
        self._states = states
        self._allocator = allocator
        self._watch = watch
        self._workers = workers
        self._compiled: dict[tuple[object, ...], _Compiled] = {}

    def of_states(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        try:
            masks, failed = self._ask(expressions, values, alive, of_steps=False)
        except NotCompilable:
            return self._plainly.of_states(expressions, values, alive)
        if failed is not None:
            self._plainly.fail_in_state(expressions, values, failed)
            raise DoesNotFail(f"state {failed}")
        return masks

    def of_steps(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        try:
            masks, failed = self._ask(expressions, values, alive, of_steps=True)
        except NotCompilable:
            return self._plainly.of_steps(expressions, values, alive)
        if failed is not None:
            self._plainly.fail_on_step(expressions, values, failed)
            raise DoesNotFail(f"step {failed}")
        return masks

    def state(self, number: int) -> State:
        words = self.layout.words
        return self.layout.unpack(tuple(self._states[number * words : (number + 1) * words].tolist()))

    def _ask(
        self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local], *, of_steps: bool
    ) -> tuple[Masks, int | None]:
        """With the first state, or step, in which some expression fails."""
        compiled = self._compile(expressions, values, alive, of_steps=of_steps)
        count = self._graph.steps if of_steps else self._graph.states
        masks = self._room(count)
        cells = np.array(
            [to_cells(values[local], local.sort)[0] for local in compiled.asked.locals] or [0], dtype=np.int64
        )
        row = self._row(cells, masks)
        self._watch.check()
        return masks[:count], _Chunks(compiled.ask, row, self._graph.states).run(self._workers, self._watch)

    def _row(self, values: np.ndarray[Any, np.dtype[np.int64]], masks: Masks) -> Row:
        """What the code is called with; the chunk of states is still to be said."""
        graph = self._graph
        row = np.zeros(Argument.SIZE, dtype=np.uint64)
        row[Argument.STATES] = self._states.ctypes.data
        row[Argument.VALUES] = values.ctypes.data
        row[Argument.MASKS] = masks.ctypes.data
        row[Argument.OFFSETS] = graph.offsets.ctypes.data
        row[Argument.TARGETS] = graph.targets.ctypes.data
        row[Argument.ACTIONS] = graph.actions.ctypes.data
        row[Argument.FAILED] = NOTHING_FAILED
        return row

    def _room(self, count: int) -> Row:
        """Masks belong to who asked, and how long they live is not known: the watch looks at what is in use."""
        row = self._allocator.row(max(1, count))
        if row is None:
            raise SearchStopped(Limit.MEMORY, "no memory for the atoms of a formula")
        self._allocator.release(row)
        return row

    def _compile(
        self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local], *, of_steps: bool
    ) -> _Compiled:
        """Raises NotCompilable where machine code cannot do what an expression needs."""
        written = {local: value for local, value in values.items() if not is_scalar(local.sort)}
        locals = tuple(local for local in values if local not in written)
        key = (tuple(map(id, expressions)), locals, tuple(written.items()), tuple(alive), of_steps)
        if key not in self._compiled:
            asked = Asked(closed(expressions, written), locals, tuple(alive), of_steps)
            name = name_of("atoms", self._name, digest(asked))
            engine = load(code_named(name, Effort.THOROUGH, lambda: self._generated(asked)))
            ask = _Ask(engine.get_function_address("ask"))
            self._compiled[key] = _Compiled(asked, ask, engine, tuple(expressions))
        return self._compiled[key]

    def _generated(self, asked: Asked) -> str:
        # the generator is loaded only where code is made
        from kspec.explore.machine.temporal.atom_code import generate_atoms

        return str(generate_atoms(self._system, asked))

    @cached_property
    def _name(self) -> str:
        """What the code of the system is kept by."""
        return kept_name(self._system, symmetric=False, fingerprint=None)


@dataclass(slots=True)
class _Chunks:
    """States in chunks, which workers take in turn: all before the first that fails are asked."""

    ask: Callable[[int], None]
    row: Row
    states: int
    is_over: bool = False
    failed: list[int] = field(default_factory=list)
    _starts: count[int] = field(default_factory=lambda: count(0, CHUNK))

    def run(self, workers: int, watch: Watch) -> int | None:
        """The first state or step in which something fails. Raises SearchStopped, and KeyboardInterrupt."""
        if self.states <= CHUNK:
            self._work()
            return min(self.failed, default=None)
        with ThreadPoolExecutor(workers, "atoms") as threads:
            running = [threads.submit(self._work) for _ in range(workers)]
            try:
                while wait(running, timeout=TICK).not_done:
                    watch.check()
            finally:
                self.is_over = True
        for future in running:
            future.result()
        return min(self.failed, default=None)

    def _work(self) -> None:
        row = self.row.copy()
        for first in self._starts:
            if self.is_over or first >= self.states:
                return
            row[Argument.FIRST], row[Argument.END] = first, min(first + CHUNK, self.states)
            self.ask(address_of(row))
            if row[Argument.FAILED] != NOTHING_FAILED:
                self.failed.append(int(row[Argument.FAILED]))
                self.is_over = True
