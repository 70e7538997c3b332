"""The reductions of automata, one after the other until none finds anything."""

from __future__ import annotations

from kspec.explore.temporal.automata.acceptance import with_needed_sets, without_dead_ends
from kspec.explore.temporal.automata.automaton import Automaton
from kspec.explore.temporal.automata.quotient import bisimulation_quotient
from kspec.explore.temporal.automata.simulation import simulation_quotient


def reduced(automaton: Automaton) -> Automaton:
    """An automaton that accepts the same words, and is no larger."""
    before = None
    while automaton != before:
        before = automaton
        automaton = bisimulation_quotient(with_needed_sets(without_dead_ends(automaton)))
        automaton = simulation_quotient(automaton)
    return automaton
