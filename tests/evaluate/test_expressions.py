"""Every expression node: its value, and the order in which it looks at its parts."""

from __future__ import annotations

import pytest

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator, evaluate_closed
from kspec.evaluate.run import Failure
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Aggregate,
    Aggregation,
    AllValues,
    And,
    Arithmetic,
    Binding,
    Contains,
    Existing,
    Expr,
    FailureKind,
    First,
    Fits,
    If,
    Implies,
    IsAlive,
    Let,
    Literal,
    Local,
    Lookup,
    MapBuild,
    MapRead,
    MapWith,
    Members,
    Not,
    NumberRange,
    Operator,
    Or,
    Pop,
    Push,
    Quantified,
    Quantifier,
    Require,
    SeqLiteral,
    SetComprehension,
    SetLiteral,
    SetOperation,
    SetOperator,
    Size,
    Slots,
    Subset,
    Unwrap,
)
from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, Value
from kspec.system.spans import Span
from kspec.system.system import ALIVE, DELETED, FREE
from tests.building import (
    SystemBuilder,
    at_most,
    constant,
    equal,
    field,
    kind,
    less,
    local,
    number,
    plus,
    read,
    state_of,
    use,
    value,
    variable,
)

DIGIT = IntSort(0, 9)
DIGITS = SetSort(DIGIT)
QUEUE = SeqSort(DIGIT, 3)
FLAGS = MapSort(IntSort(1, 3), BOOL)
FAILS = Arithmetic(Operator.DIVIDE, number(1), number(0), DIGIT)
FAILS_AS_CONDITION = equal(FAILS, number(0))


def digits(*members: int) -> Literal:
    return Literal(frozenset(members), DIGITS)


def failure_of(expr: Expr) -> FailureKind:
    with pytest.raises(EvaluationError) as raised:
        evaluate_closed(expr)
    return raised.value.failure.kind


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Not(TRUE), False),
        (And(()), True),
        (And((TRUE, TRUE, FALSE)), False),
        (And((FALSE, FAILS_AS_CONDITION)), False),
        (And((TRUE, FALSE, FAILS_AS_CONDITION)), False),
        (Or(()), False),
        (Or((FALSE, FALSE, TRUE)), True),
        (Or((TRUE, FAILS_AS_CONDITION)), True),
        (Or((FALSE, TRUE, FAILS_AS_CONDITION)), True),
        (Implies(FALSE, FAILS_AS_CONDITION), True),
        (Implies(TRUE, FALSE), False),
        (equal(number(2), number(2)), True),
        (equal(value(None, OptionSort(DIGIT)), number(0)), False),
        (equal(plus(number(1), number(1)), plus(number(2), number(0))), True),
        (less(number(1), number(1)), False),
        (at_most(number(1), number(1)), True),
        (If(TRUE, number(1), FAILS, DIGIT), 1),
        (If(FALSE, FAILS, number(2), DIGIT), 2),
        (Fits(number(10), DIGIT), False),
        (Fits(number(9), DIGIT), True),
        (Fits(number(-5), IntSort(None, 3)), True),
        (Fits(digits(3, 10), DIGITS), False),
        (Fits(Literal((1, 2, 3, 4), QUEUE), QUEUE), False),
        (Unwrap(value(3, OptionSort(DIGIT)), DIGIT), 3),
        (Require(TRUE, number(1), FailureKind.RANGES, "no"), 1),
    ],
)
def test_logic(expr: Expr, expected: Value) -> None:
    assert evaluate_closed(expr) == expected


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        (Operator.ADD, 2, 3, 5),
        (Operator.SUBTRACT, 2, 3, -1),
        (Operator.MULTIPLY, -2, 3, -6),
        (Operator.DIVIDE, 7, 2, 3),
        (Operator.DIVIDE, -7, 2, -4),
        (Operator.DIVIDE, 7, -2, -4),
        (Operator.MODULO, -7, 2, 1),
        (Operator.MODULO, 7, -2, -1),
    ],
)
def test_arithmetic(operator: Operator, left: int, right: int, expected: int) -> None:
    assert evaluate_closed(Arithmetic(operator, number(left), number(right), IntSort(None, None))) == expected


