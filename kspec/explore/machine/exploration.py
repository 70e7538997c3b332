"""What a search in machine code found, as every explorer tells it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Run, State
from kspec.explore.machine.driver import Found
from kspec.explore.machine.facts import (
    ClauseExcluded,
    ClauseHeld,
    Counter,
    Cut,
    CutStates,
    FailingAction,
    QuietStates,
    Reached,
    RefusedAction,
    RefusedWith,
    RoomUsed,
    SearchesGivenUp,
    TakenAction,
)
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Program
from kspec.explore.machine.runs import RunMaker
from kspec.explore.machine.sightings import Sighting, failing_name, violated_name
from kspec.explore.machine.traces import End, NoPredecessor, Past, find_ways
from kspec.explore.result import ClauseUse, Exploration, Limit, RefusedRequest
from kspec.explore.result import Cut as CutState
from kspec.explore.tally import refused_among
from kspec.explore.watch import SearchStopped


@dataclass(slots=True)
class _Shown:
    """The runs of an exploration."""

    violations: dict[str, Run] = field(default_factory=dict)
    failing_property: dict[str, str] = field(default_factory=dict)
    witnesses: dict[str, Run] = field(default_factory=dict)
    cut: CutState | None = None


def tell(found: Found, maker: RunMaker, program: Program, past: Past, shape: Shape) -> Exploration:
    """The exploration, with a run for everything that it says is violated or reached. If the user does not wait for the
    runs, or a compact search cannot find them once more, it only names the properties that they are about."""
    exploration = _without_runs(found, maker, program, shape)
    try:
        shown = _show(found, maker, program, past, shape)
    except KeyboardInterrupt:
        return _untold(exploration, found, Limit.INTERRUPTED)
    except SearchStopped as stopped:
        return _untold(exploration, found, stopped.limit, stopped.detail)
    except NoPredecessor:
        if shape.fingerprint is None:
            raise
        return _untold(exploration, found, Limit.COLLISION, "a run was lost: search without --compact")
    return replace(
        exploration,
        violations=shown.violations,
        failing_property=shown.failing_property,
        witnesses=shown.witnesses,
        cut=shown.cut,
    )


def _untold(exploration: Exploration, found: Found, limit: Limit, detail: str = "") -> Exploration:
    names = tuple(sorted(found.violated))
    return replace(exploration, complete=False, limit=limit, limit_detail=detail, untold=names)


# --- runs -------------------------------------------------------------------------------------------------------------


def _show(found: Found, maker: RunMaker, program: Program, past: Past, shape: Shape) -> _Shown:
    chosen = _shortest(found)
    sightings = [*chosen.values(), *(s for s in found.sightings if isinstance(s.finding, Reached | Cut))]
    ways = find_ways(past, shape, [End(s.depth, s.state) for s in sightings])
    shown = _Shown()
    for kind, (_, candidate) in found.failing_initially.items():
        shown.violations[kind] = Run(candidate, ())
        shown.failing_property[kind] = "initially"
    for sighting in sightings:
        states: list[State] = [program.unpack(words) for words in ways[End(sighting.depth, sighting.state)]]
        _show_one(shown, maker, sighting, states)
    return shown


def _shortest(found: Found) -> dict[str, Sighting]:
    """For each violated property the sighting with the shortest run, the first of several."""
    chosen: dict[str, Sighting] = {}
    for sighting in found.sightings:
        name = violated_name(sighting.finding)
        if name is None or name in found.failing_initially:
            continue
        if name not in chosen or sighting.length < chosen[name].length:
            chosen[name] = sighting
    return chosen


def _show_one(shown: _Shown, maker: RunMaker, sighting: Sighting, states: list[State]) -> None:
    match sighting.finding:
        case Reached(name):
            shown.witnesses[name] = maker.run(states, sighting.finding)
        case Cut():
            shown.cut = maker.cut(states)
        case finding:
            violated, failing = violated_name(finding), failing_name(finding)
            assert violated is not None
            shown.violations[violated] = maker.run(states, finding)
            if failing is not None:
                shown.failing_property[violated] = failing


# --- counts -----------------------------------------------------------------------------------------------------------


def _without_runs(found: Found, maker: RunMaker, program: Program, shape: Shape) -> Exploration:
    evaluator, system = maker.evaluator, maker.evaluator.system
    counts = dict(zip(program.counters, found.counters, strict=True))
    actions = range(len(system.actions))
    taken = tuple(counts.get(TakenAction(action), 0) for action in actions)
    sizes = found.sizes
    return Exploration(
        states=sum(sizes),
        transitions=sum(taken),
        depth=max((depth for depth, size in enumerate(sizes) if size), default=0),
        initial_states=sizes[0] if sizes else 0,
        seconds=0.0,
        complete=found.done,
        limit=found.limit,
        limit_detail=found.limit_detail,
        violations={},
        failing_property={},
        witnesses={},
        cut=None,
        cut_states=counts.get(CutStates(), 0),
        quiet_states=counts.get(QuietStates(), 0),
        refused_counts=tuple(counts.get(RefusedAction(action), 0) for action in actions),
        action_counts=taken,
        failing_actions=tuple(counts.get(FailingAction(action), 0) > 0 for action in actions),
        refused_requests=_refused_requests(evaluator, counts),
        clause_uses=tuple(
            tuple(
                ClauseUse(counts.get(ClauseHeld(number, n), 0) > 0, counts.get(ClauseExcluded(number, n), 0) > 0)
                for n in range(len(action.clauses))
            )
            for number, action in enumerate(system.actions)
        ),
        room_used=_room_used(evaluator, counts),
        is_reduced=maker.is_reduced,
        searches_given_up=counts.get(SearchesGivenUp(), 0),
        fingerprint_bits=shape.fingerprint or 0,
        state_bytes=shape.bytes_a_state,
    )


def _refused_requests(evaluator: Evaluator, counts: dict[Counter, int]) -> tuple[tuple[RefusedRequest, ...], ...]:
    seen = {(fact.action, fact.request) for fact, count in counts.items() if isinstance(fact, RefusedWith) and count}
    return refused_among(evaluator.system, seen)


def _room_used(evaluator: Evaluator, counts: dict[Counter, int]) -> dict[str, int]:
    """By kind that is not permanent: the largest number of slots that are in use in some state."""
    used = {kind.name: 0 for kind in evaluator.system.kinds if evaluator.layout.status_base(kind.name) is not None}
    for counter, count in counts.items():
        if isinstance(counter, RoomUsed) and count:
            used[counter.kind] = max(used[counter.kind], counter.slots)
    return used
