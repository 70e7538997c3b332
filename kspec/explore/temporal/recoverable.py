"""Whether, from every reachable state, one with some property can be reached."""

from __future__ import annotations

import numpy as np

from kspec.evaluate.errors import EvaluationError
from kspec.explore.result import Limit
from kspec.explore.temporal.graph import Flags, Labelled, StateGraph
from kspec.explore.temporal.letters import WORD, Letters
from kspec.explore.temporal.marks import ROOT, STOP
from kspec.explore.temporal.observer import Observer, Rule
from kspec.explore.temporal.outcome import AtomFails, RecoverableOutcome, Recovers, Stopped, Trapped
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.question import search_over
from kspec.explore.temporal.reverse import reverse
from kspec.explore.temporal.searches import Search
from kspec.explore.temporal.walk import Walk
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.expressions import Expr

_ANYTHING = Observer(((Rule(0, 0, 0, 0, 0, 0),),), 0, 0, 0, 0)
"""Follows every run."""


def check_recoverable(labelled: Labelled, expression: Expr, watch: Watch) -> RecoverableOutcome:
    try:
        good = labelled.state_atoms((expression,), {}, ()) != 0
        return _judged(labelled.graph, good, watch)
    except EvaluationError as error:
        return AtomFails(error.failure, ())
    except SearchStopped as stopped:
        return Stopped(stopped.limit, stopped.detail)
    except MemoryError:
        return Stopped(Limit.MEMORY, "no memory for the search for a trap")


def _judged(graph: StateGraph, good: Flags, watch: Watch) -> RecoverableOutcome:
    backward = _over(reverse(graph, watch), watch)
    trapped = ~_reached(backward, good)
    if not trapped.any():
        return Recovers()
    surely = ~_reached(backward, good | graph.cut)
    del backward
    search = _over(graph, watch)
    marks = search.no_marks()
    marks[surely if surely.any() else trapped] = STOP
    found = search.to_wanted(marks, search.product.starts)
    assert found is not None, "every state of the graph can be reached"
    start, hops = found
    walk = Walk(start, tuple(hop.step for hop in hops), len(hops))
    here = np.zeros(graph.states, dtype=np.bool_)
    here[walk.states(graph)[-1]] = True
    return Trapped(walk, int(_reached(search, here).sum()), is_cut=not surely.any())


def _over(graph: StateGraph, watch: Watch) -> Search:
    letters = Letters(np.zeros(graph.states, dtype=np.uint64), None, None, 0, (WORD,), (0,))
    return search_over(Product(graph, _ANYTHING, letters), watch)


def _reached(search: Search, roots: Flags) -> Flags:
    """The states that can be reached from these, themselves included."""
    marks = search.no_marks()
    marks[roots] = ROOT
    search.reach(marks)
    reached: Flags = marks == ROOT
    return reached