def test_let_is_evaluated_once_before_its_body() -> None:
    x = local("x", DIGIT)
    assert evaluate_closed(Let(x, number(3), plus(x, x))) == 6
    assert failure_of(Let(x, FAILS, number(1))) is FailureKind.RANGES


@pytest.mark.parametrize("operator", [Operator.DIVIDE, Operator.MODULO])
def test_division_by_zero_fails(operator: Operator) -> None:
    assert failure_of(Arithmetic(operator, number(1), number(0), DIGIT)) is FailureKind.RANGES


def test_a_requirement_that_is_false_fails_before_its_body() -> None:
    assert failure_of(Require(FALSE, FAILS, FailureKind.LIVE_REFERENCES, "gone")) is FailureKind.LIVE_REFERENCES


def test_an_unwrapped_none_is_an_internal_error() -> None:
    with pytest.raises(AssertionError):
        evaluate_closed(Unwrap(value(None, OptionSort(DIGIT)), DIGIT))


# --- quantifiers -----------------------------------------------------------------------------------------------------


def over(it: Local, *more: Local) -> tuple[Binding, ...]:
    return tuple(Binding(each, AllValues(each.sort)) for each in (it, *more))


@pytest.mark.parametrize("quantified", Quantified)
def test_quantifiers_fail_wherever_a_binding_fails(quantified: Quantified) -> None:
    x = local("x", IntSort(0, 3))
    one_over_two_minus_x = Arithmetic(
        Operator.DIVIDE, number(1), Arithmetic(Operator.SUBTRACT, number(2), use(x), IntSort(-1, 2)), IntSort(-1, 1)
    )
    fails_at_two = equal(one_over_two_minus_x, number(1))  # true at 1 only, before it fails at 2
    assert failure_of(Quantifier(quantified, over(x), TRUE, fails_at_two)) is FailureKind.RANGES
    assert failure_of(Quantifier(quantified, over(x), TRUE, Not(fails_at_two))) is FailureKind.RANGES


@pytest.mark.parametrize("failing", [0, 1, 2, 3])
def test_a_failure_for_a_later_variable_is_one(failing: int) -> None:
    """The domain of a second variable may fail for a binding of the first: then, too, the others are evaluated."""
    x, y = local("x", IntSort(0, 3)), local("y", IntSort(0, 1))
    distance = Arithmetic(Operator.SUBTRACT, use(x), number(failing), IntSort(-3, 3))
    inverse = Arithmetic(Operator.DIVIDE, number(1), distance, IntSort(-1, 1))
    upto = NumberRange(number(0), inverse, SetSort(IntSort(0, 1)))
    bindings = (*over(x), Binding(y, Members(upto)))
    assert failure_of(Quantifier(Quantified.EXISTS, bindings, TRUE, TRUE)) is FailureKind.RANGES
    assert failure_of(Quantifier(Quantified.FORALL, bindings, TRUE, FALSE)) is FailureKind.RANGES


@pytest.mark.parametrize("first", [0, 1])
def test_of_several_failures_the_least_counts(first: int) -> None:
    """By kind, then by place, whichever binding comes first."""
    x = local("x", IntSort(0, 2))

    def failing(kind: FailureKind, line: int) -> Expr:
        return Require(FALSE, TRUE, kind, "", Span("model", line, 1, line, 2))

    def at_first(one: Expr, other: Expr) -> Failure:
        body = If(equal(use(x), number(first)), one, If(equal(use(x), number(2)), TRUE, other, BOOL), BOOL)
        with pytest.raises(EvaluationError) as error:
            evaluate_closed(Quantifier(Quantified.FORALL, over(x), TRUE, body))
        return error.value.failure

    ranges, dead, asserts = (failing(kind, 9 - line) for line, kind in enumerate(FailureKind))
    assert at_first(dead, ranges).kind is at_first(ranges, dead).kind is FailureKind.RANGES
    assert at_first(asserts, dead).kind is at_first(dead, asserts).kind is FailureKind.LIVE_REFERENCES
    later, earlier = failing(FailureKind.RANGES, 4), failing(FailureKind.RANGES, 3)
    assert at_first(later, earlier).span.line == at_first(earlier, later).span.line == 3


