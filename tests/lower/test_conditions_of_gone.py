"""Conditions about objects that may be gone mean what their parts mean, checked part by part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.system.expressions import Let, Literal, Local
from kspec.system.temporal import Always, And, Formula, Gone, Iff, Implies, Not, Or, StateAtom, Temporal
from tests.lower.formulas import temporal
from tests.lower.texts import system

MODEL = """
kind Pod { lit: bool = false }
var light: bool = false
def both(p: Pod, q: Pod): bool = not (p.lit and not q.lit)
component c { action make { create Pod { } }  action drop(p: Pod) { delete p } }
cluster small { Pod p1, p2  Pod at most 3 }
"""

LEAVES = {
    "p.lit": ("p",),
    "q.lit": ("q",),
    "light": (),
    "p.lit != q.lit": ("p", "q"),
    "both(p, q)": ("p", "q"),
    "gone(p)": (),
    "gone(q)": (),
    "alive(p)": ("p",),
}
"""The conditions without connectives, and the variables that each mentions and is false without."""

Tree = str | tuple[str, "Tree"] | tuple[str, "Tree", "Tree"] | tuple[str, "Tree", "Tree", "Tree"]


def trees() -> st.SearchStrategy[Tree]:
    leaves: st.SearchStrategy[Tree] = st.sampled_from(sorted(LEAVES))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(["and", "or", "implies", "iff"]), inner, inner),
            st.tuples(st.just("if"), inner, inner, inner),
        ),
        max_leaves=6,
    )


def text(tree: Tree) -> str:
    match tree:
        case str():
            return tree
        case ("not", operand):
            return f"not ({text(operand)})"
        case ("if", condition, then, otherwise):
            return f"(if {text(condition)} then {text(then)} else {text(otherwise)})"
        case (operator, left, right):
            return f"({text(left)}) {operator} ({text(right)})"
        case _:
            raise ValueError(tree)


World = Mapping[str, bool]
"""Whether `p` and `q` are gone, are lit, and whether there is light."""


def by_definition(tree: Tree, world: World) -> bool:
    match tree:
        case "gone(p)" | "gone(q)":
            return world[f"gone {tree[5]}"]
        case str() if any(world[f"gone {variable}"] for variable in LEAVES[tree]):
            return False
        case "p.lit" | "q.lit" | "light":
            return world[tree]
        case "p.lit != q.lit":
            return world["p.lit"] != world["q.lit"]
        case "both(p, q)":
            return not (world["p.lit"] and not world["q.lit"])
        case "alive(p)":
            return True
        case ("not", operand):
            return not by_definition(operand, world)
        case ("if", condition, then, otherwise):
            return by_definition(then if by_definition(condition, world) else otherwise, world)
        case (operator, left, right):
            sides = by_definition(left, world), by_definition(right, world)
            return {
                "and": all(sides),
                "or": any(sides),
                "implies": not sides[0] or sides[1],
                "iff": sides[0] == sides[1],
            }[operator]
        case _:
            raise ValueError(tree)


@cache
def evaluator() -> Evaluator:
    return Evaluator(system(MODEL))


def state(world: World) -> State:
    """`p` is the object in the first slot, `q` the one in the second."""
    found, (initial,) = evaluator(), evaluator().initial_states()
    values = list(initial)
    for variable, number, name in (("Pod.lit", 0, "p.lit"), ("Pod.lit", 1, "q.lit"), ("light", 0, "light")):
        position = found.layout.position(variable, number)
        assert position is not None
        values[position] = world[name]
    return tuple(values)


def as_lowered(found: Temporal, world: World) -> bool:
    slots = {binding.local: slot for slot, binding in enumerate(found.variables)}

    def is_gone(local: Local) -> bool:
        return world[f"gone {local.name}"]

    def value(formula: Formula) -> bool:
        match formula:
            case StateAtom(expression, about):
                if any(map(is_gone, about)):
                    return False
                for local, slot in slots.items():
                    expression = Let(local, Literal(slot, local.sort), expression)
                return evaluator().state_value(expression, state(world)) is True
            case Gone(local):
                return is_gone(local)
            case Not(operand):
                return not value(operand)
            case And(operands):
                return all(map(value, operands))
            case Or(operands):
                return any(map(value, operands))
            case Implies(left, right):
                return not value(left) or value(right)
            case Iff(left, right):
                return value(left) == value(right)
            case _:
                raise AssertionError(f"no condition about one state: {formula}")

    assert isinstance(found.formula, Always)
    return value(found.formula.operand)


@given(trees())
@settings(max_examples=60, deadline=None)
def test_a_condition_means_what_its_parts_mean(tree: Tree) -> None:
    formula = temporal(system(f"{MODEL}property A: forall p, q: Pod: always ({text(tree)})\n"))
    names = ("gone p", "gone q", "p.lit", "q.lit", "light")
    for values in product((False, True), repeat=len(names)):
        world = dict(zip(names, values, strict=True))
        assert as_lowered(formula, world) == by_definition(tree, world), world
