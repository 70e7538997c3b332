"""Which bindings of head variables stand for others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pytest

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.explore.result import Limits
from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.bindings import bindings_of, representatives, tracked_variables
from kspec.explore.temporal.check import check_properties
from kspec.explore.temporal.complete import complete_graph
from kspec.explore.temporal.outcome import Violated
from kspec.explore.watch import Watch
from kspec.system.expressions import AllValues, Binding, Existing, Literal, Local, Slots
from kspec.system.sorts import BOOL, IntSort, ObjectSort
from kspec.system.system import System
from kspec.system.temporal import StateAtom, Temporal
from tests.explore.temporal.toys import Toy, random_toy
from tests.lower.texts import system as system_of_text
from tests.systems import pods

POD = ObjectSort("Pod", 3)
NODE = ObjectSort("Node", 2)
P, Q, N, FLAG = Local(901, "p", POD), Local(902, "q", POD), Local(903, "n", NODE), Local(904, "flag", BOOL)
ANYTHING = StateAtom(Literal(True, BOOL))


def _beginning(system: System, initial: int = 1) -> Begun:
    """The initial state of a system, so many times."""
    toy = random_toy(Random(0), 1, 1)
    graph = replace(toy.graph, initial=np.zeros(initial, dtype=np.uint32))
    return Begun(graph, {}, {}, (), next(Evaluator(system).initial_states()))


@dataclass(frozen=True)
class Begun(Toy):
    begun: State

    def state(self, number: int) -> State:
        return self.begun


def _of(*variables: Binding) -> Temporal:
    return Temporal(variables, ANYTHING)


def _chosen(system: System, temporal: Temporal) -> list[tuple[object, ...]]:
    return [_values(of) for of in representatives(system, _beginning(system), bindings_of(temporal))]


def _values(binding: Values) -> tuple[object, ...]:
    return tuple(value for _, value in binding)


def test_bindings_are_all_values_of_all_variables() -> None:
    temporal = _of(Binding(N, Slots(NODE)), Binding(FLAG, AllValues(BOOL)))
    assert [_values(of) for of in bindings_of(temporal)] == [(0, False), (0, True), (1, False), (1, True)]
    assert bindings_of(_of()) == [()]


def test_too_many_bindings_are_refused() -> None:
    wide = Local(905, "i", IntSort(0, 70_000))
    with pytest.raises(EnumerationTooLarge):
        bindings_of(_of(Binding(wide, AllValues(wide.sort))))
    with pytest.raises(EnumerationTooLarge):
        bindings_of(_of(Binding(Local(906, "i", IntSort(None, None)), AllValues(IntSort(None, None)))))


def test_only_objects_that_come_and_go_are_tracked() -> None:
    system = pods(3, 2, 2, 1)
    temporal = _of(Binding(P, Existing(POD)), Binding(N, Existing(NODE)))
    assert tracked_variables(system, temporal) == ()
    kinds = tuple(replace(kind, permanent=kind.name != "Pod") for kind in system.kinds)
    assert tracked_variables(replace(system, kinds=kinds), temporal) == temporal.variables[:1]


def test_one_binding_stands_for_those_that_an_exchange_maps_it_to() -> None:
    system = pods(3, 2, 2, 1)
    two = _of(Binding(P, Slots(POD)), Binding(Q, Slots(POD)))
    assert _chosen(system, _of(Binding(P, Slots(POD)))) == [(0,)]
    assert _chosen(system, two) == [(0, 0), (0, 1)]
    assert _chosen(system, _of(Binding(P, Slots(POD)), Binding(N, Slots(NODE)))) == [(0, 0)]
    assert _chosen(system, _of(Binding(P, Slots(POD)), Binding(FLAG, AllValues(BOOL)))) == [(0, False), (0, True)]


def test_objects_that_begin_differently_are_told_apart() -> None:
    """The first pod is pending from the beginning on. Transitions do not tell it from the others."""
    system = pods(3, 2, 2, 1)
    system = replace(system, initial={**system.initial, "Pod.phase": (1, 0, 0)})
    assert _chosen(system, _of(Binding(P, Slots(POD)))) == [(0,), (1,)]


def test_slots_of_objects_that_come_and_go_are_told_apart() -> None:
    """A new object takes the lowest free slot, so that the objects of two slots have different pasts."""
    system = pods(3, 2, 2, 1)
    kinds = tuple(replace(kind, permanent=kind.name != "Pod") for kind in system.kinds)
    mortal = replace(system, kinds=kinds)
    beginning = _beginning(system)
    bindings = bindings_of(_of(Binding(P, Existing(POD))))
    assert representatives(system, beginning, bindings) == bindings[:1]
    assert representatives(mortal, beginning, bindings) == bindings


def test_many_initial_states_are_not_compared() -> None:
    system = pods(3, 2, 2, 1)
    bindings = bindings_of(_of(Binding(P, Slots(POD))))
    assert representatives(system, _beginning(system, 1_000), bindings) == bindings[:1]
    assert representatives(system, _beginning(system, 1_001), bindings) == bindings


def test_the_second_object_ever_may_break_what_the_first_keeps() -> None:
    """Only a pod that is alone is served, and the second one comes when the first one is served."""
    text = """
        kind Pod { served: bool = false }
        component c {
          action make() when count(q: Pod) < 2 and (forall q: Pod: q.served) { create Pod {} }
          fair action serve(p: Pod) when count(q: Pod) == 1 when not p.served { p.served = true }
        }
        property Served: forall p: Pod: eventually p.served
        cluster two { Pod at most 2 }
    """
    system = system_of_text(text)
    outcome = check_properties(system, complete_graph(system, Limits()), Watch(Limits()))["Served"]
    assert isinstance(outcome, Violated)
    assert _values(outcome.binding) == (1,)
