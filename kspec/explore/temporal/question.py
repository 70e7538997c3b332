"""From formulas to the search for a fair run of which they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kspec.explore.temporal.atoms import Atoms, Bound, TooMany, conjunction
from kspec.explore.temporal.automata import formula as ltl
from kspec.explore.temporal.automata.automaton import Automaton
from kspec.explore.temporal.automata.translate import translate
from kspec.explore.temporal.fair_runs import FairRun, fair_run, has_fair_run
from kspec.explore.temporal.graph import Labelled
from kspec.explore.temporal.letters import letters_of
from kspec.explore.temporal.observer import Observer, observer_of, tracking_observer
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import FEW_STEPS, Search
from kspec.explore.watch import Watch
from kspec.system.expressions import Local

MOST_SETS: Final = 64
"""The marks of an edge of an automaton are one number of 64 bits."""

MOST_TRACKED: Final = 8
"""Of each state, one number of 8 bits says which tracked objects exist."""


@dataclass(frozen=True, slots=True)
class Question:
    """Is there a fair run with all of `assumed`, and with `sought` from the first position on at which the objects of
    the `tracked` variables exist?"""

    assumed: tuple[Bound, ...]
    sought: Bound
    tracked: tuple[Local, ...]


def find(question: Question, labelled: Labelled, watch: Watch) -> FairRun | None:
    """Such a run. Raises EvaluationError, SearchStopped, TooMany and FormulaTooLarge."""
    return fair_run(_search(question, labelled, watch))


def exists(question: Question, labelled: Labelled, watch: Watch) -> bool:
    """Whether there is such a run. Raises what `find` does."""
    return has_fair_run(_search(question, labelled, watch))


def _search(question: Question, labelled: Labelled, watch: Watch) -> Search:
    if len(question.tracked) > MOST_TRACKED:
        raise TooMany(len(question.tracked), "objects that come and go", MOST_TRACKED)
    atoms = Atoms((*question.assumed, question.sought))
    observer = _observer(question, atoms)
    if observer.acceptance_sets > MOST_SETS:
        raise TooMany(observer.acceptance_sets, "conditions that must come again and again", MOST_SETS)
    watch.check()
    values = dict(question.sought.values)
    letters = letters_of(labelled, atoms, [(local, values[local]) for local in question.tracked])
    watch.check()
    return search_over(Product(labelled.graph, observer, letters), watch)


def search_over(product: Product, watch: Watch) -> Search:
    """In plain Python where loading machine code would take longer."""
    if product.planes * product.graph.steps <= FEW_STEPS:
        from kspec.explore.temporal.plain_search import PlainSearch

        return PlainSearch(product, watch)
    from kspec.explore.machine.cycles.search import MachineSearch

    return MachineSearch(product, watch)


def _observer(question: Question, atoms: Atoms) -> Observer:
    assumed = [atoms.formula(bound) for bound in question.assumed]
    sought = atoms.formula(question.sought)
    if question.tracked:
        return tracking_observer(_translated(assumed), _translated([sought]), atoms.about_steps)
    return observer_of(_translated([*assumed, sought]), atoms.about_steps)


def _translated(formulas: Sequence[ltl.Formula]) -> Automaton:
    return translate(conjunction(formulas))
