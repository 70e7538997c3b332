"""What `spin -f` makes of a formula: a never claim, which is a Büchi automaton that accepts by states."""

from __future__ import annotations

import re
import subprocess
from typing import assert_never

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled
from kspec.explore.temporal.automata.formula import And, Atom, Formula, Next, Not, Or, Release, Truth, Until
from tests.explore.temporal.automata.random_formulas import ATOMS

NAMES = "abc"
LONGEST = 30
"""Seconds. Spin has no bound of its own, and is not waited for longer."""


class SpinIsTooSlow(Exception):
    pass


def by_spin(formula: Formula) -> Automaton:
    try:
        done = subprocess.run(
            ["spin", "-f", written(formula)], capture_output=True, text=True, check=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise SpinIsTooSlow from None
    return parsed(done.stdout)


def written(formula: Formula) -> str:
    """As Spin reads it; its parser knows no `next`."""
    match formula:
        case Truth(value):
            return "true" if value else "false"
        case Atom(index):
            return NAMES[index]
        case Not(operand):
            return f"!({written(operand)})"
        case And(left, right):
            return f"(({written(left)}) && ({written(right)}))"
        case Or(left, right):
            return f"(({written(left)}) || ({written(right)}))"
        case Until(left, right):
            return f"(({written(left)}) U ({written(right)}))"
        case Release(left, right):
            return f"(({written(left)}) V ({written(right)}))"
        case Next():
            raise AssertionError("no next")
        case _:
            assert_never(formula)


def parsed(claim: str) -> Automaton:
    numbers: dict[str, int] = {}
    edges: list[Edge] = []
    accepting: set[int] = set()
    source = -1
    labels: list[str] = []
    for line in claim.splitlines():
        if label := re.fullmatch(r"(\w+):", line.strip()):
            labels.append(label[1])
            continue
        if labels:
            source = numbers.setdefault(labels[-1], len(numbers))
            numbers.update(dict.fromkeys(labels, source))
            accepting |= {source for label in labels if label.startswith("accept")}
            labels = []
        if line.strip() == "skip":
            edges.append(Edge(source, 0, 0, source, 0))
        elif step := re.fullmatch(r":: (.+) -> goto (\w+)", line.strip()):
            edges += _edges(source, step[1], numbers.setdefault(step[2], len(numbers)))
        elif last := re.fullmatch(r":: atomic \{ (.+) -> assert\(.+\) \}", line.strip()):
            edges += _edges(source, last[1], numbers.setdefault("accept_all", len(numbers)))
        else:
            assert re.fullmatch(r"never .*|do|od;|if|fi;|\}|:: false", line.strip()), line
    marked = [Edge(edge.source, *edge.guard, edge.target, int(edge.source in accepting)) for edge in edges]
    return assembled(numbers["T0_init"], marked, 1, ATOMS)


def _edges(source: int, guard: str, target: int) -> list[Edge]:
    """One for each letter that the guard allows."""
    python = guard.replace("&&", " and ").replace("||", " or ").replace("!", " not ").strip()
    every = (1 << ATOMS) - 1
    found = []
    for letter in range(1 << ATOMS):
        values = {name: bool(letter >> index & 1) for index, name in enumerate(NAMES)}
        if eval(python, {"__builtins__": {}, "true": True, "false": False}, values):
            found.append(Edge(source, letter, every & ~letter, target, 0))
    return found
