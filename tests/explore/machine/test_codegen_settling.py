"""Settling in machine code: the same objects are kept, cleared and freed as by `evaluate`, in any state."""

from __future__ import annotations

import random

import pytest

from kspec.evaluate.run import State
from kspec.system.expressions import Literal
from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, Value
from kspec.system.system import DELETED, STATUS, Role, System, Variable
from tests.building import SystemBuilder, assign, constant, field, kind, local, parameter, status, variable, write
from tests.explore.machine.agreeing import Oracle
from tests.explore.machine.sorts import COLOUR, chosen
from tests.explore.machine.told import Teller

POD = kind("Pod", 4, permanent=False)
NODE = kind("Node", 3, permanent=False)
RACK = kind("Rack", 2)
MAYBE_POD, MAYBE_NODE = OptionSort(POD.sort), OptionSort(NODE.sort)

HOLDERS: dict[str, list[Variable]] = {
    "fields": [
        field(POD, "node", MAYBE_NODE),
        field(NODE, "pods", SetSort(POD.sort)),
        field(RACK, "first", MAYBE_NODE),
    ],
    "const fields": [
        field(POD, "parent", MAYBE_POD, const=True),
        field(POD, "at", NODE.sort, const=True),
        field(NODE, "members", SeqSort(MAYBE_POD, 2), const=True),
    ],
    "constants": [
        constant(RACK, "home", MAYBE_NODE, (2, None)),
        constant(RACK, "pods", SetSort(POD.sort), (frozenset({1}), frozenset({0, 3}))),
    ],
    "variables": [
        variable("last", MAYBE_POD),
        variable("nodes", SetSort(MAYBE_NODE)),
        variable("log", SeqSort(POD.sort, 3)),
    ],
    "maps": [
        variable("of", MapSort(POD.sort, MAYBE_NODE)),
        variable("by", MapSort(COLOUR, MapSort(NODE.sort, IntSort(1, 3)))),
        variable("seen", MapSort(MAYBE_POD, SetSort(NODE.sort))),
        field(POD, "logs", SeqSort(MapSort(NODE.sort, BOOL), 2)),
    ],
    "components": [
        Variable("kubelet.pod", (NODE.sort,), MAYBE_POD, Role.COMPONENT),
        Variable("scheduler.next", (), MAYBE_POD, Role.COMPONENT),
    ],
    "budgets": [
        Variable("budget", (POD.sort, NODE.sort), IntSort(0, 2), Role.BUDGET),
        Variable("spare", (COLOUR, MAYBE_POD), IntSort(0, 2), Role.BUDGET),
    ],
}


def system_of(holders: list[Variable]) -> System:
    """Objects that refer to each other, and may be deleted."""
    built, dice = SystemBuilder(), random.Random(0)
    for it in (POD, NODE, RACK):
        built.kind(it)
    flag = built.variable(variable("flag", BOOL), False)
    for holder in holders:
        built.variable(holder, *([] if holder.constant else [chosen(holder.sort, dice)] * 20))
    built.action("blink", [], [assign(flag, Literal(True, BOOL))])
    for it in (POD, NODE):
        of = local("x", it.sort)
        built.action(f"delete_{it.name}", [parameter(of)], [write(status(it), [of], Literal(DELETED, STATUS))])
    return built.build()


def states_of(system: System, oracle: Oracle, count: int) -> list[State]:
    """Random ones: references to objects that are alive, deleted or were never there."""
    dice = random.Random(3)
    layout = oracle.evaluator.layout
    sorts: list[Sort] = [layout.variables[place.variable].sort for place in layout.places]
    return [tuple(_value(sort, dice) for sort in sorts) for _ in range(count)]


def _value(sort: Sort, dice: random.Random) -> Value:
    return dice.choice([0, 1, 1, 2]) if sort == STATUS else chosen(sort, dice)


@pytest.mark.parametrize("what", [*HOLDERS, "everything"])
def test_states_are_settled_as_by_evaluate(what: str) -> None:
    holders = [it for group in HOLDERS.values() for it in group] if what == "everything" else HOLDERS[what]
    system = system_of(holders)
    teller, oracle = Teller(system), Oracle(system)
    for state in states_of(system, oracle, 150):
        assert teller.expand(state) == oracle.expand(state)
