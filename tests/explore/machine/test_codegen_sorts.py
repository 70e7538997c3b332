"""Values of every sort are stored, compared, chosen and looked into as `evaluate` does it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kspec.explore.machine.sets import joined
from kspec.system.expressions import (
    AllValues,
    Binding,
    Contains,
    Equal,
    Expr,
    First,
    Fits,
    If,
    Literal,
    Local,
    MapBuild,
    MapRead,
    MapWith,
    Members,
    Not,
    Pop,
    Push,
    Read,
    SeqLiteral,
    SetComprehension,
    SetLiteral,
    SetOperation,
    SetOperator,
    Size,
    Subset,
    Unwrap,
    Use,
)
from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, zero
from kspec.system.system import System
from tests.building import SystemBuilder, kind, variable
from tests.explore.machine.agreeing import Oracle
from tests.explore.machine.sorts import COLOUR, POD, SORTS, chosen
from tests.explore.machine.storing import storing
from tests.explore.machine.told import Teller

SIZE = IntSort(0, 1000)
X = Local(-1, "x", BOOL)


def reading(*sorts: Sort) -> System:
    """A flag, and two variables of each sort."""
    built = SystemBuilder()
    built.kind(kind("Pod", POD.slots))
    built.variable(variable("flag", BOOL), False)
    for number, sort in enumerate(sorts):
        for name in ("a", "b"):
            built.variable(variable(f"{name}{number}", sort), zero(sort))
    return built.build()


def check(system: System, expressions: list[Expr]) -> None:
    """The values of the expressions in random states."""
    stores = storing(system, expressions)
    teller, oracle, dice = Teller(stores), Oracle(stores), random.Random(2)
    for _ in range(40):
        state = tuple(chosen(variable.sort, dice) for variable in stores.variables)
        assert teller.expand(state) == oracle.expand(state)


def forms(left: Expr, right: Expr) -> list[Expr]:
    """Expressions over two values of one sort."""
    sort, flag = left.sort, Read("flag", (), BOOL)
    common: list[Expr] = [left, Equal(left, right), Not(Equal(left, right)), If(flag, left, right, sort)]
    common.append(Equal(If(flag, left, right, sort), left))
    match sort:
        case OptionSort(inner):
            is_none = Equal(left, Literal(None, sort))
            common += [is_none, If(is_none, Literal(zero(inner), inner), Unwrap(left, inner), inner)]
        case SetSort(element):
            common += of_sets(left, right, sort, element)
        case MapSort():
            common += of_maps(left, right, sort)
        case SeqSort():
            common += of_sequences(left, right, sort)
    return common


def of_sets(left: Expr, right: Expr, sort: SetSort, element: Sort) -> list[Expr]:
    x, known = Local(-1, "x", element), Literal(zero(element), element)
    found: list[Expr] = [SetOperation(operator, left, right, sort) for operator in SetOperator]
    members = SetComprehension(Binding(x, Members(left)), Contains(Use(x), right), sort)
    others = SetComprehension(Binding(x, AllValues(element)), Not(Contains(Use(x), right)), sort)
    found += [members] if element == POD else [members, others]
    return [*found, Subset(left, right), Size(left, SIZE), Contains(known, left), SetLiteral((known, known), sort)]


def of_maps(left: Expr, right: Expr, sort: MapSort) -> list[Expr]:
    key = Local(-1, "k", sort.key)
    known = Literal(zero(sort.key), sort.key)
    entry = MapRead(right, known, sort.value)
    build = MapBuild(key, MapRead(left, Use(key), sort.value), sort)
    return [entry, MapWith(left, known, entry, sort), build]


def of_sequences(left: Expr, right: Expr, sort: SeqSort) -> list[Expr]:
    first = First(left, sort.element)
    longer = Push(right, first, replace(sort, capacity=sort.capacity + 1))
    literal = SeqLiteral((first, first), replace(sort, capacity=2))
    found: list[Expr] = [first, Pop(left, sort), longer, literal, Contains(first, right), Size(left, SIZE)]
    found += [Fits(longer, sort), Equal(longer, left), Equal(literal, left)]
    return [*found, Equal(right, Pop(longer, longer.sort))]


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_values_of_every_sort(sort: Sort) -> None:
    check(reading(sort), forms(Read("a0", (), sort), Read("b0", (), sort)))


RELATED: list[tuple[Sort, Sort]] = [
    (IntSort(0, 9), IntSort(5, 20)),
    (OptionSort(IntSort(0, 9)), IntSort(5, 20)),
    (OptionSort(COLOUR), COLOUR),
    (SetSort(IntSort(0, 9)), SetSort(IntSort(-3, 5))),
    (SetSort(IntSort(0, 100)), SetSort(IntSort(50, 60))),
    (SetSort(OptionSort(IntSort(0, 9))), SetSort(IntSort(-3, 5))),
    (SetSort(OptionSort(IntSort(0, 9))), SetSort(OptionSort(IntSort(-90, 5)))),
    (SetSort(OptionSort(POD)), SetSort(POD)),
    (OptionSort(SetSort(POD)), SetSort(OptionSort(POD))),
    (MapSort(POD, IntSort(0, 9)), MapSort(POD, OptionSort(IntSort(2, 20)))),
    (MapSort(COLOUR, SetSort(IntSort(0, 9))), MapSort(COLOUR, SetSort(IntSort(2, 80)))),
    (SeqSort(IntSort(0, 2), 4), SeqSort(IntSort(1, 3), 2)),
    (OptionSort(SeqSort(IntSort(0, 2), 4)), SeqSort(OptionSort(IntSort(1, 3)), 2)),
    (OptionSort(SeqSort(SetSort(BOOL), 2)), OptionSort(SeqSort(SetSort(OptionSort(BOOL)), 1))),
]


@pytest.mark.parametrize(("one", "other"), RELATED, ids=str)
def test_values_of_different_sorts(one: Sort, other: Sort) -> None:
    left, right = Read("a0", (), one), Read("a1", (), other)
    found: list[Expr] = [Equal(left, right), Equal(right, left), Fits(right, one)]
    if not isinstance(one, OptionSort) or isinstance(other, OptionSort):
        found.append(Fits(left, other))
    if isinstance(one, SetSort) and isinstance(other, SetSort):
        both = joined(one, other)
        found += [SetOperation(operator, left, right, both) for operator in SetOperator]
        found += [Subset(left, right), Subset(right, left), If(Read("flag", (), BOOL), left, right, both)]
    check(reading(one, other), found)
