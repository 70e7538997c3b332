"""Packed states: every state has one, and comes back from it unchanged."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kspec.explore.machine.layout import FIRST_WORD, WORD, PackedLayout
from kspec.explore.machine.program import NotCompilable
from kspec.system.sorts import BOOL, IntSort, MapSort, SetSort, Sort, zero
from kspec.system.system import Role, System, Variable
from tests.building import SystemBuilder, field, kind, variable
from tests.explore.machine.sorts import POD, SORTS, chosen
from tests.systems import pods


def of_globals(*sorts: Sort) -> System:
    built = SystemBuilder()
    for number, sort in enumerate(sorts):
        built.variable(variable(f"v{number}", sort), zero(sort))
    return built.build()


def of_objects(slots: int, *sorts: Sort) -> System:
    built = SystemBuilder()
    thing = built.kind(kind("Thing", slots))
    for number, sort in enumerate(sorts):
        built.variable(field(thing, f"f{number}", sort), *[zero(sort)] * slots)
    return built.build()


def check_round_trips(system: System) -> None:
    layout, dice = PackedLayout(system), random.Random(1)
    places = [layout.stretches[place.variable].variable.sort for place in layout.places.places]
    packed = {}
    for _ in range(60):
        state = tuple(chosen(sort, dice) for sort in places)
        words = layout.pack(state)
        assert len(words) == layout.words
        assert all(0 <= word < 1 << WORD for word in words)
        assert words[0] < 1 << FIRST_WORD
        assert layout.unpack(words) == state
        assert packed.setdefault(words, state) == state


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_values_of_every_sort_come_back(sort: Sort) -> None:
    check_round_trips(of_globals(sort))
    check_round_trips(of_objects(7, BOOL, sort))


def test_values_of_all_sorts_at_once_come_back() -> None:
    check_round_trips(of_globals(*SORTS))
    check_round_trips(of_objects(3, *SORTS))


def test_zero_is_all_zero_bits() -> None:
    layout = PackedLayout(of_globals(*SORTS))
    assert set(layout.pack(tuple(map(zero, SORTS)))) == {0}


def test_constants_cost_nothing() -> None:
    built = SystemBuilder()
    built.variable(Variable("limit", (), IntSort(0, 9), Role.CONSTANT, constant=(3,)))
    built.variable(variable("on", BOOL), False)
    layout = PackedLayout(built.build())
    assert (layout.size, layout.words) == (1, 1)


def test_no_cell_crosses_the_end_of_a_word() -> None:
    layout = PackedLayout(of_objects(40, IntSort(0, 1000), POD, SetSort(POD), BOOL))
    for leaf, position in zip(layout.leaves, layout.positions, strict=True):
        assert position % WORD + leaf.bits <= (WORD if position >= WORD else FIRST_WORD)


def test_a_record_that_fits_in_a_word_lies_in_one() -> None:
    layout = PackedLayout(of_objects(40, IntSort(0, 1000), POD, SetSort(POD), BOOL))
    stretches = list(layout.stretches.values())
    for slot in range(40):
        cells = [stretch.base + slot for stretch in stretches]
        assert len({layout.positions[cell] // WORD for cell in cells}) == 1


def test_pods_fit_in_one_word() -> None:
    layout = PackedLayout(pods(4, 2, 3, 2))
    assert layout.words == 1
    assert all(layout.regular(stretch.base, stretch.end) for stretch in layout.stretches.values())


@pytest.mark.parametrize("system", [pods(4, 2, 3, 2), pods(8, 4, 8, 2), of_globals(SetSort(IntSort(0, 100)), BOOL)])
def test_runs_are_where_the_cells_are(system: System) -> None:
    layout = PackedLayout(system)
    for stretch in layout.stretches.values():
        cells = iter(range(stretch.base, stretch.end))
        for run in layout.runs(stretch.base, stretch.end):
            for number, cell in zip(range(run.count), cells, strict=False):
                assert cell == run.start + number
                assert layout.positions[cell] == run.word * WORD + run.shift + number * run.stride
                assert layout.leaves[cell] == layout.leaves[run.start]
        assert next(cells, None) is None


@pytest.mark.parametrize(
    "refused",
    [
        lambda: of_globals(IntSort(0, 1 << 62)),
        lambda: of_globals(IntSort(None, 3)),
        lambda: of_globals(SetSort(IntSort(0, 1 << 20))),
        lambda: of_globals(MapSort(IntSort(0, 60_000), BOOL)),
        lambda: of_objects(4096, *[SetSort(IntSort(0, 4000))] * 2),
    ],
)
def test_what_is_too_large_is_refused(refused: Callable[[], System]) -> None:
    with pytest.raises(NotCompilable):
        PackedLayout(refused())
