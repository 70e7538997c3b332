"""What an expression may see: its locals, what is known of them, and which constructs are allowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from kspec.language.checked import Local

PathKey: TypeAlias = tuple[object, ...]
"""Names a path such as `p.node` by what it reads; equal keys read equal values in one state."""


class Purpose(Enum):
    """What an expression is part of; decides which constructs it may use."""

    CONSTANT = "a constant"
    DEFINITION = "a definition"
    ACTION = "an action"
    INITIAL = "an initial value"
    CLUSTER = "a cluster"
    STATE_PROPERTY = "a property of states"
    STEP_PROPERTY = "a step property"
    TEMPORAL_PROPERTY = "a temporal property"
    ADMISSION = "an admission"


@dataclass(frozen=True, slots=True)
class Scope:
    """Immutable: every construct that binds or narrows makes a new one.

    `module`: whose names are seen. `component`: qualified name of the component around, with `instance` its `per`
    variable. `known`: paths that are not none. `cluster`: the objects of the cluster that an expression is about.
    """

    module: str
    purpose: Purpose
    locals: dict[str, Local]
    known: frozenset[PathKey] = frozenset()
    component: str | None = None
    instance: Local | None = None
    in_old: bool = False
    ghosts: bool = False
    cluster: str | None = None
    objects: dict[str, str] | None = None
    """In a cluster's values: the kinds of its objects, by name."""
    assignable: frozenset[int] = frozenset()
    """The locals, by id, that were declared with `var`."""

    def bind(self, *new: Local) -> Scope:
        return replace(self, locals=self.locals | {local.name: local for local in new})

    def later(self) -> Scope:
        """What is still known once others may have acted."""
        return replace(self, known=frozenset(key for key in self.known if key[0] in ("local", "const")))

    def knowing(self, facts: frozenset[PathKey]) -> Scope:
        return replace(self, known=self.known | facts) if facts else self

    @property
    def step_hint(self) -> str:
        """What to do where a construct about steps cannot stand."""
        if self.about_properties:
            return "write a `step` property"
        return "it is for `step` properties only: test what the state says instead"

    @property
    def about_properties(self) -> bool:
        return self.purpose in (Purpose.STATE_PROPERTY, Purpose.STEP_PROPERTY, Purpose.TEMPORAL_PROPERTY)
