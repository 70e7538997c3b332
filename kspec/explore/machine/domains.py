"""What a variable ranges over, as loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, assert_never

from llvmlite import ir

from kspec.evaluate.errors import ENUMERATION_LIMIT
from kspec.explore.machine import sets, values
from kspec.explore.machine.builder import Block, Loop, Operand
from kspec.explore.machine.gathering import Gathering
from kspec.explore.machine.numbers import interval
from kspec.explore.machine.places import exists
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.shapes import is_scalar, universe
from kspec.system.expressions import (
    AllValues,
    Binding,
    Created,
    Deleted,
    Domain,
    Existing,
    ExistingInBoth,
    Expr,
    Local,
    Members,
    Moment,
    NumberRange,
    Slots,
)
from kspec.system.sorts import ObjectSort, SeqSort, SetSort, Sort

if TYPE_CHECKING:
    from kspec.explore.machine.expressions import Expressions


class Domains:
    """Builds loops over domains, in the code of one function."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._code = expressions.code

    @contextmanager
    def each_of(self, bindings: Sequence[Binding]) -> Iterator[Block]:
        """Nested loops over the bindings, with their locals bound; a jump to what this gives goes on with the next
        binding. Where some of them fail, all fail once every binding was evaluated."""
        done = again = self._code.b.block("end_bindings")
        gathering = Gathering(self._code)
        with ExitStack() as loops:
            for binding in bindings:
                again = loops.enter_context(self.each(binding.local, binding.domain)).again
                loops.enter_context(gathering.within(again))
            yield again
        gathering.fail()
        self._code.b.place(done)

    @contextmanager
    def each(self, local: Local, domain: Domain) -> Iterator[Loop]:
        """A loop over the values of a domain, in order, with the local bound to the value."""
        with self._values(domain) as loop:
            self._code.bind(local, loop.index)
            yield loop

    @contextmanager
    def _values(self, domain: Domain) -> Iterator[Loop]:
        b = self._code.b
        match domain:
            case Slots(kind) | Existing(kind) | ExistingInBoth(kind) | Created(kind) | Deleted(kind):
                with b.loop(0, kind.slots) as slot:
                    for condition in self._conditions(domain, kind, slot.index):
                        b.jump_unless(condition, slot.again)
                    yield slot
            case AllValues(sort):
                of_sort = universe(sort)
                if of_sort.size > ENUMERATION_LIMIT:
                    raise NotCompilable(f"an enumeration of {of_sort.size:,} values")
                with b.loop(0, of_sort.size) as ordinal:
                    yield Loop(sets.value_of(b, ordinal.index, of_sort), ordinal.again, ordinal.end)
            case Members(NumberRange(left, right)):
                self._check_range(left, right)
                low = self._expressions.value(left)
                with b.loop(low, b.add(self._expressions.value(right), 1)) as number:
                    yield number
            case Members(collection):
                with self._members(collection) as member:
                    yield member
            case _:
                assert_never(domain)

    def _check_range(self, left: Expr, right: Expr) -> None:
        size = interval(right)[1] - interval(left)[0] + 1
        if size > ENUMERATION_LIMIT:
            raise NotCompilable(f"an enumeration of up to {size:,} values")

    @contextmanager
    def _members(self, collection: Expr) -> Iterator[Loop]:
        value = self._expressions.value(collection)
        match collection.sort:
            case SetSort(element):
                with sets.each_member(self._code.b, self._code.b.number(value), universe(element)) as member:
                    yield member
            case SeqSort() as sort:
                with self._entries(value, sort) as entry:
                    yield entry
            case _:
                raise TypeError(f"not a collection: {collection}")

    @contextmanager
    def _entries(self, row: Operand, sort: SeqSort) -> Iterator[Loop]:
        """The entries of a sequence, each value once, smallest first: in each round the least that is greater than the
        one before."""
        if not is_scalar(sort.element) or isinstance(sort.element, SetSort):
            raise NotCompilable("the members of a sequence of collections")
        b = self._code.b
        length = b.load(row)
        last, best, found = b.variable(0), b.variable(0), b.variable(0)
        with b.loop(0, length) as round_:
            found.set(0)
            with b.loop(0, length) as each:
                entry = values.sequence_entry(b, row, sort, each.index)
                is_new = b.one_of(b.equal(round_.index, 0), b.less(last.get(), entry))
                is_better = b.one_of(b.equal(found.get(), 0), b.less(entry, best.get()))
                with b.when(b.both(is_new, is_better)):
                    best.set(entry)
                    found.set(1)
            b.jump_when(b.equal(found.get(), 0), round_.end)
            last.set(best.get())
            yield Loop(best.get(), round_.again, round_.end)

    # --- without a loop ----------------------------------------------------------------------------------------------

    def _conditions(self, domain: Domain, kind: ObjectSort, slot: Operand) -> list[ir.Value]:
        """What must be true of a slot to belong to a domain of objects."""
        code, b = self._code, self._code.b

        def alive(moment: Moment) -> ir.Value:
            found = exists(code, kind, slot, moment)
            return b.equal(0, 0) if found is None else found

        match domain:
            case Existing(_, moment):
                found = exists(code, kind, slot, moment)
                return [] if found is None else [found]
            case ExistingInBoth():
                return [alive(Moment.OLD), alive(Moment.NEW)]
            case Created():
                return [b.negate(alive(Moment.OLD)), alive(Moment.NEW)]
            case Deleted():
                return [alive(Moment.OLD), b.negate(alive(Moment.NEW))]
            case _:
                return []

    def jump_unless_in(self, value: Operand, sort: Sort, domain: Domain, otherwise: Block) -> None:
        """Jumps unless a value of a sort is among those of a domain."""
        b = self._code.b
        match domain:
            case Slots(kind) | Existing(kind) | ExistingInBoth(kind) | Created(kind) | Deleted(kind):
                for condition in self._conditions(domain, kind, value):
                    b.jump_unless(condition, otherwise)
            case AllValues(of):
                values.jump_unless_fits(b, value, sort, of, otherwise)
            case Members():
                found = b.block("found")
                with self._values(domain) as member:
                    b.jump_when(b.equal(member.index, value), found)
                b.jump(otherwise)
                b.place(found)
            case _:
                assert_never(domain)

    def is_never_empty(self, domain: Domain) -> bool:
        """Whether there is certainly a value."""
        match domain:
            case Slots(kind):
                return kind.slots > 0
            case Existing(kind):
                return kind.slots > 0 and self._code.shared.layout.status(kind) is None
            case AllValues(sort):
                return universe(sort).size > 0
            case _:
                return False
