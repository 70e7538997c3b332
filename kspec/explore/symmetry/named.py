"""The objects that a system names: literals in its transitions and properties.

Bodies under a condition are full of values that stand where the condition is false and nothing looks at them: they are
`zero`, which for a reference is the object in slot 0. Those do not name it. That nothing looks at one is proved here,
by the conditions under which each local that may have such a value is used; where the proof fails, the object counts
as named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import assert_never

from kspec.evaluate.walk import may_fail
from kspec.explore.symmetry.known import Known
from kspec.explore.symmetry.objects import Objects
from kspec.system.expressions import (
    And,
    Binding,
    Expr,
    If,
    Implies,
    Let,
    Literal,
    Local,
    MapBuild,
    Not,
    Or,
    Quantifier,
    Require,
    Use,
)
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort, Value, zero
from kspec.system.system import System
from kspec.system.temporal import atoms, condition
from kspec.system.transitions import Allocate, Bind, Check, Define, ForEachCheck, Guard, Step, Transition, Write


def named_objects(system: System, objects: Objects) -> frozenset[int]:
    """The objects that some transition or property names."""
    found: set[int] = set()
    for transition in system.transitions:
        found |= _Names(system, objects).of_transition(transition)
    for expr in (*system.initially, *_conditions(system)):
        names = _Names(system, objects)
        names.look_at(expr, Known(names.values))
        found |= names.found
    return frozenset(found)


def _conditions(system: System) -> Iterator[Expr]:
    """The expressions of the properties."""
    for property in system.properties:
        if property.expression is not None:
            yield property.expression
        if property.temporal is not None:
            yield from map(condition, atoms(property.temporal.formula))


@dataclass(frozen=True, slots=True)
class _Partial:
    """What makes the value of a local one that may be looked at, and the objects that it names elsewhere."""

    condition: Expr
    otherwise: frozenset[int]


@dataclass(slots=True)
class _Names:
    """The names in one transition or expression."""

    system: System
    objects: Objects
    found: set[int] = field(default_factory=set)
    values: dict[int, Expr] = field(default_factory=dict)
    """What locals were defined as, by id."""
    partial: dict[int, _Partial] = field(default_factory=dict)

    def of_transition(self, transition: Transition) -> set[int]:
        known = Known(self.values)
        for step in transition.steps:
            known = self._step(step, known)
        for write in transition.writes:
            self._write(write, known)
        self.look_at(transition.refused, known)
        return self.found

    # --- steps and writes --------------------------------------------------------------------------------------------

    def _step(self, step: Step | ForEachCheck, known: Known) -> Known:
        """What is known after the step."""
        match step:
            case Bind(_, domain):
                self._below(domain, known)
                return known
            case Guard(condition) | Check(condition):
                self.look_at(condition, known)
                return known.with_facts(condition)
            case Define(local, value):
                self._define(local, value, known)
                return known
            case Allocate(local, condition):
                self.look_at(condition, known)
                lowest = frozenset(self.objects.within(0, local.sort))
                self.partial[local.id] = _Partial(condition, lowest)
                return known
            case ForEachCheck(each, where, condition):
                self._bindings(each, known)
                self.look_at(where, known)
                self.look_at(condition, known.with_facts(where))
                return known
            case _:
                assert_never(step)

    def _write(self, write: Write, known: Known) -> None:
        self._bindings(write.each, known)
        self.look_at(write.condition, known)
        known = known.with_facts(write.condition)
        self._below((write.index, write.value), known)

    def _bindings(self, bindings: Iterable[Binding], known: Known) -> None:
        for binding in bindings:
            self._below(binding.domain, known)

    def _define(self, local: Local, value: Expr, known: Known) -> None:
        """A local whose value is a literal where a condition is false: that names something where it is looked at."""
        self.values[local.id] = value
        match value:
            case If(condition, then, Literal(other, sort)):
                self.look_at(condition, known)
                self.look_at(then, known.with_facts(condition))
                self.partial[local.id] = _Partial(condition, frozenset(self._of_literal(other, sort)))
            case _:
                self.look_at(value, known)

    # --- expressions -------------------------------------------------------------------------------------------------

    def look_at(self, expr: Expr, known: Known) -> None:
        """Finds the names that the value of an expression depends on where the facts hold."""
        match expr:
            case Literal(value, sort):
                self.found.update(self._of_literal(value, sort))
            case Use(local):
                partial = self.partial.get(local.id)
                if partial is not None and not known.implies(partial.condition):
                    self.found.update(partial.otherwise)
            case If(condition, then, otherwise):
                self.look_at(condition, known)
                self.look_at(then, known.with_facts(condition))
                self.look_at(otherwise, known.with_facts(Not(condition)))
            case And(operands):
                self._look_at_all(operands, operands, known)
            case Or(operands):
                self._look_at_all(operands, tuple(map(Not, operands)), known)
            case Implies(left, right) | Require(left, right):
                self.look_at(left, known)
                self.look_at(right, known.with_facts(left))
            case Let(local, value, body):
                self._define(local, value, known)
                self.look_at(body, known)
            case Quantifier(_, bindings, where, body):
                self._bindings(bindings, known)
                self.look_at(where, known)
                self.look_at(body, known.with_facts(where))
            case MapBuild(_, body, sort):
                self.found.update(self._of_blank_entries(sort))
                self.look_at(body, known)
            case _:
                for item in fields(expr):
                    self._below(getattr(expr, item.name), known)

    def _look_at_all(self, operands: tuple[Expr, ...], facts: tuple[Expr, ...], known: Known) -> None:
        """Looks at operands, each of which counts only where the facts about all others hold. Those before it are known
        where it is evaluated; those behind it may be taken as known if nothing from there on can fail."""
        unfailing = len(operands)
        while unfailing and not may_fail(operands[unfailing - 1]):
            unfailing -= 1
        for number, operand in enumerate(operands):
            behind = facts[number + 1 :] if number >= unfailing else ()
            self.look_at(operand, known.with_facts(*behind))
            known = known.with_facts(facts[number])

    def _below(self, node: object, known: Known) -> None:
        """Looks at the expressions in a part of a node."""
        if isinstance(node, tuple):
            for part in node:
                self._below(part, known)
        elif isinstance(node, Expr):
            self.look_at(node, known)
        elif is_dataclass(node) and not isinstance(node, type):
            for item in fields(node):
                self._below(getattr(node, item.name), known)

    # --- literals ----------------------------------------------------------------------------------------------------

    def _of_literal(self, value: Value, sort: Sort) -> Iterator[int]:
        yield from self.objects.within(value, sort)
        yield from self._keys_told_apart(value, sort)

    def _keys_told_apart(self, value: Value, sort: Sort) -> Iterator[int]:
        """The keys of maps whose entries differ."""
        match sort, value:
            case OptionSort(inner), _ if value is not None:
                yield from self._keys_told_apart(value, inner)
            case (SeqSort(element) | SetSort(element), (tuple() | frozenset()) as members):
                for member in members:
                    yield from self._keys_told_apart(member, element)
            case MapSort(keys, inner), tuple(entries):
                for number, entry in enumerate(entries):
                    key = self.objects.key(number, keys)
                    if key is not None and len(set(entries)) > 1:
                        yield key
                    yield from self._keys_told_apart(entry, inner)
            case _:
                pass

    def _of_blank_entries(self, sort: MapSort) -> Iterator[int]:
        """A map that is built has `zero` for keys that are not alive: it may be read where such a key is still held."""
        if isinstance(sort.key, ObjectSort) and not self.system.kind(sort.key.kind).permanent:
            yield from self._of_literal(zero(sort.value), sort.value)