def test_collections_fail_wherever_a_binding_fails() -> None:
    x = local("x", IntSort(0, 3))
    divided = equal(Arithmetic(Operator.DIVIDE, number(1), use(x), IntSort(0, 1)), number(1))
    (binding,) = over(x)
    numbers = SetSort(IntSort(0, 3))
    assert failure_of(SetComprehension(binding, divided, numbers)) is FailureKind.RANGES
    assert failure_of(MapBuild(x, divided, MapSort(IntSort(0, 3), BOOL))) is FailureKind.RANGES
    assert failure_of(Aggregate(Aggregation.MAX, over(x), divided, use(x), OptionSort(x.sort))) is FailureKind.RANGES


def test_the_body_is_evaluated_only_where_the_condition_holds() -> None:
    x = local("x", IntSort(0, 3))
    never = less(x, number(0))
    assert evaluate_closed(Quantifier(Quantified.FORALL, over(x), never, FAILS_AS_CONDITION)) is True
    assert evaluate_closed(Quantifier(Quantified.EXISTS, over(x), never, FAILS_AS_CONDITION)) is False
    assert evaluate_closed(Aggregate(Aggregation.SUM, over(x), never, FAILS, DIGIT)) == 0


def test_exactly_one() -> None:
    x, y = local("x", IntSort(0, 2)), local("y", IntSort(0, 2))

    def sum_is(total: int) -> Expr:
        return equal(plus(x, y), number(total))

    assert evaluate_closed(Quantifier(Quantified.EXACTLY_ONE, over(x, y), TRUE, sum_is(4))) is True
    assert evaluate_closed(Quantifier(Quantified.EXACTLY_ONE, over(x, y), TRUE, sum_is(3))) is False
    assert evaluate_closed(Quantifier(Quantified.EXACTLY_ONE, over(x, y), less(x, y), sum_is(3))) is True


def test_aggregates() -> None:
    x, y = local("x", IntSort(1, 3)), local("y", IntSort(1, 3))
    smaller = less(x, y)

    def aggregate(aggregation: Aggregation, where: Expr, body: Expr) -> Value:
        return evaluate_closed(Aggregate(aggregation, over(x, y), where, body, IntSort(None, None)))

    assert aggregate(Aggregation.COUNT, smaller, number(1)) == 3
    assert aggregate(Aggregation.SUM, smaller, plus(x, y)) == 3 + 4 + 5
    assert aggregate(Aggregation.MIN, smaller, plus(x, y)) == 3
    assert aggregate(Aggregation.MAX, smaller, plus(x, y)) == 5
    assert aggregate(Aggregation.MIN, FALSE, number(1)) is None
    assert aggregate(Aggregation.MAX, FALSE, number(1)) is None
    assert aggregate(Aggregation.SUM, FALSE, number(1)) == 0


def test_a_domain_may_use_locals_bound_before_it() -> None:
    x, y = local("x", IntSort(1, 3)), local("y", DIGIT)
    up_to_x = Members(NumberRange(number(1), use(x), SetSort(DIGIT)))
    bindings = (Binding(x, AllValues(x.sort)), Binding(y, up_to_x))
    assert evaluate_closed(Aggregate(Aggregation.COUNT, bindings, TRUE, number(1), DIGIT)) == 1 + 2 + 3


def test_members_may_be_none() -> None:
    x = local("x", OptionSort(DIGIT))
    some = Binding(x, Members(Literal(frozenset({5, None, 2}), SetSort(x.sort))))
    is_none = equal(x, value(None, x.sort))
    assert evaluate_closed(Quantifier(Quantified.EXACTLY_ONE, (some,), TRUE, is_none)) is True
    assert evaluate_closed(Aggregate(Aggregation.COUNT, (some,), Not(is_none), number(1), DIGIT)) == 2


def test_members_of_a_sequence_count_once() -> None:
    x = local("x", DIGIT)
    binding = Binding(x, Members(Literal((3, 1, 3), QUEUE)))
    assert evaluate_closed(Aggregate(Aggregation.COUNT, (binding,), TRUE, number(1), DIGIT)) == 2


