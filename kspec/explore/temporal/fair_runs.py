"""Whether a graph has a fair run that an observer accepts, and such a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kspec.explore.temporal.marks import DONE, ROOT, UNSEEN
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import Marks, Search
from kspec.explore.temporal.short_walk import Nodes, short_walk
from kspec.explore.temporal.stopping import stopping_nodes
from kspec.explore.temporal.walk import Walk


@dataclass(frozen=True, slots=True)
class FairRun:
    """`is_cut`: what it repeats for ever has a state in which a step is missing for want of room; there is no run
    without."""

    walk: Walk
    is_cut: bool


def has_fair_run(search: Search) -> bool:
    """Whether there is one, whatever the room."""
    marks = _begun(search)
    if _is_past_all(search.product, marks):
        return True
    return search.components(marks, first=True) > 0 or len(_stops(search.product, marks, (False, True))) > 0


def fair_run(search: Search) -> FairRun | None:
    """One with enough room where there is one."""
    product = search.product
    if product.graph.cut.any():
        walk = _enough_room(search)
        if walk is not None:
            return FairRun(walk, is_cut=False)
    marks = _begun(search)
    found = search.components(marks, first=False)
    stops = _stops(product, marks, (False, True))
    if not found and not len(stops):
        return None
    return FairRun(short_walk(search, marks, stops), is_cut=bool(product.graph.cut.any()))


def _enough_room(search: Search) -> Walk | None:
    """The cycle has no cut state; the way to it may have some."""
    product = search.product
    marks = _begun(search)
    search.reach(marks)
    cut = np.flatnonzero(product.graph.cut)
    for plane in range(product.planes):
        first = plane * product.graph.states
        of_plane = marks[first : first + product.graph.states]
        of_plane[cut[of_plane[cut] != UNSEEN]] = DONE
    found = search.components(marks, first=False)
    stops = _stops(product, marks, (False,))
    return short_walk(search, marks, stops) if found or len(stops) else None


def _begun(search: Search) -> Marks:
    """Marks with the roots of a search. Of the nodes before the tracked objects exist, and of those where the observer
    waits, none can be in a fair component: the search begins behind them."""
    product = search.product
    marks = search.no_marks()
    if product.skippable is not None:
        search.begin_behind(marks, product.skippable)
        return marks
    marks[product.starts] = ROOT
    if product.observer.before:
        search.reach(marks)
        before = marks[: product.observer.before * product.graph.states]
        before[before != UNSEEN] = DONE
    return marks


def _is_past_all(product: Product, marks: Marks) -> bool:
    """Whether a root has nothing more to wait for: every finite run is the beginning of a fair one."""
    observer = product.observer
    planes = ((flags, observed) for flags in range(1 << product.letters.tracked) for observed in observer.universal)
    return any(bool((marks[product.plane(*plane)] == ROOT).any()) for plane in planes)


def _stops(product: Product, marks: Marks, cuts: tuple[bool, ...]) -> Nodes:
    """The nodes that the search came to at which a fair run may stop."""
    found = [np.zeros(0, dtype=np.int64)]
    for cut in cuts:
        for first, states in stopping_nodes(product, cut=cut):
            seen = marks[first : first + product.graph.states][states] != UNSEEN
            if product.skippable is not None and first == product.number(0, 0, product.skippable):
                alive = product.letters.alive
                seen = seen | (True if alive is None else alive[states] == product.everything_alive)
            found.append(first + states[seen].astype(np.int64))
    return np.sort(np.concatenate(found))
