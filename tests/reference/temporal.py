"""Properties about runs, decided by definition: a fair run that refutes one is looked for in the product of all states
with all ways in which the parts of the formula could turn out (the tableau of Lichtenstein and Pnueli).

A node of the product is a step of a run, or a stop, with a guess for each `until` and `next` of whether it is true
there. The guesses must fit those of the next node, and no `until` may be promised for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import product

from kspec.language import checked
from kspec.language.types import KindType
from tests.reference.expressions import StepTaken, View, domain, evaluate_closed
from tests.reference.formulas import (
    And,
    Condition,
    Formula,
    Meaning,
    Next,
    Not,
    Position,
    Until,
    formula,
    is_true,
    nodes,
)
from tests.reference.graph import Edge, Graph
from tests.reference.search import HIDDEN, enabled_test
from tests.reference.store import Store
from tests.reference.values import Failed, Ref, Value
from tests.reference.world import World


class Verdict(Enum):
    """BOUNDED: nothing was found, and some state is cut."""

    VIOLATED = "violated"
    HOLDS = "holds"
    BOUNDED = "bounded"
    ROOM = "room"
    EMPTY_ASSUMPTION = "empty assumption"
    MODEL_ERROR = "model error"


def verdicts(model: checked.Model, cluster: str, most: int) -> dict[str, Verdict]:
    """Of every `property` and `recoverable`; of none where there is no initial state. Raises TooManyStates, and
    Unsupported for formulas of an unknown form."""
    graph = Graph(World(model, cluster, evaluate_closed), most)
    if not graph.initial:
        return {}
    judge = {"property": verdict, "recoverable": recoverable}
    return {item.name: judge[item.kind](graph, item) for item in graph.world.properties(*judge)}


def recoverable(graph: Graph, declared: checked.Property) -> Verdict:
    try:
        trapped = _trapped(graph, declared)
    except Failed:
        return Verdict.MODEL_ERROR
    is_cut = [any(graph.nodes[state].cut for state in graph.trap(number)) for number in trapped]
    if not trapped:
        return Verdict.BOUNDED if any(node.cut for node in graph.nodes) else Verdict.HOLDS
    return Verdict.ROOM if all(is_cut) else Verdict.VIOLATED


def _trapped(graph: Graph, declared: checked.Property) -> list[int]:
    """The states from which none with the property can be reached."""
    still = StepTaken(HIDDEN, "", enabled_test(graph.world))
    wanted = {
        number
        for number, node in enumerate(graph.nodes)
        if is_true(
            Condition(declared.body, {}), Position(graph.world, node.store, node.store, None, still, frozenset())
        )
    }
    return [number for number in range(len(graph.nodes)) if wanted.isdisjoint(graph.trap(number))]


def verdict(graph: Graph, declared: checked.Property) -> Verdict:
    start = graph.nodes[graph.initial[0]].store
    assumed = tuple(formula(graph.world, start, item.body, {}) for item in graph.world.properties("assume"))
    refutations = [
        (Not(formula(graph.world, start, body, meaning)), tracked)
        for body, meaning, tracked in _instances(graph.world, declared.body, {}, frozenset())
    ]
    try:
        products = [Product(graph, assumed, refuted, tracked) for refuted, tracked in refutations]
        if any(found.has_fair_run(cut=False) for found in products):
            return Verdict.VIOLATED
        if any(found.has_fair_run(cut=True) for found in products):
            return Verdict.ROOM
        if assumed and not Product(graph, assumed, None, frozenset()).has_fair_run(cut=True):
            return Verdict.EMPTY_ASSUMPTION
    except Failed:
        return Verdict.MODEL_ERROR
    return Verdict.BOUNDED if any(node.cut for node in graph.nodes) else Verdict.HOLDS


def _instances(
    world: World, body: checked.Expr, meaning: Meaning, tracked: frozenset[Ref]
) -> Iterator[tuple[checked.Expr, Meaning, frozenset[Ref]]]:
    """What is left of a property without the `forall`s at its head, for every object that may ever be in a slot, and
    every value. Where an object always exists, to follow it is the same as to name it."""
    match body:
        case checked.Quantified("forall", variables, where, inner) if not _is_state_formula(inner):
            rest = inner if where is None else checked.Logical("implies", where, inner, body.span)
            for values in product(*(_values(world, variable) for variable in variables)):
                known = {variable.local.id: value for variable, value in zip(variables, values, strict=True)}
                objects = {value for value in values if isinstance(value, Ref)}
                yield from _instances(world, rest, {**meaning, **known}, tracked | objects)
        case checked.Logical("implies", where, checked.Quantified("forall") as inner) if (
            meaning and not _is_state_formula(inner)
        ):
            for rest, known, objects in _instances(world, inner, meaning, tracked):
                yield checked.Logical("implies", where, rest, body.span), known, objects
        case _:
            yield body, meaning, tracked


def _is_state_formula(body: checked.Expr) -> bool:
    return not any(isinstance(node, checked.Temporal | checked.PatternCall) for node in nodes(body))


def _values(world: World, variable: checked.Variable) -> list[Value]:
    if isinstance(variable.domain, checked.AllOf) and isinstance(variable.domain.type, KindType):
        kind = variable.domain.type.name
        return [Ref(kind, slot) for slot in range(world.slots[kind])]
    return domain(variable.domain, View(world, Store()))


# --- the product -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """`edge`: by number. `begun`: the formula that is to be refuted is about the run from here, or from before.
    `guesses`: the `until`s and `next`s that are taken to be true."""

    edge: int
    gone: frozenset[Ref]
    begun: bool
    guesses: frozenset[Formula]


class Product:
    """Every run with `assumed` true of it, and `refuted` (if given) true from where the tracked objects exist."""

    def __init__(
        self, graph: Graph, assumed: tuple[Formula, ...], refuted: Formula | None, tracked: frozenset[Ref]
    ) -> None:
        self._graph = graph
        self._assumed = assumed
        self._refuted = refuted
        self._tracked = tracked
        self._still = StepTaken(HIDDEN, "", enabled_test(graph.world))
        self._edges: list[Edge] = []
        self._from: dict[int, list[int]] = {}
        for number in range(len(graph.nodes)):
            self._from[number] = []
            for edge in graph.steps_and_stop(number):
                self._from[number].append(len(self._edges))
                self._edges.append(edge)
        self._lasting = [part for whole in assumed for part in _promises(whole)]
        self._of_refuted = [] if refuted is None else list(_promises(refuted))
        self._is_true = cache(self._condition)
        self._after = self._explore()

    def has_fair_run(self, *, cut: bool) -> bool:
        """`cut`: one whose loop has states in which a step is missing counts as well."""
        kept = {
            node
            for node in self._after
            if node.begun and (cut or not self._graph.nodes[self._edges[node.edge].source].cut)
        }
        return self._has_fair_part(kept)

    # --- which nodes there are ---------------------------------------------------------------------------------------

    def _explore(self) -> dict[Node, list[Node]]:
        after: dict[Node, list[Node]] = {}
        waiting = [node for state in self._graph.initial for node in self._first(state)]
        while waiting:
            node = waiting.pop()
            if node not in after:
                after[node] = list(self._next(node))
                waiting.extend(after[node])
        return after

    def _first(self, state: int) -> Iterator[Node]:
        for begun in self._may_begin(state, None):
            for node in self._guessed(self._from[state], frozenset(), begun):
                if all(self._value(whole, node) for whole in self._assumed) and self._begins_well(node, begun):
                    yield node

    def _next(self, node: Node) -> Iterator[Node]:
        edge = self._edges[node.edge]
        edges = [node.edge] if edge.step is None else self._from[edge.target]
        options = {True} if node.begun else self._may_begin(edge.target, edge.source)
        for begun in options:
            gone = node.gone
            if node.begun:
                gone |= {ref for ref in self._tracked if not self._graph.nodes[edge.target].store.alive(ref)}
            for other in self._guessed(edges, gone, begun):
                if self._fits(node, other) and self._begins_well(other, begun and not node.begun):
                    yield other

    def _may_begin(self, state: int, before: int | None) -> set[bool]:
        """Whether the formula may begin to be about the run in a state, and whether it may not."""
        if not self._tracked:
            return {True}
        together = self._exist(state) and (before is None or not self._exist(before))
        return {False, True} if together else {False}

    def _exist(self, state: int) -> bool:
        return all(self._graph.nodes[state].store.alive(ref) for ref in self._tracked)

    def _begins_well(self, node: Node, begins: bool) -> bool:
        return not begins or self._refuted is None or self._value(self._refuted, node)

    def _guessed(self, edges: Iterable[int], gone: frozenset[Ref], begun: bool) -> Iterator[Node]:
        promises = [*self._lasting, *(self._of_refuted if begun else ())]
        for edge in edges:
            for truths in product((False, True), repeat=len(promises)):
                guesses = frozenset(part for part, truth in zip(promises, truths, strict=True) if truth)
                yield Node(edge, gone, begun, guesses)

    def _fits(self, node: Node, after: Node) -> bool:
        """Whether what is guessed of a node is so, if what is guessed of the next one is."""
        for part in (*self._lasting, *(self._of_refuted if node.begun else ())):
            match part:
                case Next(operand):
                    value = self._value(operand, after)
                case Until(left, right):
                    value = self._value(right, node) or (self._value(left, node) and part in after.guesses)
                case _:
                    raise AssertionError(part)
            if value is not (part in node.guesses):
                return False
        return True

    # --- what is true of a node --------------------------------------------------------------------------------------

    def _value(self, part: Formula, node: Node) -> bool:
        match part:
            case Condition():
                return self._is_true(part, node.edge, node.gone)
            case Not(operand):
                return not self._value(operand, node)
            case And(left, right):
                return self._value(left, node) and self._value(right, node)
            case Next() | Until():
                return part in node.guesses

    def _condition(self, condition: Condition, number: int, gone: frozenset[Ref]) -> bool:
        edge = self._edges[number]
        stores = self._graph.nodes[edge.source].store, self._graph.nodes[edge.target].store
        return is_true(condition, Position(self._graph.world, *stores, edge.step, self._still, gone))

    # --- fair runs ---------------------------------------------------------------------------------------------------

    def _has_fair_part(self, nodes: set[Node]) -> bool:
        """Whether a run can stay in some of these nodes for ever, fair, and keeping its promises."""
        return any(self._is_fair(part) for part in components(nodes, lambda node: self._after[node]))

    def _is_fair(self, part: set[Node]) -> bool:
        """Of a strongly connected part: whether some run stays in it. A unit that is owed a step there, and gets none,
        keeps a run from what enables it."""
        promises = (*self._lasting, *self._of_refuted)
        if not all(any(self._is_kept(promise, node) for node in part) for promise in promises):
            return False
        for unit in self._graph.units:
            states = {node: self._graph.nodes[self._edges[node.edge].source] for node in part}
            if any(self._edges[node.edge].unit == unit or states[node].owes_nothing(unit) for node in part):
                continue
            enabling = {node for node in part if unit in states[node].enabled}
            if enabling:
                return self._has_fair_part(part - enabling)
        return True

    def _is_kept(self, promise: Formula, node: Node) -> bool:
        return not isinstance(promise, Until) or promise not in node.guesses or self._value(promise.right, node)


def _promises(part: Formula) -> Iterator[Formula]:
    match part:
        case Condition():
            pass
        case Not(operand):
            yield from _promises(operand)
        case And(left, right):
            yield from _promises(left)
            yield from _promises(right)
        case Next(operand):
            yield part
            yield from _promises(operand)
        case Until(left, right):
            yield part
            yield from _promises(left)
            yield from _promises(right)


def components(nodes: set[Node], after: Callable[[Node], list[Node]]) -> list[set[Node]]:
    """The strongly connected parts that have an edge within: those in which a run can stay (Kosaraju)."""
    before: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node in nodes:
        for other in after(node):
            if other in nodes:
                before[other].append(node)
    order: list[Node] = []
    seen: set[Node] = set()
    for root in nodes:
        _walk(root, lambda node: [other for other in after(node) if other in nodes], seen, order.append)
    found = []
    seen = set()
    for root in reversed(order):
        part: list[Node] = []
        _walk(root, lambda node: before[node], seen, part.append)
        if len(part) > 1 or (part and part[0] in after(part[0])):
            found.append(set(part))
    return found


def _walk(root: Node, after: Callable[[Node], list[Node]], seen: set[Node], leave: Callable[[Node], None]) -> None:
    """Depth first; `leave` gets each new node behind all that are reached through it."""
    if root in seen:
        return
    seen.add(root)
    stack = [(root, iter(after(root)))]
    while stack:
        node, others = stack[-1]
        other = next((other for other in others if other not in seen), None)
        if other is None:
            stack.pop()
            leave(node)
        else:
            seen.add(other)
            stack.append((other, iter(after(other))))
