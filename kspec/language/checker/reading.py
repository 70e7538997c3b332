"""Whether components may get what they read."""

from __future__ import annotations

from kspec.language import checked
from kspec.language.checker.context import Context
from kspec.language.codes import Code
from kspec.language.reading import Look, looks


def check_reading(context: Context, model: checked.Model) -> None:
    """Reports each kind that a component with permissions reads without `may get`, at the first place."""
    for component in model.components.values():
        if component.clauses.may is not None:
            _check(context, model, component, component.clauses.may)


def _check(
    context: Context, model: checked.Model, component: checked.Component, may: tuple[checked.Permission, ...]
) -> None:
    allowed = {permission.kind for permission in may if permission.verb == "get"}
    first: dict[str, Look] = {}
    for look in looks(model, component):
        if look.kind not in allowed:
            first.setdefault(look.kind, look)
    hint = f"write `may get {', '.join(first)}` in `{component.name}`, or read nothing but const and key fields"
    for kind, look in first.items():
        related = () if look.inside is None else ((look.inside, "where the definition reads it"),)
        message = f"`{component.name}` reads `{kind}` here, and may not get it"
        context.report(Code.KS312, message, look.span, hint, related)
