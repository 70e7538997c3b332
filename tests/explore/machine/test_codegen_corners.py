"""Systems at the edges: nothing in them, many words, numbers as large as they may be, and what is refused."""

from __future__ import annotations

import pytest

from kspec.explore.machine.program import NotCompilable
from kspec.system.expressions import Arithmetic, Expr, Members, NumberRange, Operator, Read, Use
from kspec.system.sorts import BOOL, IntSort, OptionSort, SetSort
from kspec.system.system import System
from tests.building import (
    SystemBuilder,
    allocate,
    assign,
    count_of,
    differ,
    exists,
    field,
    forall,
    kind,
    local,
    member,
    negated,
    number,
    parameter,
    read,
    value,
    variable,
    when,
    write,
)
from tests.explore.machine.agreeing import check_states
from tests.explore.machine.sorts import COLOUR
from tests.explore.machine.told import Teller

LARGE = IntSort(-(1 << 60), 1 << 60)


def test_a_system_without_variables() -> None:
    built = SystemBuilder()
    built.action("nothing")
    built.action("never", [when(value(False), 0)])
    assert check_states(built.build(), 10) == 1


def test_a_kind_without_room() -> None:
    built = SystemBuilder()
    ghost = built.kind(kind("Ghost", 0, permanent=False))
    built.variable(field(ghost, "on", BOOL))
    it, other = local("x", ghost.sort), local("y", ghost.sort)
    built.action("touch", [parameter(it), when(exists(other, value(True)), 0)])
    built.action("make", [allocate(local("new", ghost.sort))])
    built.invariant("All", forall(other, value(False)))
    assert check_states(built.build(), 10) == 1


def many_things(count: int) -> System:
    """Each thing takes more than a word."""
    built = SystemBuilder()
    thing = built.kind(kind("Thing", count))
    large = built.variable(field(thing, "large", LARGE), *[0] * count)
    friend = built.variable(field(thing, "friend", OptionSort(thing.sort)), *[None] * count)
    colour = built.variable(field(thing, "colour", COLOUR), *[0] * count)
    known = built.variable(variable("known", SetSort(thing.sort)), frozenset({0, count - 1}))
    x, y, everyone = local("x", thing.sort), local("y", thing.sort), Members(Read("known", (), known.sort))
    built.action("grow", [parameter(x)], [write(large, [x], number(-(1 << 60)))])
    built.action("meet", [parameter(x, everyone), parameter(y), when(differ(x, y), 0)], [write(friend, [x], y)])
    built.action("paint", [parameter(x)], [write(colour, [x], member(COLOUR, "blue"))])
    built.action("forget", [parameter(x, everyone)], [assign(known, value(frozenset(), known.sort))])
    built.reachable("Painted", exists(x, negated(differ(read(colour, x), member(COLOUR, "blue")))))
    built.step("Few", differ(count_of(y, differ(read(colour, y), member(COLOUR, "red"))), number(3)))
    return built.build()


def test_states_of_many_words() -> None:
    system = many_things(9)
    assert Teller(system).program.words > 9
    assert check_states(system, 30) == 30


def test_sets_of_many_objects() -> None:
    assert check_states(many_things(70), 3) == 3


def arithmetic(operator: Operator, left: Expr, right: Expr, sort: IntSort) -> Expr:
    return Arithmetic(operator, left, right, sort)


def of_expression(expr: Expr, sort: IntSort) -> System:
    built = SystemBuilder()
    it = built.variable(variable("n", sort), 0)
    built.action("go", [], [assign(it, expr)])
    return built.build()


def test_numbers_of_sixty_bits() -> None:
    n = Read("n", (), LARGE)
    half = arithmetic(Operator.DIVIDE, n, number(-3), LARGE)
    assert check_states(of_expression(arithmetic(Operator.SUBTRACT, half, number(1 << 59), LARGE), LARGE), 20) == 20


@pytest.mark.parametrize(
    ("expr", "reason"),
    [
        (arithmetic(Operator.MULTIPLY, Read("n", (), LARGE), Read("n", (), LARGE), IntSort(None, None)), "62 bits"),
        (arithmetic(Operator.ADD, Use(local("x", IntSort(None, None))), number(1), IntSort(None, None)), "bounds"),
        (count_of(local("x", LARGE), value(True)), "enumeration"),
        (
            count_of(
                local("x", LARGE),
                value(True),
                Members(NumberRange(number(0), Read("n", (), LARGE), SetSort(LARGE))),
            ),
            "enumeration",
        ),
    ],
)
def test_what_is_too_large_is_refused(expr: Expr, reason: str) -> None:
    with pytest.raises(NotCompilable, match=reason):
        Teller(of_expression(expr, LARGE))
