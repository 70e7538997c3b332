"""The names of state variables. No name of the language has a space, so that none of them can meet another."""

from __future__ import annotations

GOES_ON = " goes on"
"""What the name of the action ends with that a run of a process goes on by."""


def status(kind: str) -> str:
    return f"status {kind}"


def is_of_kind(variable: str, kind: str) -> bool:
    """Whether a state variable holds the status or a field of a kind's objects."""
    return variable == status(kind) or variable.startswith(f"{kind}.")


def field(kind: str, name: str) -> str:
    return f"{kind}.{name}"


def component_variable(component: str, name: str) -> str:
    return f"{component}.{name}"


def budget(component: str, action: str) -> str:
    return f"budget {component}.{action}"


def cut(component: str) -> str:
    """Whether an instance of the component is disconnected."""
    return f"cut {component}"


def revoked(component: str, verb: str, kind: str, field: str | None) -> str:
    """Whether a permission is taken away."""
    return f"revoked {component} {verb} {kind}" + ("" if field is None else f".{field}")
