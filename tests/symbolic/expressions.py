"""Random expressions of every node and sort, and random states for them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from hypothesis import strategies as st

from kspec.evaluate.run import State
from kspec.system import expressions as e
from kspec.system.sorts import (
    BOOL,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    zero,
)
from kspec.system.system import ALIVE, FREE, STATUS, Kind, Role, System, Variable

NUMBER = IntSort(-3, 5)
COLOUR = EnumSort("Colour", ("red", "green", "blue"))
POD = ObjectSort("Pod", 3)
NODE = ObjectSort("Node", 2)
KEY = IntSort(0, 2)
SETS: tuple[SetSort, ...] = (SetSort(NUMBER), SetSort(POD), SetSort(OptionSort(COLOUR)))
MAPS: tuple[MapSort, ...] = (MapSort(KEY, NUMBER), MapSort(POD, OptionSort(NODE)))
SEQ = SeqSort(NUMBER, 3)

VARIABLES: tuple[Variable, ...] = (
    Variable("status Pod", (POD,), STATUS, Role.STATUS),
    Variable("Pod.weight", (POD,), NUMBER, Role.FIELD),
    Variable("Pod.node", (POD,), OptionSort(NODE), Role.FIELD),
    Variable("Pod.owner", (POD,), POD, Role.CONST_FIELD),
    Variable("Node.zone", (NODE,), COLOUR, Role.CONST_FIELD, constant=(2, 0)),
    Variable("Node.size", (NODE,), NUMBER, Role.CONST_FIELD, constant=(2, -1)),
    Variable("flag", (), BOOL, Role.GLOBAL),
    Variable("number", (), NUMBER, Role.GLOBAL),
    Variable("leader", (), OptionSort(POD), Role.GLOBAL),
    *(Variable(f"set {i}", (), sort, Role.GLOBAL) for i, sort in enumerate(SETS)),
    *(Variable(f"map {i}", (), sort, Role.GLOBAL) for i, sort in enumerate(MAPS)),
    Variable("queue", (), SEQ, Role.GLOBAL),
)

SYSTEM = System(
    model="random",
    cluster="only",
    kinds=(
        Kind("Pod", ("p0", "p1", "p2"), permanent=False, single=False),
        Kind("Node", ("n0", "n1"), permanent=True, single=False),
    ),
    variables=VARIABLES,
    initial={v.name: (zero(v.sort),) * (3 if v.index else 1) for v in VARIABLES if v.constant is None},
    choices=(),
    initially=(),
    actions=(),
    disabled=(),
    transitions=(),
    properties=(),
    expectations=(),
)

_ids = count(1)


# --- states ----------------------------------------------------------------------------------------------------------


def values(sort: Sort) -> st.SearchStrategy[Value]:
    match sort:
        case IntSort(int(lo), int(hi)):
            return st.integers(lo, hi)
        case EnumSort(_, members):
            return st.integers(0, len(members) - 1)
        case ObjectSort(_, slots):
            return st.integers(0, slots - 1)
        case OptionSort(inner):
            return st.none() | values(inner)
        case SetSort(element):
            return st.frozensets(values(element), max_size=3)
        case MapSort(IntSort(), inner):
            return st.tuples(*[values(inner)] * 3)
        case MapSort(ObjectSort(_, slots), inner):
            return st.tuples(*[values(inner)] * slots)
        case SeqSort(element, capacity):
            return st.lists(values(element), max_size=capacity).map(tuple)
        case _:
            return st.booleans()


@st.composite
def states(draw: st.DrawFn) -> State:
    state: list[Value] = []
    for variable in VARIABLES:
        if variable.constant is None:
            sizes = [sort.slots for sort in variable.index if isinstance(sort, ObjectSort)]
            chosen = st.sampled_from([FREE, ALIVE, ALIVE]) if variable.sort is STATUS else values(variable.sort)
            state += [draw(chosen) for _ in range(sizes[0] if sizes else 1)]
    return tuple(state)


# --- expressions -----------------------------------------------------------------------------------------------------


class Grower:
    """Draws expressions of a sort, up to a depth; numbers get the interval that their parts give."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._locals: list[e.Local] = []

    def _one_of(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))

    def _any(self, ways: dict[str, Callable[[], e.Expr]]) -> e.Expr:
        return ways[self._one_of(*ways)]()

    def bit(self, depth: int) -> e.Expr:
        if depth == 0:
            return self._any({"read": lambda: e.Read("flag", (), BOOL), "literal": lambda: e.TRUE})
        d = depth - 1
        return self._any(
            {
                "not": lambda: e.Not(self.bit(d)),
                "and": lambda: e.And((self.bit(d), self.bit(d), self.bit(d))),
                "or": lambda: e.Or((self.bit(d), self.bit(d), self.bit(d))),
                "implies": lambda: e.Implies(self.bit(d), self.bit(d)),
                "compare": lambda: e.Compare(self._draw(st.sampled_from(e.Order)), self.number(d), self.number(d)),
                "equal": lambda: self._equal(d),
                "alive": lambda: e.IsAlive(self.pod(d)),
                "quantifier": lambda: self._quantifier(d),
                "in sequence": lambda: e.Contains(self.number(d), self.seq(d)),
                "in set": lambda: self._contains(d),
                "subset": lambda: self._subset(d),
                "sequence fits": lambda: e.Fits(self.seq(d), SEQ),
                "number fits": lambda: e.Fits(self.number(d), KEY),
                "if": lambda: e.If(self.bit(d), self.bit(d), self.bit(d), BOOL),
                "require": lambda: e.Require(self.bit(d), self.bit(d), e.FailureKind.ASSERTS, "required"),
                "let": lambda: self._let(d),
            }
        )

    def _contains(self, d: int) -> e.Expr:
        sort = self._draw(st.sampled_from(SETS))
        return e.Contains(self.of(sort.element, d), self.set(sort, d))

    def _subset(self, d: int) -> e.Expr:
        sort = self._draw(st.sampled_from(SETS))
        return e.Subset(self.set(sort, d), self.set(sort, d))

    def _let(self, d: int) -> e.Expr:
        value = self.number(d)
        local = e.Local(next(_ids), "x", value.sort)
        return e.Let(local, value, self._with(local, lambda: self.bit(d)))

    def _with(self, local: e.Local, grow: Callable[[], e.Expr]) -> e.Expr:
        self._locals.append(local)
        grown = grow()
        self._locals.pop()
        return grown

    def _equal(self, d: int) -> e.Expr:
        sort = self._draw(st.sampled_from([NUMBER, COLOUR, POD, OptionSort(NODE), *SETS, *MAPS, SEQ]))
        left = self.of(sort, d)
        if isinstance(sort, OptionSort) and self._one_of("option", "value") == "value":
            return e.Equal(left, self.of(sort.inner, d))
        return e.Equal(left, self.of(sort, d))

    def _binding(self, d: int) -> e.Binding:
        match self._one_of("existing", "slots", "all", "members", "entries"):
            case "existing":
                sort, domain = POD, e.Existing(POD)
            case "slots":
                sort, domain = POD, e.Slots(POD)
            case "all":
                sort, domain = KEY, e.AllValues(KEY)
            case "members":
                chosen = self.set(self._draw(st.sampled_from(SETS)), d)
                sort, domain = element_of(chosen), e.Members(chosen)
            case _:
                sequence = self.seq(d)
                sort, domain = element_of(sequence), e.Members(sequence)
        return e.Binding(e.Local(next(_ids), "b", sort), domain)

    def _bound(self, d: int) -> tuple[e.Binding, ...]:
        """One or two bindings, whose locals can be used from now on."""
        bindings = [self._binding(min(d, 1))]
        self._locals.append(bindings[0].local)
        if self._one_of("one", "two") == "two":
            bindings.append(self._binding(0))
            self._locals.append(bindings[1].local)
        return tuple(bindings)

    def _leave(self, bindings: tuple[e.Binding, ...]) -> None:
        del self._locals[-len(bindings) :]

    def _quantifier(self, d: int) -> e.Expr:
        bindings = self._bound(d)
        quantified = self._draw(st.sampled_from(e.Quantified))
        expr = e.Quantifier(quantified, bindings, self.bit(min(d, 1)), self.bit(d))
        self._leave(bindings)
        return expr

    def of(self, sort: Sort, depth: int) -> e.Expr:
        match sort:
            case IntSort():
                return self.number(depth)
            case EnumSort():
                return self._simple(sort, depth, "Node.zone", NODE)
            case ObjectSort("Pod"):
                return self.pod(depth)
            case ObjectSort():
                return self._simple(sort, 0)
            case OptionSort():
                return self._option(sort, depth)
            case SetSort():
                return self.set(sort, depth)
            case MapSort():
                return self.map(sort, depth)
            case SeqSort():
                return self.seq(depth)
            case _:
                return self.bit(depth)

    def _simple(self, sort: Sort, depth: int, variable: str = "", index: Sort | None = None) -> e.Expr:
        used = [local for local in self._locals if local.sort == sort]
        if used and self._one_of("use", "other") == "use":
            return e.Use(self._draw(st.sampled_from(used)))
        if depth and variable and self._one_of("read", "literal") == "read":
            return e.Read(variable, (self.of(index or POD, depth - 1),), sort)
        return e.Literal(self._draw(values(sort)), sort)

    def pod(self, depth: int) -> e.Expr:
        if depth and self._one_of("unwrap", "other") == "unwrap":
            leader = e.Read("leader", (), OptionSort(POD))
            none = e.Literal(None, leader.sort)
            return e.If(e.Equal(leader, none), e.Literal(0, POD), e.Unwrap(leader, POD), POD)
        return self._simple(POD, depth, "Pod.owner", POD)

    def _option(self, sort: OptionSort, depth: int) -> e.Expr:
        if depth and sort == OptionSort(NODE):
            match self._one_of("read", "map", "literal", "if"):
                case "read":
                    return e.Read("Pod.node", (self.pod(depth - 1),), sort, needs_alive=True)
                case "map":
                    return e.MapRead(self.map(MAPS[1], depth - 1), self.pod(depth - 1), sort)
                case "if":
                    return e.If(self.bit(depth - 1), self._option(sort, depth - 1), self._option(sort, depth - 1), sort)
        if depth and sort == OptionSort(POD):
            return e.Lookup(POD, ("Pod.weight",), (self.number(depth - 1),), sort)
        return self._simple(sort, 0)

    def number(self, depth: int) -> e.Expr:
        used = [local for local in self._locals if isinstance(local.sort, IntSort)]
        if used and self._one_of("use", "other") == "use":
            return e.Use(self._draw(st.sampled_from(used)))
        if depth == 0:
            if self._one_of("read", "literal") == "read":
                return e.Read("number", (), NUMBER)
            value = self._draw(st.integers(-3, 5))
            return e.Literal(value, IntSort(value, value))
        d = depth - 1
        return self._any(
            {
                "arithmetic": lambda: arithmetic(
                    self._draw(st.sampled_from(e.Operator)), self.number(d), self.number(d)
                ),
                "weight": lambda: e.Read("Pod.weight", (self.pod(d),), NUMBER, needs_alive=self._draw(st.booleans())),
                "node size": lambda: e.Read("Node.size", (self.of(NODE, d),), NUMBER),
                "set size": lambda: e.Size(self.set(self._draw(st.sampled_from(SETS)), d), IntSort(0, 64)),
                "length": lambda: e.Size(self.seq(d), IntSort(0, 8)),
                "aggregate": lambda: self._aggregate(d),
                "if": lambda: self._number_if(d),
                "map": lambda: e.MapRead(self.map(MAPS[0], d), self.number(d), NUMBER),
                "first": lambda: self._first(d),
                "extreme": lambda: self._unwrapped_extreme(d),
            }
        )

    def _number_if(self, d: int) -> e.Expr:
        left, right = self.number(d), self.number(d)
        return e.If(self.bit(d), left, right, joined(left.sort, right.sort))

    def _first(self, d: int) -> e.Expr:
        sequence = self.seq(d)
        return e.First(sequence, element_of(sequence))

    def _unwrapped_extreme(self, d: int) -> e.Expr:
        extreme, zero_sort = self._extreme(d), IntSort(0, 0)
        assert isinstance(extreme.sort, OptionSort)
        missing, inner = e.Equal(extreme, e.Literal(None, extreme.sort)), extreme.sort.inner
        return e.If(missing, e.Literal(0, zero_sort), e.Unwrap(extreme, inner), joined(inner, zero_sort))

    def _aggregate(self, d: int) -> e.Expr:
        bindings = self._bound(min(d, 1))
        where = self.bit(min(d, 1))
        if self._one_of("count", "sum") == "count":
            one = e.Literal(1, IntSort(1, 1))
            expr = e.Aggregate(e.Aggregation.COUNT, bindings, where, one, IntSort(0, 4096))
        else:
            body = self.number(min(d, 1))
            lo, hi = bounds(joined(body.sort, IntSort(0, 0)))
            expr = e.Aggregate(e.Aggregation.SUM, bindings, where, body, IntSort(4096 * lo, 4096 * hi))
        self._leave(bindings)
        return expr

    def _extreme(self, d: int) -> e.Expr:
        bindings = self._bound(min(d, 1))
        where, body = self.bit(min(d, 1)), self.number(min(d, 1))
        self._leave(bindings)
        which = self._draw(st.sampled_from([e.Aggregation.MIN, e.Aggregation.MAX]))
        return e.Aggregate(which, bindings, where, body, OptionSort(body.sort))

    def set(self, sort: SetSort, depth: int) -> e.Expr:
        if depth == 0:
            read, known = f"set {SETS.index(sort)}", self._draw(values(sort))
            return self._any({"read": lambda: e.Read(read, (), sort), "literal": lambda: e.Literal(known, sort)})
        d = depth - 1
        ways: dict[str, Callable[[], e.Expr]] = {
            "elements": lambda: self._elements(sort, d),
            "operation": lambda: self._set_operation(sort, d),
            "if": lambda: self._set_if(sort, d),
        }
        if sort.element == NUMBER:
            ways["range"] = lambda: self._range(d)
        if sort.element == POD:
            ways["comprehension"] = lambda: self._comprehension(d)
        return self._any(ways)

    def _elements(self, sort: SetSort, d: int) -> e.Expr:
        elements = (self.of(sort.element, d), self.of(sort.element, d))
        return e.SetLiteral(elements, SetSort(joined_element(*elements)))

    def _set_operation(self, sort: SetSort, d: int) -> e.Expr:
        left, right = self.set(sort, d), self.set(sort, d)
        element = joined_sort(element_of(left), element_of(right))
        return e.SetOperation(self._draw(st.sampled_from(e.SetOperator)), left, right, SetSort(element))

    def _set_if(self, sort: SetSort, d: int) -> e.Expr:
        left, right = self.set(sort, d), self.set(sort, d)
        return e.If(self.bit(d), left, right, SetSort(joined_sort(element_of(left), element_of(right))))

    def _range(self, d: int) -> e.Expr:
        left, right = self.number(min(d, 1)), self.number(min(d, 1))
        return e.NumberRange(left, right, SetSort(joined(left.sort, right.sort)))

    def _comprehension(self, d: int) -> e.Expr:
        local = e.Local(next(_ids), "c", POD)
        where = self._with(local, lambda: self.bit(d))
        return e.SetComprehension(e.Binding(local, e.Existing(POD)), where, SetSort(POD))

    def map(self, sort: MapSort, depth: int) -> e.Expr:
        if depth == 0:
            return e.Read(f"map {MAPS.index(sort)}", (), sort)
        d = depth - 1
        match self._one_of("build", "with", "if"):
            case "build":
                key = e.Local(next(_ids), "k", sort.key)
                return e.MapBuild(key, self._with(key, lambda: self._entry(sort, d)), sort)
            case "with":
                key = self.number(d) if isinstance(sort.key, IntSort) else self.pod(d)
                return e.MapWith(self.map(sort, d), key, self._entry(sort, d), sort)
            case _:
                return e.If(self.bit(d), self.map(sort, d), self.map(sort, d), sort)

    def _entry(self, sort: MapSort, d: int) -> e.Expr:
        """A value that a stored map can have."""
        return self.number(0) if isinstance(sort.value, IntSort) else self.of(sort.value, d)

    def seq(self, depth: int) -> e.Expr:
        if depth == 0:
            return e.Read("queue", (), SEQ)
        d = depth - 1
        return self._any(
            {
                "literal": lambda: self._entries(d),
                "push": lambda: self._push(d),
                "pop": lambda: self._pop(d),
                "if": lambda: self._seq_if(d),
            }
        )

    def _entries(self, d: int) -> e.Expr:
        elements = (self.number(d), self.number(d))
        return e.SeqLiteral(elements, SeqSort(joined_element(*elements), 2))

    def _push(self, d: int) -> e.Expr:
        sequence, element = self.seq(d), self.number(d)
        sort = SeqSort(joined(element_of(sequence), element.sort), capacity_of(sequence) + 1)
        return e.Push(sequence, element, sort)

    def _pop(self, d: int) -> e.Expr:
        sequence = self.seq(d)
        return e.Pop(sequence, sequence.sort)

    def _seq_if(self, d: int) -> e.Expr:
        left, right = self.seq(d), self.seq(d)
        capacity = max(capacity_of(left), capacity_of(right))
        return e.If(self.bit(d), left, right, SeqSort(joined(element_of(left), element_of(right)), capacity))


