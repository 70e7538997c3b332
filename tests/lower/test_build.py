"""Smart constructors fold constants, and never a failure away."""

from __future__ import annotations

import pytest

from kspec.evaluate.walk import may_fail
from kspec.lower import build
from kspec.lower.problems import Problem
from kspec.lower.shapes import NOTHING, adapt
from kspec.lower.walk import substitute
from kspec.system.expressions import FALSE, TRUE, And, Equal, Expr, Implies, Let, Literal, Local, Operator, Or, Use
from kspec.system.sorts import BOOL, IntSort, MapSort, ObjectSort, OptionSort, SetSort, Sort
from kspec.system.spans import NOWHERE

NUMBER = Local(1, "n", IntSort(0, 3))
FLAG = Local(2, "flag", BOOL)
POD = ObjectSort("Pod", 2)
FAILS = build.equal(build.arithmetic(Operator.DIVIDE, build.number(6), Use(NUMBER), NOWHERE), build.number(2))


def fresh(name: str, sort: Sort) -> Local:
    return Local(99, name, sort)


def test_division_may_fail_only_where_the_divisor_can_be_zero() -> None:
    positive = build.add(Use(NUMBER), build.number(1))
    assert may_fail(FAILS)
    assert not may_fail(build.arithmetic(Operator.DIVIDE, build.number(6), positive, NOWHERE))


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (build.conjunction(Use(FLAG), FALSE), FALSE),
        (build.conjunction(FAILS, FALSE), And((FAILS, FALSE))),
        (build.conjunction(FALSE, FAILS), FALSE),
        (build.conjunction(TRUE, Use(FLAG)), Use(FLAG)),
        (build.conjunction(), TRUE),
        (build.disjunction(FAILS, TRUE), Or((FAILS, TRUE))),
        (build.disjunction(Use(FLAG), TRUE), TRUE),
        (build.implies(FAILS, TRUE), Implies(FAILS, TRUE)),
        (build.implies(FALSE, FAILS), TRUE),
        (build.negate(build.negate(FAILS)), FAILS),
        (build.conditional(TRUE, Use(FLAG), FAILS), Use(FLAG)),
    ],
)
def test_folding(built: Expr, expected: Expr) -> None:
    assert built == expected


def test_none_is_never_an_object() -> None:
    pod = Local(3, "p", POD)
    assert build.equal(Use(pod), build.none(NOTHING)) == FALSE
    assert isinstance(build.equal(Use(Local(4, "p", OptionSort(POD))), build.none(NOTHING)), Equal)


def test_a_literal_becomes_as_wide_as_the_other_side() -> None:
    held = Local(5, "s", SetSort(POD))
    equal = build.equal(Use(held), Literal(frozenset(), SetSort(NOTHING)))
    assert equal == Equal(Use(held), Literal(frozenset(), SetSort(POD)))
    assert adapt(build.number(3), OptionSort(IntSort(0, 5))) == Literal(3, IntSort(0, 5))


def test_maps_with_other_keys_do_not_go_together() -> None:
    one = Local(6, "m", MapSort(IntSort(0, 2), BOOL))
    other = Local(7, "m", MapSort(IntSort(0, 3), BOOL))
    with pytest.raises(Problem) as raised:
        build.equal(Use(one), Use(other))
    assert raised.value.diagnostic.code.name == "KS602"


def test_numbers_have_a_limit() -> None:
    large = build.number(2**2500)
    with pytest.raises(Problem) as raised:
        build.arithmetic(Operator.MULTIPLY, large, large, NOWHERE)
    assert raised.value.diagnostic.code.name == "KS603"


def test_substitution_renames_what_is_bound() -> None:
    body = Let(FLAG, build.equal(Use(NUMBER), build.number(1)), Use(FLAG))
    assert substitute(body, {NUMBER.id: Use(Local(8, "m", IntSort(0, 3)))}, fresh) == Let(
        fresh("flag", BOOL),
        Equal(Use(Local(8, "m", IntSort(0, 3))), Literal(1, IntSort(0, 3))),
        Use(fresh("flag", BOOL)),
    )
