"""Atoms about the states and steps of any system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kspec.system.expressions import By, Enabled, Equal, Expr, IsAlive, Literal, Local, Moment, Not, Read, Use, Writes
from kspec.system.properties import PropertyKind
from kspec.system.sorts import ObjectSort, Value, zero
from kspec.system.system import Role, System

STATE_KINDS = (PropertyKind.INVARIANT, PropertyKind.REACHABLE, PropertyKind.DEADLOCK)


@dataclass(frozen=True)
class Question:
    """What is asked of a graph at once."""

    expressions: tuple[Expr, ...]
    values: dict[Local, Value] = field(default_factory=dict)
    alive: tuple[Local, ...] = ()


def about_states(system: System) -> Iterator[Question]:
    """The properties; what is enabled; what objects are like, those that exist and others."""
    found = [p.expression for p in system.properties if p.kind in STATE_KINDS and p.expression is not None]
    enabled = [Enabled(action, None) for action in range(len(system.actions))]
    yield Question((*found, *enabled)[:64])
    for local, slot in _objects(system):
        asked = (IsAlive(Use(local)), *_fields(system, local, Moment.NEW))
        yield Question(asked, {local: slot}, (local,))
        yield Question(asked[1:], {local: slot})


def about_steps(system: System) -> Iterator[Question]:
    """The properties; whose step it is; what becomes of objects."""
    found = [p.expression for p in system.properties if p.kind is PropertyKind.STEP and p.expression is not None]
    by = [By(frozenset({action})) for action in range(len(system.actions))]
    yield Question((*found, *by)[:64])
    for local, slot in _objects(system):
        kind = local.sort
        assert isinstance(kind, ObjectSort)
        names = tuple(v.name for v in system.variables if v.index == (kind,) and v.role is Role.FIELD)
        old = tuple(_fields(system, local, Moment.OLD))
        new = tuple(_fields(system, local, Moment.NEW))
        yield Question((*by[:8], *old), {local: slot}, (local,))
        yield Question((Writes(kind, names), Not(IsAlive(Use(local))), *new), {local: slot}, (local,))


def _objects(system: System) -> Iterator[tuple[Local, int]]:
    """Two slots of a kind whose objects come and go, if there is one."""
    kinds = [kind for kind in system.kinds if not kind.permanent] or [*system.kinds]
    for kind in kinds[:1]:
        local = Local(10_000_000, "it", kind.sort)
        for slot in range(min(2, len(kind.slots))):
            yield local, slot


def _fields(system: System, local: Local, moment: Moment) -> Iterator[Expr]:
    """Whether the fields of an object are as in a slot that is clear; fails where it does not exist."""
    for variable in system.variables:
        if variable.index == (local.sort,) and variable.role is Role.FIELD:
            value = Read(variable.name, (Use(local),), variable.sort, moment, needs_alive=True)
            yield Equal(value, Literal(zero(variable.sort), variable.sort))
