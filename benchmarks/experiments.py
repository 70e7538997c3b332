"""What is measured: each experiment compares some contenders in turn, and draws its figures from their medians."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks.contenders.kspec import ROOT, Cache, Check, Search, compile_clusters
from benchmarks.contenders.reference import ModelReference, PodsReference
from benchmarks.contenders.spin import Spin
from benchmarks.figures import Better, Figure, Point, Section, Unit
from benchmarks.measure import Contender, Counts, Medians, measure
from benchmarks.pods import MODEL as PODS
from benchmarks.pods import ORBITS, STATES, with_formulas
from benchmarks.primitives import primitives

LARGE: Final = "p4n2r3c2"
SMALL: Final = "p3n2r3c2"
"""The largest scope that fits into 200,000 states."""

PLOTTED: Final = ("p2n2r2c2", "p3n2r2c1", "p3n2r3c2")
"""The scopes of the plot besides the large one."""

REFERENCE_CURVE: Final = "C++ reference, compiled and run"
SPIN_CURVE: Final = "Spin, generated, compiled and run"
KSPEC_CURVE: Final = "kspec check --no-symmetry"
ORBITS_CURVE: Final = "kspec check, with symmetry"

NUSMV: Final = MappingProxyType({"p4n2r3c2": 1.2 / 2.7, "p5n2r4c2": 17 / 2.7})
"""How long NuSMV takes, by cluster, where compiling and running the reference for p4n2r3c2 takes 1: as measured once,
both on one machine."""


@dataclass(frozen=True, slots=True)
class Bench:
    """`folder`: for compiled programs and caches; `rounds`: runs of each contender; `tell`: says what goes on."""

    folder: Path
    rounds: int
    tell: Callable[[str], None]

    def measure(self, *contenders: Contender) -> dict[str, Medians]:
        return measure(contenders, self.rounds, self.tell)


def searches(bench: Bench) -> Section:
    """The search alone, all states, against the reference."""
    reference = [PodsReference(LARGE, bench.folder, threads) for threads in (1, 2)]
    kspec = [Search(PODS, LARGE, STATES[LARGE], workers) for workers in (1, 2)]
    took = bench.measure(*reference, *kspec)
    one, two = (took[contender.name] for contender in kspec)
    by_hand, by_two_hands = (took[contender.name] for contender in reference)
    size = f"{STATES[LARGE].states:,} states"
    return Section(
        f"Search alone, all {size} of {LARGE}",
        (
            Figure("states/s against the C++ reference, 1 thread", by_hand.search / one.search, required=0.6, aim=1.1),
            Figure("two workers against one", one.search / two.search, required=1.3, aim=1.7),
            Figure("the reference with two threads against one", by_hand.search / by_two_hands.search),
            _bytes("bytes per state at the peak, one worker", one.bytes_per_state, required=48, aim=20),
            _bytes("bytes per state at the peak, two workers", two.bytes_per_state, required=48, aim=20),
            _bytes("bytes per state of the reference's process", by_hand.bytes_per_state),
        ),
    )


def processes(bench: Bench) -> Section:
    """Whole processes, against Spin with its compilation: at the largest scope for figures, at others for the plot."""
    spin, reference = Spin(LARGE, bench.folder), PodsReference(LARGE, bench.folder)
    cold = Check(with_formulas(bench.folder), LARGE, STATES[LARGE], bench.folder)
    one, warm = replace(cold, workers=1), replace(cold, cache=Cache.WARM)
    took = bench.measure(spin, reference, one, cold, warm)
    points = [point for cluster in PLOTTED for point in _points(bench, cluster)]
    points += [
        _point(REFERENCE_CURVE, LARGE, took[reference.name]),
        _point(SPIN_CURVE, LARGE, took[spin.name]),
        _point(KSPEC_CURVE, LARGE, took[warm.name]),
    ]

    def faster(contender: Contender) -> float:
        return took[spin.name].whole / took[contender.name].whole

    return Section(
        f"Whole process, all {STATES[LARGE].states:,} states of {LARGE}, times faster than Spin and its compilation",
        (
            Figure("nothing cached", faster(cold), required=5, aim=12),
            Figure("nothing cached, one worker", faster(one)),
            Figure("warm caches", faster(warm)),
            Figure("the reference and its compilation", faster(reference)),
            _bytes("bytes per state of the process, interpreter included", took[cold.name].bytes_per_state),
            _bytes("bytes per state of Spin's process", took[spin.name].bytes_per_state),
        ),
        points=tuple(points),
    )


def _points(bench: Bench, cluster: str) -> list[Point]:
    spin, reference = Spin(cluster, bench.folder), PodsReference(cluster, bench.folder)
    kspec = Check(with_formulas(bench.folder), cluster, STATES[cluster], bench.folder, Cache.WARM)
    took = bench.measure(spin, reference, kspec)
    curves: dict[str, Contender] = {REFERENCE_CURVE: reference, SPIN_CURVE: spin, KSPEC_CURVE: kspec}
    return [_point(curve, cluster, took[contender.name]) for curve, contender in curves.items()]


def _point(curve: str, cluster: str, took: Medians) -> Point:
    return Point(curve, STATES[cluster].states, took.whole, took.bytes)


def small_processes(bench: Bench) -> Section:
    """Whole processes where starting and compiling weigh most."""
    reference = PodsReference(SMALL, bench.folder)
    cold = Check(with_formulas(bench.folder), SMALL, STATES[SMALL], bench.folder)
    sample = Check(
        ROOT / "models" / "replicaset.kspec",
        "small",
        Counts(7_272, 41_464, 16),
        bench.folder,
        Cache.WARM,
        symmetric=True,
        engine="auto",
    )
    kspec = [cold, replace(cold, cache=Cache.WARM)]
    took = bench.measure(reference, *kspec, sample)
    against = [took[contender.name].whole / took[reference.name].whole for contender in kspec]
    return Section(
        f"Whole process, all {STATES[SMALL].states:,} states of {SMALL}",
        (
            _below("time against the reference's compilation and run, nothing cached", against[0], 1.5, 1),
            _below("the same, warm caches", against[1], 1.5, 1),
            _seconds("`kspec check models/replicaset.kspec`, warm caches", took[sample.name].whole, 0.7, 0.4),
        ),
    )


def compilations(bench: Bench) -> Section:
    """From a system to machine code, for the cluster and kind of search of each model where that takes longest."""
    figures = []
    for model in sorted((ROOT / "models").rglob("*.kspec")):
        compiled = compile_clusters(model, bench.folder, bench.rounds)
        if not compiled:  # a module without clusters
            continue
        slowest = max(compiled, key=lambda one: one.quick)
        name = f"{model.relative_to(ROOT / 'models').with_suffix('')}, {slowest.cluster}"
        reduced = ", with symmetry" if slowest.symmetric else ""
        bench.tell(f"{name}{reduced}: {slowest}")
        figures.append(_seconds(f"{name}{reduced}", slowest.quick, 0.5))
    return Section(
        "Making machine code with nothing kept, processor time",
        tuple(figures),
        ("Of each model the cluster and the kind of search that takes longest.",),
    )


def orbits(bench: Bench) -> Section:
    """With symmetry, against the reference and what is known of NuSMV."""
    reference = PodsReference(LARGE, bench.folder)
    clusters = ("p4n2r3c2", "p5n2r4c2", "p5n3r4c2")
    model = with_formulas(bench.folder)
    kspec = {
        cluster: Check(model, cluster, ORBITS[cluster], bench.folder, Cache.WARM, symmetric=True)
        for cluster in clusters
    }
    took = bench.measure(reference, *kspec.values())
    whole = {cluster: took[check.name].whole for cluster, check in kspec.items()}
    unit = took[reference.name].whole
    title = "{}, {:,} states: time against the reference on " + LARGE
    against = [
        _below(title.format(cluster, STATES[cluster].states), whole[cluster] / unit, None, mark)
        for cluster, mark in NUSMV.items()
    ]
    return Section(
        "Whole process with symmetry, warm caches",
        (*against, _seconds(f"p5n3r4c2, {ORBITS['p5n3r4c2'].states:,} orbits", whole["p5n3r4c2"], 2)),
        (f"The reference is compiled, and searches all states of {LARGE}. What NuSMV takes is the aim.",),
        tuple(_point(ORBITS_CURVE, cluster, took[kspec[cluster].name]) for cluster in NUSMV),
    )


def largest(bench: Bench) -> Section:
    """The largest scope, once: it takes minutes."""
    cluster = "p8n4r8c2"
    check = Check(with_formulas(bench.folder), cluster, ORBITS[cluster], bench.folder, symmetric=True)
    took = replace(bench, rounds=1).measure(check)[check.name]
    size = f"{ORBITS[cluster].states:,} orbits"
    return Section(
        f"Whole process with symmetry, all {size} of {cluster}, one run",
        (
            _seconds("time", took.whole, 600, 120),
            Figure("memory of the process", took.bytes / 2**30, Unit.GIB, Better.LOWER, 4),
            _bytes("bytes per orbit of the process", took.bytes_per_state),
        ),
    )


def other_models(bench: Bench) -> Section:
    """Models of another kind, so that the figures are not those of one."""
    models = ROOT / "benchmarks" / "models"
    wide_counts, maps_counts = Counts(871_140, 5_379_140, 18), Counts(1_419_857, 17_121_805, 35)
    wide = ModelReference("wide", (("PODS", 4), ("EDITS", 6), ("THREADS", 1)), wide_counts, bench.folder)
    maps = ModelReference("maps", (("PODS", 5), ("NODES", 2), ("THREADS", 1)), maps_counts, bench.folder)
    kspec = {by_hand: Search(models / f"{by_hand.model}.kspec", "large", by_hand.expected) for by_hand in (wide, maps)}
    took = bench.measure(wide, maps, *kspec.values())

    def against(by_hand: ModelReference) -> float:
        return took[by_hand.name].search / took[kspec[by_hand].name].search

    def bytes_of(by_hand: ModelReference) -> float:
        return took[kspec[by_hand].name].bytes_per_state

    return Section(
        "Search alone, other models, one thread",
        (
            Figure("wide.kspec, states of 288 bits: states/s against C++", against(wide)),
            _bytes("wide.kspec: bytes per state at the peak", bytes_of(wide)),
            Figure("maps.kspec, maps of bits: states/s against C++", against(maps)),
            _bytes("maps.kspec: bytes per state at the peak", bytes_of(maps)),
        ),
    )


def temporal(bench: Bench) -> Section:
    """What formulas about runs need beyond a search for safety: the complete graph alone, then a whole check of one
    under weak fairness for each pod."""
    pairs = {
        workers: [Search(PODS, LARGE, STATES[LARGE], workers, graph=graph) for graph in (False, True)]
        for workers in (1, 2)
    }
    took = bench.measure(*(contender for pair in pairs.values() for contender in pair))
    search, graph = (took[contender.name] for contender in pairs[1])
    by_two, graph_by_two = (took[contender.name] for contender in pairs[2])
    safety, collected = (
        bench.measure(check)[check.name]
        for check in (
            Check(with_formulas(bench.folder, *names), LARGE, STATES[LARGE], bench.folder, Cache.WARM)
            for names in ((), ("Collected",))
        )
    )
    return Section(
        f"Runs in the complete graph, all {STATES[LARGE].transitions:,} steps of {LARGE}",
        (
            _below(
                "`Collected`: whole process against that of the invariants alone", collected.whole / safety.whole, 8, 4
            ),
            _seconds("`Collected`: whole process", collected.whole, 60),
            Figure("`Collected`: memory of the process", collected.bytes / 2**30, Unit.GIB, Better.LOWER, 4),
            _below("search and graph: time against the search alone, one worker", graph.search / search.search, 3, 2),
            _below("the same, two workers", graph_by_two.search / by_two.search, 3, 2),
            Figure("memory at the peak", graph.bytes / 2**30, Unit.GIB, Better.LOWER, 1.5, 0.75),
        ),
    )


def _bytes(title: str, value: float, required: float | None = None, aim: float | None = None) -> Figure:
    return Figure(title, value, Unit.BYTES, Better.LOWER, required, aim)


def _seconds(title: str, value: float, required: float, aim: float | None = None) -> Figure:
    return Figure(title, value, Unit.SECONDS, Better.LOWER, required, aim)


def _below(title: str, value: float, required: float | None, aim: float | None) -> Figure:
    return Figure(title, value, Unit.RATIO, Better.LOWER, required, aim)


Experiment = Callable[[Bench], Section]

EXPERIMENTS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {
        "search": searches,
        "process": processes,
        "start": small_processes,
        "compile": compilations,
        "models": other_models,
        "primitives": primitives,
        "orbits": orbits,
        "temporal": temporal,
        "largest": largest,
    }
)
"""By the name that the command line has for them."""

PLOTTED_EXPERIMENTS: Final = frozenset({"process", "orbits"})
"""Those whose points the plot shows."""
