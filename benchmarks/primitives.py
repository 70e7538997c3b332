"""What each primitive costs: one small model, with each primitive in one of its components alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from benchmarks.contenders.kspec import ROOT, Search
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Section, Table
from benchmarks.measure import Counts
from kspec.language import checked
from kspec.language.load import load_model

if TYPE_CHECKING:
    from benchmarks.experiments import Bench

FOLDER: Final = ROOT / "benchmarks" / "models" / "primitives"
CLUSTER: Final = "large"

PLAIN: Final = "plain"
TITLES: Final = MappingProxyType(
    {
        PLAIN: "none",
        "permissions": "permissions and a handler",
        "update": "`get` and `update`",
        "lag_1": "`watches Pod lag 1`",
        "lag_2": "`watches Pod lag 2`",
        "lag_any": "`watches Pod lag any`",
        "own_writes": "`lag 1` and `reads own writes`",
        "loses": "`lag 1`, `loses events at most 1` and `relists`",
        "disconnects": "`disconnects at most 1`",
        "process": "`process` with a `yield`",
        "workers_2": "the same with `workers 2`",
        "crashes": "the same with one worker and `crashes at most 1`",
    }
)
"""By the name of the model's file."""

HEAD: Final = ("primitive", "states", "transitions", "orbits", "states against none", "time against none")


@dataclass(frozen=True, slots=True)
class Costs:
    """What a model counts, and how many states are left up to an exchange of objects."""

    all: Counts
    orbits: int


def primitives(bench: Bench) -> Section:
    """States, and time of the search of all of them with one worker."""
    costs = {name: costs_of(path(name), CLUSTER) for name in TITLES}
    searches = {name: Search(path(name), CLUSTER, cost.all) for name, cost in costs.items()}
    took = bench.measure(*searches.values())
    seconds = {name: took[search.name].search for name, search in searches.items()}
    rows = tuple(_row(name, costs[name], costs[PLAIN], seconds[name] / seconds[PLAIN]) for name in TITLES)
    return Section("What a primitive in one component costs", (), table=Table(HEAD, rows))


def path(name: str) -> Path:
    return FOLDER / f"{name}.kspec"


def costs_of(model: Path, cluster: str) -> Costs:
    """What the file expects of a cluster."""
    loaded = load_model(model).model
    if loaded is None:
        raise BenchmarkError(f"{model} cannot be read: run `kspec check`")
    counts = (item for item in loaded.expectations if isinstance(item, checked.ExpectCounts))
    expected = [item for item in counts if item.only_in == cluster]
    (unreduced,) = (item for item in expected if not item.reduced)
    (orbits,) = (item for item in expected if item.reduced)
    assert unreduced.states is not None
    assert unreduced.transitions is not None
    assert unreduced.depth is not None
    assert orbits.states is not None
    return Costs(Counts(unreduced.states, unreduced.transitions, unreduced.depth), orbits.states)


def counts_row(name: str, costs: Costs, plain: Costs) -> tuple[str, ...]:
    """The cells of a row that do not depend on the machine."""
    ratio = costs.all.states / plain.all.states
    return (TITLES[name], f"{costs.all.states:,}", f"{costs.all.transitions:,}", f"{costs.orbits:,}", f"{ratio:.1f}")


def _row(name: str, costs: Costs, plain: Costs, time: float) -> tuple[str, ...]:
    return (*counts_row(name, costs, plain), f"{time:.1f}")