def test_too_many_values_are_refused_only_where_they_are_enumerated() -> None:
    x = local("x", IntSort(0, 65_536))
    every = Quantifier(Quantified.EXISTS, over(x), TRUE, TRUE)
    assert evaluate_closed(And((FALSE, every))) is False
    with pytest.raises(EnumerationTooLarge) as raised:
        evaluate_closed(every)
    assert (raised.value.what, raised.value.count) == ("x", 65_537)
    largest = local("x", IntSort(1, 65_536))
    assert evaluate_closed(Aggregate(Aggregation.COUNT, over(largest), TRUE, number(1), DIGIT)) == 65_536


# --- sets, maps, sequences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (SetLiteral((number(1), number(2), number(1)), DIGITS), frozenset({1, 2})),
        (NumberRange(number(2), number(4), DIGITS), frozenset({2, 3, 4})),
        (NumberRange(number(2), number(1), DIGITS), frozenset()),
        (SetOperation(SetOperator.UNION, digits(1), digits(2), DIGITS), frozenset({1, 2})),
        (SetOperation(SetOperator.MINUS, digits(1, 2), digits(2), DIGITS), frozenset({1})),
        (SetOperation(SetOperator.INTERSECT, digits(1, 2), digits(2), DIGITS), frozenset({2})),
        (Contains(number(1), digits(1)), True),
        (Contains(value(None, OptionSort(DIGIT)), digits(0)), False),
        (Contains(number(1), Literal((2, 1), QUEUE)), True),
        (Contains(number(5), NumberRange(number(0), number(10**9), SetSort(IntSort(0, None)))), True),
        (Contains(value(None, OptionSort(DIGIT)), NumberRange(number(0), number(1), DIGITS)), False),
        (Subset(digits(1), digits(1, 2)), True),
        (Subset(digits(3), digits(1, 2)), False),
        (Size(digits(1, 2), DIGIT), 2),
        (Size(Literal((1, 1), QUEUE), DIGIT), 2),
        (SeqLiteral((number(2), number(1)), SeqSort(DIGIT, 2)), (2, 1)),
        (First(Literal((2, 1), QUEUE), DIGIT), 2),
        (Push(Literal((2, 1), QUEUE), number(3), QUEUE), (2, 1, 3)),
        (Pop(Literal((2, 1), QUEUE), QUEUE), (1,)),
        (MapRead(Literal((True, False, True), FLAGS), number(2), BOOL), False),
        (MapWith(Literal((True, False, True), FLAGS), number(3), FALSE, FLAGS), (True, False, False)),
    ],
)
def test_collections(expr: Expr, expected: Value) -> None:
    assert evaluate_closed(expr) == expected


def test_set_comprehension() -> None:
    x = local("x", DIGIT)
    assert evaluate_closed(SetComprehension(over(x)[0], less(x, number(3)), DIGITS)) == frozenset({0, 1, 2})


def test_map_build() -> None:
    x = local("x", IntSort(1, 3))
    assert evaluate_closed(MapBuild(x, less(x, number(2)), FLAGS)) == (True, False, False)


@pytest.mark.parametrize(
    "expr",
    [
        First(Literal((), QUEUE), DIGIT),
        Pop(Literal((), QUEUE), QUEUE),
        MapRead(Literal((True, False, True), FLAGS), number(0), BOOL),
        MapWith(Literal((True, False, True), FLAGS), number(4), FALSE, FLAGS),
    ],
)
def test_what_is_not_there_fails(expr: Expr) -> None:
    assert failure_of(expr) is FailureKind.RANGES


def test_a_large_set_of_numbers_is_refused() -> None:
    with pytest.raises(EnumerationTooLarge):
        evaluate_closed(NumberRange(number(0), number(10**12), SetSort(IntSort(0, None))))


# --- the state -------------------------------------------------------------------------------------------------------


