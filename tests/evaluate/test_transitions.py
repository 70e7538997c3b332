"""Transitions: bindings, guards, failures, allocation, writes, and the order of all these."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kspec.evaluate.clauses import ClauseUses
from kspec.evaluate.errors import EnumerationTooLarge
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.run import State, Taken
from kspec.system.expressions import (
    TRUE,
    Arithmetic,
    Binding,
    Expr,
    FailureKind,
    Members,
    NumberRange,
    Operator,
)
from kspec.system.sorts import BOOL, IntSort, SetSort, Value
from kspec.system.spans import NOWHERE
from kspec.system.system import ALIVE, DELETED, FREE, Role, System, Variable
from kspec.system.transitions import Check, Define, ForEachCheck, Write
from tests.building import (
    AnyStep,
    SystemBuilder,
    allocate,
    assign,
    differ,
    equal,
    field,
    kind,
    less,
    local,
    negated,
    number,
    parameter,
    plus,
    read,
    state_of,
    status,
    use,
    value,
    variable,
    when,
    write,
)

DIGIT = IntSort(0, 9)
UP_TO_2 = IntSort(0, 2)
TOTAL = variable("total", DIGIT)


def divided(by: Expr) -> Expr:
    return Arithmetic(Operator.DIVIDE, number(6), by, DIGIT)


def one_action(steps: Sequence[AnyStep], writes: Sequence[Write] = (), refused: Expr | None = None) -> System:
    """One global number, first 1, and one action."""
    builder = SystemBuilder()
    builder.variable(TOTAL, 1)
    builder.action("act", steps, writes, refused=refused)
    return builder.build()


def outcomes(system: System, state: State | None = None) -> list[Outcome]:
    return list(Evaluator(system).outcomes(state_of(system) if state is None else state))


def values_of(found: Sequence[Outcome]) -> list[tuple[Value, ...]]:
    return [outcome.taken.values for outcome in found]


def test_one_outcome_a_binding_in_order_last_one_fastest() -> None:
    x, y = local("x", UP_TO_2), local("y", BOOL)
    found = outcomes(one_action([parameter(x), parameter(y)], [assign(TOTAL, x)]))
    assert values_of(found) == [(0, False), (0, True), (1, False), (1, True), (2, False), (2, True)]
    assert [outcome.state for outcome in found if isinstance(outcome, Stepped)] == [(0,), (0,), (1,), (1,), (2,), (2,)]


def test_every_path_of_an_action_is_taken() -> None:
    builder = SystemBuilder()
    builder.variable(TOTAL, 1)
    action = builder.action("act", writes=[assign(TOTAL, number(2))])
    builder.path(action, writes=[assign(TOTAL, number(3))])
    found = outcomes(builder.build())
    assert found == [Stepped(Taken(0, ()), (2,), False), Stepped(Taken(1, ()), (3,), False)]


def test_a_false_guard_disables_its_binding() -> None:
    x = local("x", UP_TO_2)
    found = outcomes(one_action([parameter(x), when(differ(x, number(1)))]))
    assert values_of(found) == [(0,), (2,)]


def test_a_domain_may_use_earlier_parameters() -> None:
    x, y = local("x", UP_TO_2), local("y", DIGIT)
    below_x = Members(NumberRange(number(1), use(x), SetSort(DIGIT)))
    found = outcomes(one_action([parameter(x), parameter(y, below_x)]))
    assert values_of(found) == [(1, 1), (2, 1), (2, 2)]


def test_a_failing_guard_fails_its_binding() -> None:
    x = local("x", UP_TO_2)
    found = outcomes(one_action([parameter(x), when(less(number(3), divided(use(x))))]))
    assert [type(outcome) for outcome in found] == [Failing, Stepped]
    assert isinstance(found[0], Failing)
    assert found[0].failure.kind is FailureKind.RANGES


def test_the_first_step_that_stops_decides() -> None:
    false, fails = when(value(False)), when(equal(divided(number(0)), number(1)))
    unmet = Check(value(False), FailureKind.ASSERTS, "unmet", NOWHERE)
    assert outcomes(one_action([false, fails])) == []
    assert outcomes(one_action([false, unmet])) == []
    [failing] = outcomes(one_action([unmet, false]))
    assert isinstance(failing, Failing)
    assert (failing.failure.kind, failing.failure.message) == (FailureKind.ASSERTS, "unmet")
    [failing] = outcomes(one_action([fails, unmet]))
    assert isinstance(failing, Failing)
    assert failing.failure.kind is FailureKind.RANGES


def test_definitions_are_evaluated_once_over_the_state_before() -> None:
    x = local("x", DIGIT)
    define = Define(x, plus(read(TOTAL), number(1)))
    assert outcomes(one_action([define], [assign(TOTAL, x)])) == [Stepped(Taken(0, ()), (2,), False)]
    [failing] = outcomes(one_action([Define(x, divided(number(0)))]))
    assert isinstance(failing, Failing)


def test_a_failure_before_a_choice_comes_even_if_there_is_nothing_to_choose() -> None:
    x = local("x", DIGIT)
    unmet = Check(value(False), FailureKind.ASSERTS, "unmet", NOWHERE)
    nothing = Members(value(frozenset(), SetSort(DIGIT)))
    [failing] = outcomes(one_action([unmet, parameter(x, nothing)]))
    assert failing.taken.values == ()
    assert outcomes(one_action([parameter(x, nothing), unmet])) == []


def test_a_domain_may_fail() -> None:
    x, y = local("x", UP_TO_2), local("y", DIGIT)
    domain = Members(NumberRange(number(0), divided(use(x)), SetSort(DIGIT)))
    found = outcomes(one_action([parameter(x), when(less(x, number(1))), parameter(y, domain)]))
    assert [(type(outcome), outcome.taken.values) for outcome in found] == [(Failing, (0,))]


def test_a_check_for_each_fails_at_the_first_that_does_not_hold() -> None:
    x = local("x", UP_TO_2)
    each = (Binding(x, parameter(x).domain),)

    def found(where: Expr, condition: Expr) -> list[Outcome]:
        return outcomes(one_action([ForEachCheck(each, where, condition, FailureKind.ASSERTS, "unmet")]))

    assert isinstance(found(TRUE, less(x, number(3)))[0], Stepped)
    assert isinstance(found(less(x, number(2)), less(x, number(2)))[0], Stepped)
    [failing] = found(TRUE, less(x, number(2)))
    assert isinstance(failing, Failing)
    assert failing.failure.kind is FailureKind.ASSERTS
    [failing] = found(TRUE, equal(divided(use(x)), number(1)))
    assert isinstance(failing, Failing)
    assert failing.failure.kind is FailureKind.RANGES


# --- writes ----------------------------------------------------------------------------------------------------------


def test_writes_are_simultaneous_and_the_later_one_stands() -> None:
    builder = SystemBuilder()
    x, y = builder.variable(variable("x", DIGIT), 1), builder.variable(variable("y", DIGIT), 2)
    builder.action("swap", [], [assign(x, read(y)), assign(y, read(x))])
    builder.action("twice", [], [assign(x, number(3)), assign(x, number(4)), assign(x, number(5), value(False))])
    swapped, twice = outcomes(builder.build())
    assert isinstance(swapped, Stepped)
    assert isinstance(twice, Stepped)
    assert (swapped.state, twice.state) == ((2, 1), (4, 2))


def test_a_write_for_each_binding() -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 3))
    rank = builder.variable(field(pod, "rank", DIGIT), 1, 2, 3)
    p = local("p", pod.sort)
    each = (Binding(p, parameter(p).domain),)
    doubled = plus(read(rank, p), read(rank, p))
    builder.action("double", [], [Write(rank.name, (use(p),), doubled, differ(read(rank, p), number(2)), each)])
    [stepped] = outcomes(builder.build())
    assert isinstance(stepped, Stepped)
    assert stepped.state == (2, 2, 6)


def test_an_index_of_numbers_starts_at_their_lower_bound() -> None:
    builder = SystemBuilder()
    fired = builder.variable(Variable("fired", (IntSort(2, 4), BOOL), DIGIT, Role.BUDGET), *[0] * 6)
    x, y = local("x", IntSort(2, 4)), local("y", BOOL)
    builder.action("act", [parameter(x), parameter(y)], [write(fired, (x, y), plus(read(fired, x, y), number(1)))])
    found = outcomes(builder.build())
    assert [outcome.state.index(1) for outcome in found if isinstance(outcome, Stepped)] == [0, 1, 2, 3, 4, 5]


def test_refused_is_told_of_the_state_before() -> None:
    refused = equal(read(TOTAL), number(1))
    system = one_action([], [assign(TOTAL, number(2))], refused)
    assert outcomes(system) == [Stepped(Taken(0, ()), (2,), True)]
    assert outcomes(system, (2,)) == [Stepped(Taken(0, ()), (2,), False)]


# --- allocation ------------------------------------------------------------------------------------------------------


def allocating(*conditions: Expr) -> System:
    """Creates as many pods as conditions hold."""
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 3, permanent=False), present=0)
    new = [local(f"new{number}", pod.sort) for number in range(len(conditions))]
    writes = [
        write(status(pod), (it,), value(ALIVE, status(pod).sort), condition)
        for it, condition in zip(new, conditions, strict=True)
    ]
    builder.action("create", [allocate(it, condition) for it, condition in zip(new, conditions, strict=True)], writes)
    return builder.build()


@pytest.mark.parametrize(
    ("conditions", "before", "after"),
    [
        ((TRUE,), (FREE, FREE, FREE), (ALIVE, FREE, FREE)),
        ((TRUE,), (ALIVE, FREE, FREE), (ALIVE, ALIVE, FREE)),
        ((TRUE, TRUE), (FREE, ALIVE, FREE), (ALIVE, ALIVE, ALIVE)),
        ((value(False), TRUE), (FREE, FREE, FREE), (ALIVE, FREE, FREE)),
        ((TRUE, value(False), TRUE), (FREE, FREE, FREE), (ALIVE, ALIVE, FREE)),
        ((value(False),), (ALIVE, ALIVE, ALIVE), (ALIVE, ALIVE, ALIVE)),
        ((TRUE, TRUE), (ALIVE, ALIVE, FREE), None),
        ((TRUE,), (ALIVE, ALIVE, ALIVE), None),
    ],
)
def test_the_lowest_free_slot_is_taken(
    conditions: tuple[Expr, ...], before: tuple[int, ...], after: tuple[int, ...] | None
) -> None:
    system = allocating(*conditions)
    [outcome] = outcomes(system, before)
    if after is None:
        assert outcome == Blocked(Taken(0, ()), "Pod")
    else:
        assert outcome == Stepped(Taken(0, ()), after, False)


def test_a_slot_freed_by_the_action_is_not_reused_in_it() -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 1, permanent=False))
    old, new = local("old", pod.sort), local("new", pod.sort)
    delete = write(status(pod), (old,), value(DELETED, status(pod).sort))
    builder.action("replace", [parameter(old), allocate(new)], [delete])
    assert outcomes(builder.build()) == [Blocked(Taken(0, (0,)), "Pod")]


def test_each_choice_after_an_allocation_allocates_the_same() -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 2, permanent=False), present=0)
    first, second, x = local("first", pod.sort), local("second", pod.sort), local("x", BOOL)
    alive = value(ALIVE, status(pod).sort)
    writes = [write(status(pod), (first,), alive), write(status(pod), (second,), alive, use(x))]
    builder.action("create", [allocate(first), parameter(x), allocate(second, use(x))], writes)
    found = outcomes(builder.build())
    assert [outcome.state for outcome in found if isinstance(outcome, Stepped)] == [(ALIVE, FREE), (ALIVE, ALIVE)]


# --- guards that are evaluated early ---------------------------------------------------------------------------------


def uses_of(system: System) -> list[list[int]]:
    evaluator, uses = Evaluator(system), ClauseUses(system)
    list(evaluator.outcomes(state_of(system), uses))
    return uses.rows


@pytest.mark.parametrize("there", [True, False])
def test_an_early_failure_fails_every_full_binding(*, there: bool) -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 2, permanent=False), present=2 if there else 0)
    x, p = local("x", UP_TO_2), local("p", pod.sort)
    fails_at_zero = less(number(3), divided(use(x)))
    builder.action("act", [parameter(x), parameter(p), when(fails_at_zero, 0)])
    found = outcomes(builder.build())
    expected = [(Failing, (0, 0)), (Failing, (0, 1)), (Stepped, (1, 0)), (Stepped, (1, 1))]
    assert [(type(outcome), outcome.taken.values) for outcome in found] == (expected if there else [])


@pytest.mark.parametrize(("present", "expected"), [(1, [[3, 1]]), (0, [[0, 0]])])
def test_clauses_are_used_only_where_there_is_a_full_binding(present: int, expected: list[list[int]]) -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 2, permanent=False), present=present)
    x, p = local("x", UP_TO_2), local("p", pod.sort)
    builder.action("act", [parameter(x), parameter(p), when(less(x, number(1)), 0), when(equal(p, p), 1)])
    assert uses_of(builder.build()) == expected


def test_a_clause_behind_a_false_one_is_not_used() -> None:
    x, y = local("x", UP_TO_2), local("y", UP_TO_2)
    never, early = when(less(y, number(0)), 0), when(less(x, number(1)), 1)
    assert uses_of(one_action([parameter(x), parameter(y), never, early])) == [[2, 0]]


def test_a_guard_does_not_pass_what_may_fail() -> None:
    x, y = local("x", UP_TO_2), local("y", DIGIT)
    domain = Members(NumberRange(number(1), divided(use(x)), SetSort(DIGIT)))
    found = outcomes(one_action([parameter(x), parameter(y, domain), when(value(False), 0)]))
    assert [(type(outcome), outcome.taken.values) for outcome in found] == [(Failing, (0,))]


def test_a_false_guard_saves_the_enumeration_of_later_parameters() -> None:
    x, y = local("x", UP_TO_2), local("y", IntSort(0, 10**9))
    blocked = one_action([parameter(x), parameter(y), when(less(x, number(0)))])
    assert outcomes(blocked) == []
    with pytest.raises(EnumerationTooLarge, match=r"y has 1,000,000,001 values"):
        outcomes(one_action([parameter(x), parameter(y), when(negated(less(y, x)))]))


# --- one binding -----------------------------------------------------------------------------------------------------


def test_one_binding_is_taken_without_enumerating_the_others() -> None:
    x = local("x", IntSort(0, 10**9))
    system = one_action([parameter(x), when(less(number(5), x))], [assign(TOTAL, x)])
    evaluator = Evaluator(system)
    assert evaluator.take((1,), Taken(0, (7,))) == Stepped(Taken(0, (7,)), (7,), False)
    assert evaluator.take((1,), Taken(0, (5,))) is None
    assert evaluator.take((1,), Taken(0, (10**9 + 1,))) is None


def test_a_long_body_needs_no_deep_stack() -> None:
    checks = [Check(value(True), FailureKind.ASSERTS, "", NOWHERE)] * 5_000
    [stepped] = outcomes(one_action(checks))
    assert isinstance(stepped, Stepped)


def test_noting_the_use_of_a_clause_enumerates_nothing_too_large() -> None:
    x, y = local("x", UP_TO_2), local("y", IntSort(0, 10**9))
    assert uses_of(one_action([parameter(x), parameter(y), when(less(x, number(0)), 0)])) == [[2]]
