"""Units of fairness by number."""

from __future__ import annotations

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import State
from kspec.system.fairness import Slot, TooManyUnits, Units, units_of
from kspec.system.sorts import Value
from kspec.system.transitions import FairnessStrength
from tests.lower.texts import system

MODEL = """
enum Colour { Red, Blue }
kind Node { ready: bool = true }
kind Pod { key number: 0..1  n: 0..2 = 0  node: Node? = none }
component kubelet per n: Node {
  strongly fair per c, p action start(p: Pod, c: Colour) when p.n < 2 { p.n += 1  p.node = n }
  fair overall action stop(p: Pod) { p.n = 0 }
}
component binder {
  fair per key p action bind(p: Pod) when p.node == none { choose n: Node where n.ready  p.node = n }
  fair action rest { }
  action idle(p: Pod) { }
}
environment { action drop(p: Pod) { delete p } }
cluster small { Node n1, n2  Pod p1 { number = 1 }  Pod p2 { number = 0 } }
"""


def test_names_and_order() -> None:
    units = units_of(system(MODEL))
    assert [units.name(number) for number in range(len(units.units))] == [
        "kubelet(n1).start(p1, Red)",
        "kubelet(n1).start(p1, Blue)",
        "kubelet(n1).start(p2, Red)",
        "kubelet(n1).start(p2, Blue)",
        "kubelet(n2).start(p1, Red)",
        "kubelet(n2).start(p1, Blue)",
        "kubelet(n2).start(p2, Red)",
        "kubelet(n2).start(p2, Blue)",
        "kubelet.stop",
        "binder.bind(Pod.number = 0)",
        "binder.bind(Pod.number = 1)",
        "binder.rest",
    ]


def test_a_unit_is_about_objects_that_come_and_go_but_not_about_keys() -> None:
    units = units_of(system(MODEL))
    about = {units.name(number): unit.objects for number, unit in enumerate(units.units)}
    assert about["kubelet(n2).start(p2, Red)"] == (Slot("Pod", 1),)
    assert about["binder.bind(Pod.number = 0)"] == ()
    assert about["kubelet.stop"] == ()
    assert units.units[0].strength is FairnessStrength.STRONG


def taken(units: Units) -> set[str]:
    """The units of the steps from the initial state."""
    evaluator = Evaluator(units.system)
    (state,) = evaluator.initial_states()
    found = set()
    for outcome in evaluator.outcomes(state):
        assert isinstance(outcome, Stepped)
        action = units.system.transitions[outcome.taken.transition].action
        number = units.number(action, outcome.taken.values, lambda name, slot: key(evaluator, state, name, slot))
        found.add(units.system.actions[action].label if number is None else units.name(number))
    return found


def key(evaluator: Evaluator, state: State, variable: str, slot: int) -> Value:
    return evaluator.layout.value(state, variable, slot)


def test_the_unit_of_a_binding() -> None:
    units = units_of(system(MODEL))
    names = {units.name(number) for number in range(len(units.units))}
    assert taken(units) == names | {"binder.idle", "environment.drop"}


def test_the_key_is_read_of_the_object() -> None:
    found = system(MODEL)
    units = units_of(found)
    binds = next(number for number, action in enumerate(found.actions) if action.name == "bind")
    evaluator = Evaluator(found)
    (state,) = evaluator.initial_states()
    number = units.number(binds, (0, 1), lambda name, slot: key(evaluator, state, name, slot))
    assert number is not None
    assert units.name(number) == "binder.bind(Pod.number = 1)"


def test_a_run_of_a_process_is_its_worker() -> None:
    text = """
kind Pod { n: 0..2 = 0 }
component c { fair process work(p: Pod) workers 2 when p.n == 0 { p.n = 1  yield  p.n = 2 } }
environment { action drop(p: Pod) { delete p } }
cluster small { Pod p1, p2 }
"""
    units = units_of(system(text))
    about = {units.name(number): unit.objects for number, unit in enumerate(units.units)}
    assert about == {
        "c.work(p1)": (Slot("Pod", 0),),
        "c.work(p2)": (Slot("Pod", 1),),
        "c.work goes on(worker 1)": (),
        "c.work goes on(worker 2)": (),
    }


def test_a_deleted_object_that_a_view_holds_is_still_refreshed() -> None:
    text = """
kind Pod { n: 0..2 = 0 }
component c { watches Pod lag any  action look(p: Pod) when p.n == 0 { p.n = 1 } }
environment { action drop(p: Pod) { delete p } }
cluster small { Pod p1, p2 }
"""
    units = units_of(system(text))
    assert [unit.objects for unit in units.units] == [(), ()]


@pytest.mark.parametrize("bound", [32_499, 32_500])
def test_more_units_than_can_be_numbered_are_refused(bound: int) -> None:
    action = f"fair per i, p action go(i: 0..{bound}, p: Pod) {{ }}"
    text = f"kind Pod {{ }} component c {{ {action} }} cluster a {{ Pod p1, p2 }}"
    if bound == 32_499:
        assert len(units_of(system(text)).units) == 65_000
    else:
        with pytest.raises(TooManyUnits, match=r"c\.go.*65,000"):
            units_of(system(text))