class Cluster:
    """Two nodes of fixed capacity that are always there, and three pods that may not be."""

    def __init__(self) -> None:
        builder = SystemBuilder()
        self.node = builder.kind(kind("Node", 2))
        self.pod = builder.kind(kind("Pod", 3, permanent=False))
        self.capacity = builder.variable(constant(self.node, "capacity", DIGIT, (4, 7)))
        self.rank = builder.variable(field(self.pod, "rank", DIGIT), 5, 6, 0)
        self.serial = builder.variable(field(self.pod, "serial", DIGIT, const=True), 1, 2, 0)
        self.total = builder.variable(variable("total", DIGIT), 3)
        self.system = builder.build()
        self.evaluator = Evaluator(self.system)
        self.state = state_of(self.system, status_Pod=(ALIVE, DELETED, FREE))

    def value(self, expr: Expr) -> Value:
        return self.evaluator.state_value(expr, self.state)

    def slot(self, number: int, of: Sort | None = None) -> Literal:
        return Literal(number, of or self.pod.sort)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


def test_reading_variables(cluster: Cluster) -> None:
    n = local("n", cluster.node.sort)
    every_node = Binding(n, Existing(cluster.node.sort))
    total = Aggregate(Aggregation.SUM, (every_node,), TRUE, read(cluster.capacity, n), DIGIT)
    assert cluster.value(read(cluster.total)) == 3
    assert cluster.value(read(cluster.rank, cluster.slot(1))) == 6
    assert cluster.value(read(cluster.capacity, cluster.slot(1, cluster.node.sort))) == 7
    assert cluster.value(total) == 11


def test_reading_a_dead_object_fails_where_it_must_be_alive(cluster: Cluster) -> None:
    assert cluster.value(read(cluster.rank, cluster.slot(0), alive=True)) == 5
    assert cluster.value(read(cluster.serial, cluster.slot(1))) == 2
    for slot in (1, 2):
        with pytest.raises(EvaluationError) as raised:
            cluster.value(read(cluster.rank, cluster.slot(slot), alive=True))
        assert raised.value.failure.kind is FailureKind.LIVE_REFERENCES
        assert raised.value.failure.span.file == "test"


def test_the_index_is_evaluated_before_the_object_is_looked_at(cluster: Cluster) -> None:
    index = Let(local("x", DIGIT), FAILS, cluster.slot(1))
    with pytest.raises(EvaluationError) as raised:
        cluster.value(read(cluster.rank, index, alive=True))
    assert raised.value.failure.kind is FailureKind.RANGES


def test_only_objects_that_are_there_exist(cluster: Cluster) -> None:
    assert [cluster.value(IsAlive(cluster.slot(slot))) for slot in range(3)] == [True, False, False]
    assert cluster.value(IsAlive(cluster.slot(1, cluster.node.sort))) is True
    p = local("p", cluster.pod.sort)
    for domain, expected in ((Existing(cluster.pod.sort), {0}), (Slots(cluster.pod.sort), {0, 1, 2})):
        members = SetComprehension(Binding(p, domain), TRUE, SetSort(cluster.pod.sort))
        assert cluster.value(members) == frozenset(expected)


def test_members_include_deleted_objects(cluster: Cluster) -> None:
    p = local("p", cluster.pod.sort)
    members = Members(Literal(frozenset({0, 1}), SetSort(p.sort)))
    assert cluster.value(Aggregate(Aggregation.COUNT, (Binding(p, members),), TRUE, number(1), DIGIT)) == 2


def test_lookup_finds_the_alive_object_with_the_key(cluster: Cluster) -> None:
    def lookup(key: int) -> Expr:
        return Lookup(cluster.pod.sort, (cluster.serial.name,), (number(key),), OptionSort(cluster.pod.sort))

    assert cluster.value(lookup(1)) == 0
    assert cluster.value(lookup(2)) is None
    assert cluster.value(lookup(0)) is None


def test_map_build_gives_zero_to_slots_without_an_object(cluster: Cluster) -> None:
    p = local("p", cluster.pod.sort)
    built = MapBuild(p, read(cluster.rank, p, alive=True), MapSort(cluster.pod.sort, IntSort(3, 9)))
    assert cluster.value(built) == (5, 3, 3)
