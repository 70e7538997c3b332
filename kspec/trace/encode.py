"""The parts of stories as JSON."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from kspec.system.meanings import ActionMeaning, GoesOn, Happens
from kspec.trace.blame import Blame
from kspec.trace.describe import Change, Deed, Named
from kspec.trace.details import Details
from kspec.trace.loop import AtomStory, LoopStory, UnitStory
from kspec.trace.refusals import Refused
from kspec.trace.runs import Outdated, RunName, RunStep
from kspec.trace.watching import Event, Gap, Sighting

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


def encode_change(change: Change) -> Json:
    return {"what": change.what, "before": change.before, "after": change.after}


def encode_named(pairs: tuple[Named, ...]) -> Json:
    """A list, not an object: two choices of one step may have one name."""
    return [{"name": pair.name, "value": pair.value} for pair in pairs]


def encode_details(deed: Deed, details: Details) -> dict[str, Json]:
    """What is not said of every step by its changes."""
    return {
        "worker": deed.worker,
        "happening": _happening(deed.meaning),
        "event": None if details.event is None else _event(details.event),
        "sightings": [_sighting(sighting) for sighting in details.sightings],
        "gaps": [_gap(gap) for gap in details.gaps],
        "refusals": [_refused(refused) for refused in details.refusals],
        "run": None if details.run is None else _run_step(details.run),
        "lost_runs": [_run(run) for run in details.lost],
        "outdated_copies": [_outdated(outdated) for outdated in details.outdated],
        "last_events": [{"kind": order.kind, "objects": list(order.objects)} for order in details.orders],
        "stale_starts": [{"kind": start.kind, "behind": start.behind} for start in details.starts],
    }


def encode_blame(blame: Blame) -> Json:
    return {
        "bindings": encode_named(blame.bindings),
        "given": list(blame.given),
        "clause": blame.clause,
        "value": blame.value,
        "operands": encode_named(blame.operands),
    }


def encode_loop(loop: LoopStory) -> Json:
    facts: list[Json] = [
        {"formula": fact.text, "value": fact.value, "after": fact.since, "lasting": fact.lasting} for fact in loop.facts
    ]
    renewed: list[Json] = [{"before": before, "now": now} for before, now in loop.renewed]
    return {
        "after": loop.after,
        "stops": loop.stops,
        "instance": encode_named(loop.instance),
        "start": loop.start,
        "facts": facts,
        "atoms": [_atom(atom) for atom in loop.atoms],
        "fairness": [_unit(unit) for unit in loop.units],
        "renewed": renewed,
        "cut": list(loop.cut),
    }


def _atom(atom: AtomStory) -> Json:
    return {
        "atom": atom.text,
        "true_after": list(atom.true_after),
        "false_after": list(atom.false_after),
        "gone": atom.gone,
        "blame": None if atom.blame is None else encode_blame(atom.blame),
    }


def _unit(unit: UnitStory) -> Json:
    return {
        "unit": str(unit.deed),
        "strength": unit.strength.value,
        "fate": unit.fate.value,
        "after": unit.after,
        "obstacle": None if unit.hindrance is None else unit.hindrance.obstacle.value,
        "blame": None if unit.hindrance is None or unit.hindrance.blame is None else encode_blame(unit.hindrance.blame),
    }


def _happening(meaning: ActionMeaning | None) -> Json:
    """What happens that no action of the text does."""
    match meaning:
        case None | GoesOn():
            return None
        case Happens(fault):
            return fault.value
        case _:
            assert_never(meaning)


def _event(event: Event) -> Json:
    return {"kind": event.kind, "object": event.object, "behind": event.behind}


def _sighting(sighting: Sighting) -> Json:
    return {
        "observer": sighting.observer,
        "kind": sighting.kind,
        "object": sighting.object,
        "presence": sighting.presence.value,
        "changes": [encode_change(change) for change in sighting.changes],
    }


def _gap(gap: Gap) -> Json:
    return {"observer": gap.observer, "what": gap.what, "seen": gap.seen, "stored": gap.stored}


def _refused(refused: Refused) -> Json:
    return {"result": refused.result, "request": refused.request, "object": refused.object, "why": refused.why}


def _run_step(step: RunStep) -> Json:
    return {"start": step.start, "stop": step.stop, "locals": [encode_change(change) for change in step.locals]}


def _run(run: RunName) -> dict[str, Json]:
    return {
        "actor": run.actor,
        "process": run.process,
        "arguments": encode_named(run.arguments),
        "worker": run.worker,
        "stop": run.stop,
    }


def _outdated(outdated: Outdated) -> Json:
    return {"run": _run(outdated.run), "local": outdated.local}