def element_of(collection: e.Expr) -> Sort:
    assert isinstance(collection.sort, SetSort | SeqSort)
    return collection.sort.element


def capacity_of(sequence: e.Expr) -> int:
    assert isinstance(sequence.sort, SeqSort)
    return sequence.sort.capacity


def joined_element(left: e.Expr, right: e.Expr) -> Sort:
    return joined_sort(left.sort, right.sort)


def joined_sort(left: Sort, right: Sort) -> Sort:
    return joined(left, right) if isinstance(left, IntSort) else left


def bounds(sort: Sort) -> tuple[int, int]:
    match sort:
        case IntSort(int(lo), int(hi)):
            return lo, hi
        case _:
            raise AssertionError(f"no bounded numbers: {sort}")


def joined(left: Sort, right: Sort) -> IntSort:
    (a, b), (c, d) = bounds(left), bounds(right)
    return IntSort(min(a, c), max(b, d))


def arithmetic(operator: e.Operator, left: e.Expr, right: e.Expr) -> e.Arithmetic:
    """With the interval of all results."""
    (a, b), (c, d) = bounds(left.sort), bounds(right.sort)
    match operator:
        case e.Operator.ADD:
            sort = IntSort(a + c, b + d)
        case e.Operator.SUBTRACT:
            sort = IntSort(a - d, b - c)
        case e.Operator.MULTIPLY:
            products = [x * y for x in (a, b) for y in (c, d)]
            sort = IntSort(min(products), max(products))
        case e.Operator.DIVIDE:
            most = max(abs(a), abs(b))
            sort = IntSort(-most, most)
        case e.Operator.MODULO:
            sort = IntSort(min(0, c + 1), max(0, d - 1))
    return e.Arithmetic(operator, left, right, sort)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> e.Expr:
    sort = draw(st.sampled_from([BOOL, BOOL, BOOL, NUMBER, POD, OptionSort(NODE), OptionSort(POD), *SETS, *MAPS, SEQ]))
    return Grower(draw).of(sort, depth)
