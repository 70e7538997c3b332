"""Systems that are nothing but state, of random kinds and variables."""

from __future__ import annotations

from random import Random

from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, zero
from kspec.system.system import Kind, Role, System, Variable
from tests.building import SystemBuilder, constant, field, kind, variable

_NAMES = ("Pod", "Node", "IP")


def random_system(dice: Random) -> System:
    builder = SystemBuilder()
    kinds = [
        builder.kind(kind(name, dice.choice((0, 1, 2, 3, 3, 4)), permanent=dice.random() < 0.6))
        for name in _NAMES[: dice.randint(1, 3)]
    ]
    for number in range(dice.randint(1, 4)):
        it = _random_variable(f"v{number}", kinds, dice)
        builder.variable(it, *[zero(it.sort)] * _places(it))
    permanent = [it for it in kinds if it.permanent and it.slots]
    if permanent and dice.random() < 0.4:
        builder.variable(_random_constant(permanent, dice))
    return builder.build()


def _random_variable(name: str, kinds: list[Kind], dice: Random) -> Variable:
    of, other = dice.choice(kinds), dice.choice(kinds)
    sort = _random_sort([it for it in kinds if it.slots], dice, 2)
    match dice.randrange(5):
        case 0:
            return variable(name, sort)
        case 1:
            return Variable(name, (of.sort,), sort, Role.COMPONENT)
        case 2:
            return Variable(name, (of.sort, other.sort), IntSort(0, 2), Role.BUDGET)
        case _:
            return field(of, name, sort)


def _random_constant(kinds: list[Kind], dice: Random) -> Variable:
    """A constant that refers to objects: as often as not to the next one, around a circle."""
    of, to = dice.choice(kinds), dice.choice(kinds)
    turn = dice.randint(0, 1)
    slots = range(len(of.slots))
    values = [(slot + turn) % len(to.slots) if dice.random() < 0.9 else dice.randrange(len(to.slots)) for slot in slots]
    return constant(of, "const", to.sort, values)


def _random_sort(kinds: list[Kind], dice: Random, depth: int) -> Sort:
    scalars: list[Sort] = [BOOL, IntSort(-1, 2), *(it.sort for it in kinds), *(OptionSort(it.sort) for it in kinds)]
    scalar = dice.choice(scalars)
    inner = _random_sort(kinds, dice, depth - 1) if depth else scalar
    match dice.randrange(7 if depth else 2):
        case 0 | 1:
            return scalar
        case 2 | 3:
            return SetSort(dice.choice([scalar, IntSort(0, 70)]) if dice.random() < 0.3 else scalar)
        case 4:
            return MapSort(scalar, inner)
        case 5:
            return SeqSort(inner, dice.randint(0, 2))
        case _:
            return inner if isinstance(inner, OptionSort) else OptionSort(inner)


def _places(it: Variable) -> int:
    count = 1
    for sort in it.index:
        count *= getattr(sort, "slots", 1)
    return count
