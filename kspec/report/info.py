"""What a system is made of, which of its objects can be exchanged, and how the explorer packs its states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from kspec.check.words import count
from kspec.explore.machine.layout import WORD, PackedLayout, Stretch
from kspec.explore.machine.program import NotCompilable
from kspec.explore.symmetry.describe import companies, symmetry_of
from kspec.explore.symmetry.group import group_of
from kspec.system.meanings import (
    CopyIsCurrent,
    FaultCount,
    IsDisconnected,
    IsRevoked,
    LogEvent,
    RunArgument,
    RunAt,
    RunLocal,
    VariableMeaning,
    ViewEvent,
    ViewKept,
)
from kspec.system.system import Kind, System, units_of

NAMES_SHOWN = 8
"""Of more objects of a kind, not all are named."""


def info_text(system: System) -> str:
    """The kinds, actions and properties of a system, its symmetry, and the layout of its states, as lines of text."""
    return "".join(f"{line}\n" for line in _lines(system))


def _lines(system: System) -> Iterator[str]:
    yield f"{system.model}  cluster {system.cluster}"
    yield ""
    for kind in system.kinds:
        if kind.meaning is None:
            yield f"  {kind.name}: {_objects(kind)}"
        else:
            yield f"  {count(len(kind.slots), 'worker')} of {kind.meaning.component}.{kind.meaning.process}"
    actions = [action for action in system.actions if action.meaning is None]
    components = dict.fromkeys(action.component for action in actions)
    yield f"  {count(len(actions), 'action')} of {count(len(components), 'component')}"
    faults = [action.label for action in system.actions if action.hidden]
    if faults:
        yield f"  and what happens without their doing: {', '.join(faults)}"
    if system.disabled:
        yield f"  disabled: {', '.join(system.disabled)}"
    yield f"  {count(len(system.properties), 'property', 'properties')}"
    for unit in units_of(system):
        yield f"  {unit.quantity}: {unit.bounds}, counted in steps of {unit.spell(1)}"
    yield ""
    if system.kinds:
        yield from _symmetry(system)
        yield ""
    yield from _layout(system)


def _objects(kind: Kind) -> str:
    shown = _some(kind.slots)
    if kind.permanent:
        return shown or "none"
    return f"room for {len(kind.slots)} ({shown})"


def _symmetry(system: System) -> Iterator[str]:
    group = group_of(system)
    symmetry = symmetry_of(system, group)
    if group.is_trivial:
        yield "  no two objects can be exchanged:"
    elif symmetry.permutations is None:
        yield "  permutations of objects change nothing:"
    else:
        yield f"  {symmetry.permutations:,} permutations of objects change nothing:"
    width = max(len(kind.name) for kind in system.kinds)
    for company in companies(system, group):
        yield f"    {company.kind:<{width}}  {_some(company.objects)}: {company.standing.value}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMES_SHOWN]) + (", …" if len(names) > NAMES_SHOWN else "")


def _layout(system: System) -> Iterator[str]:
    try:
        layout = PackedLayout(system)
    except NotCompilable as reason:
        yield f"  states are not packed: {reason}"
        return
    stretches = list(layout.stretches.values())
    used = sum(_bits(layout, stretch) for stretch in stretches)
    yield f"  a state has {count(used, 'bit')} in {count(layout.words, 'word')} of {WORD}"
    hidden = _hidden(layout, stretches)
    declared = [stretch for stretch in stretches if not stretch.variable.hidden]
    width = max((len(name) for name in (*hidden, *(stretch.variable.name for stretch in declared))), default=0)
    for what, number in hidden.items():
        yield f"    {what:<{width}}  {count(number, 'bit')}"
    for stretch in declared:
        each = _bits(layout, stretch) // stretch.count if stretch.count else 0
        word, bit = divmod(layout.positions[stretch.base], WORD) if stretch.count else (0, 0)
        size = f"{count(stretch.count, 'place')} of {count(each, 'bit')}"
        yield f"    {stretch.variable.name:<{width}}  {size}, from word {word} bit {bit}"
    constant = [variable.name for variable in system.variables if variable.constant is not None]
    if constant:
        yield f"  constant, and not stored: {', '.join(constant)}"


def _hidden(layout: PackedLayout, stretches: Sequence[Stretch]) -> dict[str, int]:
    """The bits that a state needs for what no text declares: views of each kind, runs of each process, and the rest."""
    bits: dict[str, int] = {}
    for stretch in stretches:
        if stretch.variable.meaning is not None:
            what = _purpose(stretch.variable.meaning)
            bits[what] = bits.get(what, 0) + _bits(layout, stretch)
    return bits


def _purpose(meaning: VariableMeaning) -> str:
    match meaning:
        case ViewEvent(component, kind) | ViewKept(component, kind):
            return f"view of {kind} in {component}"
        case LogEvent(kind):
            return f"the last events of {kind}"
        case RunAt(component, process) | RunArgument(component, process):
            return f"runs of {component}.{process}"
        case RunLocal(component, process) | CopyIsCurrent(component, process):
            return f"runs of {component}.{process}"
        case IsDisconnected(component) | FaultCount(component):
            return f"faults of {component}"
        case IsRevoked(component):
            return f"permissions of {component}"
        case _:
            assert_never(meaning)


def _bits(layout: PackedLayout, stretch: Stretch) -> int:
    return sum(leaf.bits for leaf in layout.leaves[stretch.base : stretch.end])
