"""The names of state variables. No name of the language has a space, so that none of them can meet another."""

from __future__ import annotations


def status(kind: str) -> str:
    return f"status {kind}"


def field(kind: str, name: str) -> str:
    return f"{kind}.{name}"


def component_variable(component: str, name: str) -> str:
    return f"{component}.{name}"


def budget(component: str, action: str) -> str:
    return f"budget {component}.{action}"
