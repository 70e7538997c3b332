"""What a component asks of the API server."""

from __future__ import annotations

from kspec.language import checked
from kspec.lower.requests.places import root_and_keys


def is_request(statement: checked.Statement) -> bool:
    """Whether a statement writes objects. (A read has no effect that a crash could leave behind.)"""
    match statement:
        case checked.CreateStatement() | checked.Delete() | checked.Update() | checked.Call():
            return True
        case checked.Let(_, checked.Create()) | checked.Assign(_, checked.Create()):
            return True
        case checked.Assign(place):
            return isinstance(root_and_keys(place)[0], checked.FieldPlace)
        case checked.Handled(inner):
            return is_request(inner)
        case _:
            return False
