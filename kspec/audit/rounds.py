"""When a `for`, whose rounds are simultaneous, can be torn into rounds that come one after the other.

Each round must make a request, so that a run stands nowhere but between requests; and no round may read what a round
writes, because all of them read the state before the loop.
"""

from __future__ import annotations

from kspec.audit.requests import is_request
from kspec.language import checked
from kspec.language.walk import statements, subexpressions
from kspec.lower.requests.places import root_and_keys


def has_rounds(loop: checked.For) -> bool:
    return any(map(is_request, loop.body)) and not _reads_what_it_writes(loop)


def _reads_what_it_writes(loop: checked.For) -> bool:
    """Errs on the side of yes. What a round reads of its own object before it writes it is as it was."""
    inner = tuple(statements(loop.body))
    written = {place for found in inner if (place := _field(found)) is not None}
    deletes = any(isinstance(found, checked.Delete) for found in inner)
    before: set[tuple[str, str]] = set()
    for statement in inner:
        for expr in _own_expressions(statement):
            match expr:
                case checked.FieldRead(target, kind, field) if (kind, field) in written:
                    is_own = isinstance(target, checked.LocalUse) and target.local == loop.variable.local
                    if not is_own or (kind, field) in before:
                        return True
                case checked.DefCall():
                    return True
                case checked.Quantified() | checked.Aggregated() | checked.SetOf() | checked.Builtin() if deletes:
                    return True
                case checked.Lookup() if deletes:
                    return True
                case _:
                    pass
        place = _field(statement)
        before |= set() if place is None else {place}
    return False


def _field(statement: checked.Statement) -> tuple[str, str] | None:
    if isinstance(statement, checked.Assign):
        root, _ = root_and_keys(statement.place)
        if isinstance(root, checked.FieldPlace):
            return root.kind, root.field
    return None


def _own_expressions(statement: checked.Statement) -> tuple[checked.Expr, ...]:
    """Those of the statement itself, not of statements within it."""
    match statement:
        case checked.If(condition):
            return tuple(subexpressions(condition))
        case _:
            return tuple(subexpressions(statement))
