"""From a formula to an automaton that accepts exactly the words of which the formula holds.

    formula ── normal.py ──▶ negation normal form ── expand.py ──▶ very weak alternating automaton
            ── here ──▶ automaton that accepts by transitions ── reduce.py ──▶ a smaller one

A state is a set of formulas that all hold from here on. The way is that of Gastin and Oddoux 2001, "Fast LTL to Büchi
Automata Translation"; docs/decisions/0043-automata.md says why, and where it is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled
from kspec.explore.temporal.automata.budget import Budget
from kspec.explore.temporal.automata.expand import Expansion, obligations, waits
from kspec.explore.temporal.automata.formula import Formula, count_atoms
from kspec.explore.temporal.automata.nodes import parts
from kspec.explore.temporal.automata.normal import normal_form
from kspec.explore.temporal.automata.reduce import reduced
from kspec.explore.temporal.automata.terms import Term


def translate(formula: Formula, budget: Budget | None = None) -> Automaton:
    """FormulaTooLarge if it costs more than the budget."""
    return reduced(unreduced(formula, budget))


def unreduced(formula: Formula, budget: Budget | None = None) -> Automaton:
    root = normal_form(formula)
    budget = Budget() if budget is None else budget
    expansion = Expansion(root, budget)
    initial = expansion.essential(obligations(root))
    ways = _ways(initial, expansion, budget)
    pending = reduce(or_, (term.obligations for terms in ways.values() for term in terms), 0)
    awaited = [node.number for node in parts(root) if waits(node) and pending >> node.number & 1]
    numbers = {state: number for number, state in enumerate(ways)}
    edges = []
    for state, number in numbers.items():
        for term in ways[state]:
            target = numbers[expansion.essential(term.obligations)]
            edges.append(Edge(number, term.positive, term.negative, target, _acceptance(term, awaited)))
    return assembled(numbers[initial], edges, len(awaited), count_atoms(formula))


def _ways(initial: int, expansion: Expansion, budget: Budget) -> dict[int, tuple[Term, ...]]:
    """The terms of every set of formulas that can be met."""
    ways: dict[int, tuple[Term, ...]] = {}
    waiting = [initial]
    while waiting:
        state = waiting.pop()
        if state not in ways:
            budget.add_state()
            ways[state] = expansion.of_all(state)
            waiting.extend(expansion.essential(term.obligations) for term in ways[state])
    return ways


def _acceptance(term: Term, awaited: Iterable[int]) -> int:
    """In the set of each awaited formula that is fulfilled here, or not waited for after it."""
    return sum(
        1 << place
        for place, number in enumerate(awaited)
        if term.fulfilled >> number & 1 or not term.obligations >> number & 1
    )
