"""The events of a step: which objects of a kind have a new version after it, and in which order watchers learn of them.

All that one step writes to one object is one new version and one event. Events are in the order in which the body
first writes the objects; what `for` loops write comes last, in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kspec.lower import build, names
from kspec.lower.path import Path
from kspec.lower.requests.copies import changed_by
from kspec.system.expressions import (
    TRUE,
    AllValues,
    And,
    Binding,
    Expr,
    Local,
    Quantified,
    Quantifier,
    Slots,
    Use,
)
from kspec.system.sorts import ObjectSort, OptionSort
from kspec.system.spans import NOWHERE
from kspec.system.transitions import Define, Role

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


Written: TypeAlias = tuple[Expr, Expr]
"""An atom for an object, and where some write to it is carried out: where not, the atom may stand for any object."""


class Versions:
    """The events of one kind at the end of a path."""

    def __init__(self, lowering: ExpressionLowering, path: Path, kind: str) -> None:
        self.lowering = lowering
        self.path = path
        self.kind: ObjectSort = lowering.context.kind(kind).sort
        self.writes = [write for write in path.writes if names.is_of_kind(write.variable, kind)]

    @property
    def is_none(self) -> bool:
        """Whether the path certainly makes no version."""
        return not self.writes

    def is_changed(self, item: Expr) -> Expr:
        """Whether the step makes a new version of an object, given as an atom."""
        return changed_by(self.lowering, self.path, 0, self.kind.kind, item)

    def recent(self, length: int) -> list[Expr]:
        """Atoms for the objects of the last events of the step, newest first, `length` of them; none where there are
        fewer."""
        recent: list[Expr] = [build.none(self.kind)] * length
        if self.is_none or not length:
            return recent
        written = self._written()
        for number, (item, _) in enumerate(written):
            recent = self._push(recent, item, self._is_event(number, written))
        if any(write.each for write in self.writes):
            for last in reversed(self._of_loops(written, length)):
                recent = self._push(recent, last, happened(last))
        return recent

    def most(self) -> int:
        """How many events the step has at most."""
        return self.kind.slots if any(write.each for write in self.writes) else len(self._written())

    def _written(self) -> list[Written]:
        """What single writes are to, in the order in which the body does them.

        A body that writes an object in one branch, and in another one only after something else, has it twice.
        """
        found: list[tuple[Expr, list[Expr]]] = []
        for write in self.writes:
            if write.each:
                continue
            item = write.index[0]
            if found and found[-1][0] == item:
                found[-1][1].append(write.condition)
            elif not self._comes_after(write.condition, [known for other, known in found if other == item]):
                found.append((item, [write.condition]))
        return [(item, build.disjunction(*dict.fromkeys(conditions))) for item, conditions in found]

    def _comes_after(self, condition: Expr, others: list[list[Expr]]) -> bool:
        """Whether the body gets to a write only where it got to one of the others."""
        implied = self._implied_by(condition)
        return any(
            implied.issuperset(other.operands if isinstance(other, And) else (other,))
            for conditions in others
            for other in conditions
        )

    def _implied_by(self, condition: Expr) -> set[Expr]:
        """All that a condition is a conjunction of, as the path defines it; it itself too."""
        defined = {step.local.id: step.value for step in self.path.steps if isinstance(step, Define)}
        found: set[Expr] = {TRUE}
        left = [condition]
        while left:
            part = left.pop()
            if part in found:
                continue
            found.add(part)
            match part:
                case And(operands):
                    left += operands
                case Use(local) if local.id in defined:
                    left.append(defined[local.id])
                case _:
                    pass
        return found

    def _is_event(self, number: int, written: list[Written]) -> Expr:
        """Whether there is an event of the object that none before it stands for already."""
        item, happens = written[number]
        same = build.disjunction(*(_stands_for(other, where, item) for other, where in written[:number]))
        is_first = build.conjunction(happens, self.is_changed(item), build.negate(same))
        return self.path.define("event", is_first)

    def _push(self, recent: list[Expr], item: Expr, is_event: Expr) -> list[Expr]:
        pushed = []
        older: Expr = item
        for held in recent:
            value = build.conditional(is_event, older, held)
            pushed.append(self.path.define("event", value))
            older = held
        return pushed

    def _of_loops(self, written: list[Written], length: int) -> list[Expr]:
        """The last objects that loops change, newest first: any of them, in any order."""
        chosen: list[Expr] = []
        option = OptionSort(self.kind)
        for _ in range(length):
            local = self.lowering.context.fresh("event", option)
            self.path.bind(local, AllValues(option), Role.EVENT, self.kind.kind)
            taken = tuple(chosen)
            self.path.guard(self._is_next(Use(local), taken, written), None, NOWHERE)
            chosen.append(Use(local))
        return chosen

    def _is_next(self, choice: Expr, taken: tuple[Expr, ...], written: list[Written]) -> Expr:
        """Whether the choice is an object that is left, or none where none is."""

        def is_left(item: Expr) -> Expr:
            used = [_stands_for(other, happens, item) for other, happens in written]
            used += [build.equal(other, item) for other in taken]
            return build.conjunction(build.negate(build.disjunction(*used)), self.is_changed(item))

        item = self.lowering.context.fresh("object", self.kind)
        none_left = build.negate(_exists(item, self.kind, is_left(Use(item))))
        is_none = build.equal(choice, build.none(self.kind))
        other = self.lowering.context.fresh("object", self.kind)
        chosen = build.conjunction(build.equal(choice, Use(other)), is_left(Use(other)))
        return build.conditional(is_none, none_left, _exists(other, self.kind, chosen))


def happened(event: Expr) -> Expr:
    """Whether an atom of `Versions.recent` is an object."""
    return build.negate(build.equal(event, build.none(event.sort)))


def _stands_for(item: Expr, happens: Expr, other: Expr) -> Expr:
    """Whether an atom that is written where `happens` is true is this object there."""
    return build.conjunction(happens, build.equal(item, other))


def _exists(local: Local, kind: ObjectSort, body: Expr) -> Expr:
    return Quantifier(Quantified.EXISTS, (Binding(local, Slots(kind)),), TRUE, body)
