"""Values as terms: one shape for each sort.

| sort                        | symbolic value                                                  |
|-----------------------------|-----------------------------------------------------------------|
| BoolSort                    | `Bit`                                                           |
| IntSort, EnumSort, ObjectSort | `Number`                                                      |
| OptionSort                  | `OptionValue`: whether there is a value, and which              |
| SetSort                     | `SetValue`: a `Bit` for every value that may be a member        |
| MapSort                     | `MapValue`: the entry of every key                              |
| SeqSort                     | `SeqValue`: the length and that many entries, others anything   |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias, assert_never

from kspec.evaluate.values import in_order
from kspec.symbolic import solver
from kspec.symbolic.limits import MOST_VALUES, TooLarge
from kspec.symbolic.numbers import Numbers
from kspec.symbolic.solver import Assignment, Bit, BoolTerm, Number, NumberTerm, Term
from kspec.system.expressions import Order
from kspec.system.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    cardinality,
    values_of,
)


@dataclass(frozen=True, slots=True)
class OptionValue:
    """`value` means nothing where not `present`; None where it is certain that there is none."""

    present: Bit
    value: SymbolicValue | None


@dataclass(frozen=True, slots=True)
class SetValue:
    """What is not a key of `members` is no member."""

    members: dict[Value, Bit]


@dataclass(frozen=True, slots=True)
class MapValue:
    """The entries in the order of the keys."""

    entries: tuple[SymbolicValue, ...]


@dataclass(frozen=True, slots=True)
class SeqValue:
    """Entries from `length` on mean nothing."""

    length: Number
    entries: tuple[SymbolicValue, ...]


SymbolicValue: TypeAlias = bool | int | BoolTerm | NumberTerm | OptionValue | SetValue | MapValue | SeqValue

NONE = OptionValue(False, None)


# --- shapes: what the sort of an expression promises -----------------------------------------------------------------


def as_bit(value: SymbolicValue) -> Bit:
    assert isinstance(value, bool | BoolTerm)
    return value


def as_number(value: SymbolicValue) -> Number:
    assert isinstance(value, int | NumberTerm)
    return value


def as_option(value: SymbolicValue) -> OptionValue:
    """A value that is no option is the option of itself."""
    return value if isinstance(value, OptionValue) else OptionValue(True, value)


def as_set(value: SymbolicValue) -> SetValue:
    assert isinstance(value, SetValue)
    return value


def as_map(value: SymbolicValue) -> MapValue:
    assert isinstance(value, MapValue)
    return value


def as_seq(value: SymbolicValue) -> SeqValue:
    assert isinstance(value, SeqValue)
    return value


# --- known values ----------------------------------------------------------------------------------------------------


def number_sort(sort: IntSort | EnumSort | ObjectSort) -> IntSort:
    """The interval of the numbers that stand for values of the sort."""
    match sort:
        case IntSort():
            return sort
        case EnumSort(_, members):
            return IntSort(0, len(members) - 1)
        case ObjectSort(_, slots):
            return IntSort(0, slots - 1)
        case _:
            assert_never(sort)


def domain(sort: Sort) -> Sequence[Value]:
    """Every value of a sort, smallest first; `TooLarge` where they cannot be written out."""
    count = cardinality(sort)
    if count is None or count > MOST_VALUES:
        size = "endlessly many" if count is None else f"{count:,}"
        raise TooLarge(f"{size} values of one type cannot be written out (at most {MOST_VALUES:,})")
    match sort:
        case SetSort(element):
            elements = domain(element)
            sizes = range(len(elements) + 1)
            return in_order(frozenset(chosen) for size in sizes for chosen in combinations(elements, size))
        case MapSort(key, value):
            return list(product(domain(value), repeat=len(domain(key))))
        case SeqSort(element, capacity):
            lengths = range(capacity + 1)
            return in_order(entries for length in lengths for entries in product(domain(element), repeat=length))
        case OptionSort(inner):
            return (None, *domain(inner))
        case _:
            return values_of(sort)


def literal(value: Value, sort: Sort) -> SymbolicValue:
    """A known value."""
    match sort:
        case BoolSort():
            return bool(value)
        case IntSort() | EnumSort() | ObjectSort():
            assert isinstance(value, int)
            return int(value)
        case OptionSort(inner):
            return NONE if value is None else OptionValue(True, literal(value, inner))
        case SetSort():
            assert isinstance(value, frozenset)
            return SetValue(dict.fromkeys(in_order(value), True))
        case MapSort(_, inner):
            assert isinstance(value, tuple)
            return MapValue(tuple(literal(entry, inner) for entry in value))
        case SeqSort(inner):
            assert isinstance(value, tuple)
            return SeqValue(len(value), tuple(literal(entry, inner) for entry in value))
        case _:
            assert_never(sort)


# --- variables -------------------------------------------------------------------------------------------------------


def variable(name: str, sort: Sort, numbers: Numbers) -> SymbolicValue:
    """A value of which nothing is known, not even that it is one of the sort: see `belongs`."""
    match sort:
        case BoolSort():
            return solver.bool_variable(name)
        case IntSort() | EnumSort() | ObjectSort():
            return numbers.variable(name, number_sort(sort))
        case OptionSort(inner):
            return OptionValue(solver.bool_variable(f"{name}.some"), variable(f"{name}.value", inner, numbers))
        case SetSort(element):
            return SetValue({member: solver.bool_variable(f"{name}.{member}") for member in domain(element)})
        case MapSort(key, inner):
            return MapValue(tuple(variable(f"{name}[{key}]", inner, numbers) for key in range(len(domain(key)))))
        case SeqSort(inner, capacity):
            length = numbers.variable(f"{name}.length", IntSort(0, capacity))
            return SeqValue(length, tuple(variable(f"{name}.{i}", inner, numbers) for i in range(capacity)))
        case _:
            assert_never(sort)


def terms(value: SymbolicValue | None) -> Iterator[Term]:
    """The variables that a value made by `variable` consists of."""
    match value:
        case BoolTerm() | NumberTerm():
            yield value
        case OptionValue(present, inner):
            yield from terms(present)
            yield from terms(inner)
        case SetValue(members):
            for member in members.values():
                yield from terms(member)
        case MapValue(entries):
            for entry in entries:
                yield from terms(entry)
        case SeqValue(length, entries):
            yield from terms(length)
            for entry in entries:
                yield from terms(entry)
        case bool() | int() | None:
            return
        case _:
            assert_never(value)


def decode(value: SymbolicValue, assignment: Assignment) -> Value:
    """The value that an assignment gives."""
    match value:
        case bool() | BoolTerm():
            return assignment.bit(value)
        case int() | NumberTerm():
            return assignment.number(value)
        case OptionValue(present, inner):
            return None if inner is None or not assignment.bit(present) else decode(inner, assignment)
        case SetValue(members):
            return frozenset(member for member, bit in members.items() if assignment.bit(bit))
        case MapValue(entries):
            return tuple(decode(entry, assignment) for entry in entries)
        case SeqValue(length, entries):
            return tuple(decode(entry, assignment) for entry in entries[: assignment.number(length)])
        case _:
            assert_never(value)


class Values:
    """What depends on how numbers are encoded."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def belongs(self, value: SymbolicValue, sort: Sort) -> Bit:
        """Whether a value is one of the sort: numbers, members and entries in range, sequences not too long."""
        match sort:
            case BoolSort():
                return True
            case IntSort() | EnumSort() | ObjectSort():
                return self.numbers.within(as_number(value), number_sort(sort))
            case OptionSort(inner):
                option = as_option(value)
                if option.value is None:
                    return True
                return solver.implies(option.present, self.belongs(option.value, inner))
            case SetSort(element):
                members = as_set(value).members.items()
                return solver.conjunction(
                    solver.implies(bit, self.belongs(literal(member, element), element)) for member, bit in members
                )
            case MapSort(_, inner):
                return solver.conjunction(self.belongs(entry, inner) for entry in as_map(value).entries)
            case SeqSort(inner, capacity):
                sequence = as_seq(value)
                return solver.both(
                    self.numbers.within(sequence.length, IntSort(0, min(capacity, len(sequence.entries)))),
                    solver.conjunction(
                        solver.implies(self.reaches(sequence, position), self.belongs(entry, inner))
                        for position, entry in enumerate(sequence.entries[:capacity])
                    ),
                )
            case _:
                assert_never(sort)

    def reaches(self, sequence: SeqValue, position: int) -> Bit:
        """Whether a sequence has an entry at the position."""
        return self.numbers.compare(Order.LESS, position, sequence.length)

    def equal(self, left: SymbolicValue, right: SymbolicValue) -> Bit:
        if left is right:
            return True
        match left, right:
            case (OptionValue(), _) | (_, OptionValue()):
                return self._equal_options(as_option(left), as_option(right))
            case bool() | BoolTerm(), bool() | BoolTerm():
                return solver.iff(left, right)
            case int() | NumberTerm(), int() | NumberTerm():
                return self.numbers.equal(left, right)
            case SetValue(mine), SetValue(others):
                elements = [*mine, *(element for element in others if element not in mine)]
                return solver.conjunction(
                    solver.iff(mine.get(element, False), others.get(element, False)) for element in elements
                )
            case MapValue(mine), MapValue(others):
                return solver.conjunction(map(self.equal, mine, others))
            case SeqValue(), SeqValue():
                common = min(len(left.entries), len(right.entries))
                return solver.both(
                    self.numbers.equal(left.length, right.length),
                    solver.conjunction(
                        solver.implies(self.reaches(left, i), self.equal(left.entries[i], right.entries[i]))
                        for i in range(common)
                    ),
                )
            case _:
                raise AssertionError(f"values of different shapes: {left!r}, {right!r}")

    def _equal_options(self, left: OptionValue, right: OptionValue) -> Bit:
        same_presence = solver.iff(left.present, right.present)
        if left.value is None or right.value is None or same_presence is False:
            return same_presence
        return solver.both(same_presence, solver.implies(left.present, self.equal(left.value, right.value)))

    def choose(self, condition: Bit, then: SymbolicValue, otherwise: SymbolicValue) -> SymbolicValue:
        """`then` where the condition is true, else `otherwise`."""
        if isinstance(condition, bool):
            return then if condition else otherwise
        match then, otherwise:
            case (OptionValue(), _) | (_, OptionValue()):
                return self._choose_option(condition, as_option(then), as_option(otherwise))
            case bool() | BoolTerm(), bool() | BoolTerm():
                return solver.choose_bit(condition, then, otherwise)
            case int() | NumberTerm(), int() | NumberTerm():
                return self.numbers.choose(condition, then, otherwise)
            case SetValue(mine), SetValue(others):
                elements = in_order({**mine, **others})
                return SetValue(
                    {e: solver.choose_bit(condition, mine.get(e, False), others.get(e, False)) for e in elements}
                )
            case MapValue(mine), MapValue(others):
                return MapValue(tuple(self.choose(condition, m, o) for m, o in zip(mine, others, strict=True)))
            case SeqValue(), SeqValue():
                return self._choose_sequence(condition, then, otherwise)
            case _:
                raise AssertionError(f"values of different shapes: {then!r}, {otherwise!r}")

    def _choose_option(self, condition: Bit, then: OptionValue, otherwise: OptionValue) -> OptionValue:
        present = solver.choose_bit(condition, then.present, otherwise.present)
        if then.value is None or otherwise.value is None:
            return OptionValue(present, otherwise.value if then.value is None else then.value)
        return OptionValue(present, self.choose(condition, then.value, otherwise.value))

    def _choose_sequence(self, condition: Bit, then: SeqValue, otherwise: SeqValue) -> SeqValue:
        shorter, longer = sorted((then.entries, otherwise.entries), key=len)
        common = zip(then.entries, otherwise.entries, strict=False)
        entries = tuple(self.choose(condition, mine, other) for mine, other in common) + longer[len(shorter) :]
        return SeqValue(self.numbers.choose(condition, then.length, otherwise.length), entries)

    def stored(self, value: SymbolicValue, sort: Sort) -> SymbolicValue:
        """A value of the sort in the shape that a variable of the sort has, number by number."""
        match sort:
            case BoolSort():
                return value
            case IntSort() | EnumSort() | ObjectSort():
                return self.numbers.stored(as_number(value), number_sort(sort))
            case OptionSort(inner):
                option = as_option(value)
                return NONE if option.value is None else OptionValue(option.present, self.stored(option.value, inner))
            case SetSort(element):
                members = as_set(value).members
                return SetValue({member: members.get(member, False) for member in domain(element)})
            case MapSort(_, inner):
                return MapValue(tuple(self.stored(entry, inner) for entry in as_map(value).entries))
            case SeqSort(inner, capacity):
                sequence = as_seq(value)
                entries = tuple(self.stored(entry, inner) for entry in sequence.entries[:capacity])
                return SeqValue(self.numbers.stored(sequence.length, IntSort(0, capacity)), entries)
            case _:
                assert_never(sort)

    def matches(self, value: SymbolicValue, candidates: Sequence[Value], sort: Sort) -> list[tuple[Value, Bit]]:
        """The candidates that the value may be, each with the condition that it is."""
        if isinstance(value, int) and isinstance(candidates, range):
            return [(value, True)] if value in candidates else []
        found = ((candidate, self.equal(value, literal(candidate, sort))) for candidate in candidates)
        return [(candidate, bit) for candidate, bit in found if bit is not False]

    def select(self, options: Iterable[tuple[Bit, SymbolicValue]]) -> SymbolicValue | None:
        """The value of the last option whose condition holds, else of the first; None of no options."""
        chosen: SymbolicValue | None = None
        for condition, value in options:
            chosen = value if chosen is None else self.choose(condition, value, chosen)
        return chosen

    def set_of(self, elements: Iterable[tuple[SymbolicValue, Bit]], sort: Sort) -> SetValue:
        """The set of the elements whose condition holds."""
        members: dict[Value, list[Bit]] = {}
        for element, condition in elements:
            known: list[tuple[Value, Bit]] = [(element, True)] if isinstance(element, int) else []
            for value, is_value in known or self.matches(element, domain(sort), sort):
                members.setdefault(value, []).append(solver.both(condition, is_value))
        return SetValue({value: solver.disjunction(members[value]) for value in in_order(members)})
