"""Properties, expectations, and the sample as a whole."""

from __future__ import annotations

from kspec.explore.plain import explore
from kspec.explore.result import Limits
from kspec.system.expressions import FALSE, By, Created, Enabled, ExistingInBoth, Expr, Implies, Quantifier, Writes
from kspec.system.properties import ExpectCounts, ExpectViolation, Property, PropertyKind
from kspec.system.transitions import Fairness, FairnessStrength, UnitPart
from tests.lower.texts import system

MODEL = """
kind Pod { n: 0..3 = 0  const of: 0..3 = 0 }
component c per p: Pod { fair action up(i: 0..1) when p.n < 3 { p.n = p.n + 1 }
                         fair overall action spawn { create Pod {} }
                         strongly fair per i action pick(i: 0..1) { } }
environment { action reset(p: Pod) { p.n = 0 } }
invariant Always: forall p: Pod: p.n <= 3
step Grows: forall p: Pod: p.n >= old(p.n) or by environment
step New: forall created p: Pod: p.n == 0
step Resets only in *quiet: not by environment.reset and not enabled environment.reset
step Writes: by c.up implies writes Pod
reachable Two only in one: one.a.n == 2
property Later: eventually (forall p: Pod: p.n == 3)
terminal when false
expect violation Grows in other
expect violation Two
expect states 4 in one
cluster one { Pod a {}  Pod at most 2 }
cluster one_quiet { Pod b {}  Pod at most 2  disable environment.reset }
cluster other { Pod c {} }
"""


def expression(cluster: str, name: str) -> Expr:
    found = next(item for item in system(MODEL, cluster).properties if item.name == name)
    assert found.expression is not None
    return found.expression


def test_order_and_kinds() -> None:
    found = system(MODEL, "one").properties
    implicit = ["Ranges", "LiveReferences", "Asserts"]
    assert [item.name for item in found] == ["Always", "Grows", "New", "Writes", "Two", "Later", "Deadlock", *implicit]
    assert {item.name for item in found if item.expression is None} == {"Later", *implicit}
    assert found[-4] == Property(PropertyKind.DEADLOCK, "Deadlock", FALSE, found[-4].span)


def test_expectations_are_those_of_the_cluster() -> None:
    assert [type(item) for item in system(MODEL, "one").expectations] == [ExpectViolation, ExpectCounts]
    assert system(MODEL, "one_quiet").expectations == ()


def test_domains_of_step_properties() -> None:
    grows, new = expression("one", "Grows"), expression("one", "New")
    assert isinstance(grows, Quantifier)
    assert isinstance(grows.bindings[0].domain, ExistingInBoth)
    assert isinstance(new, Quantifier)
    assert isinstance(new.bindings[0].domain, Created)


def test_atoms() -> None:
    atoms = expression("one", "Writes")
    assert isinstance(atoms, Implies)
    assert isinstance(atoms.left, By)
    assert atoms.left.actions == {0}
    assert isinstance(atoms.right, Writes)
    assert atoms.right.variables == ("Pod.n",)


def test_a_disabled_action_is_never_taken_nor_enabled() -> None:
    resets = expression("one_quiet", "Resets")
    assert not any(isinstance(part, By | Enabled) for part in getattr(resets, "operands", (resets,)))


def test_units_of_fairness() -> None:
    found = {action.name: action.fairness for action in system(MODEL, "one").actions}
    assert found == {
        "up": Fairness(FairnessStrength.WEAK, (UnitPart(0),)),
        "spawn": Fairness(FairnessStrength.WEAK),
        "pick": Fairness(FairnessStrength.STRONG, (UnitPart(0), UnitPart(1))),
        "reset": None,
    }


def test_everything_it_lowers_to_can_be_explored() -> None:
    found = explore(system(MODEL, "one_quiet"), Limits())
    assert found.complete
    assert set(found.violations) <= {"Deadlock", "Grows"}
