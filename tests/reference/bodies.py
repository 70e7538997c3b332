"""Bodies of actions and processes: sequential, on a copy of the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from kspec.language import checked
from kspec.language.types import SetType
from tests.reference.authority import Caller, is_admitted, is_permitted, is_unreachable, may_call
from tests.reference.expressions import View, domain, evaluate, holds
from tests.reference.loops import run_loop
from tests.reference.objects import begin, begin_components, begin_entries, in_range
from tests.reference.places import declared_type, object_of, requests, write
from tests.reference.runs import Copy, Do, Give, Pause, Request, Rounds, Stack, Task, Wait
from tests.reference.store import Store
from tests.reference.values import Blocked, Disabled, Ended, Ref, Returned, Value, require
from tests.reference.world import World

T = TypeVar("T")


class Choices:
    """The choices of one attempt: those of the trail again, then the first option of every further choice."""

    def __init__(self) -> None:
        self._trail: list[tuple[int, int]] = []
        self._position = 0

    def pick(self, options: Sequence[T]) -> T:
        if not options:
            raise Disabled
        if self._position == len(self._trail):
            self._trail.append((0, len(options)))
        taken, _ = self._trail[self._position]
        self._position += 1
        return options[taken]

    def advance(self) -> bool:
        """On to the next attempt; False when there is none."""
        self._position = 0
        while self._trail:
            taken, count = self._trail.pop()
            if taken + 1 < count:
                self._trail.append((taken + 1, count))
                return True
        return False


def do(statements: tuple[checked.Statement, ...]) -> Do:
    return Do(tuple(map(tuple, requests(statements))))


class Body:
    """A body being run, one statement after the other, by `caller`.

    `before` is the state before the step. `written` are the objects that it wrote, in order, and `in_loops` those that
    `for` loops did. `stack` is what is left to do. A slot that it took is not free again in the same step, whatever
    became of the object.
    """

    def __init__(self, world: World, store: Store, choices: Choices, component: checked.Component) -> None:
        self.world = world
        self.before = store
        self.store = store.copy()
        self.choices = choices
        self.caller = Caller(component)
        self.locals: dict[int, Value] = {}
        self.copies: dict[int, Copy] = {}
        self.stack: list[Task] = []
        self.refused = False
        self.written: list[Ref] = []
        self.in_loops: set[Ref] = set()
        self.taken: set[Ref] = set()

    def view(self) -> View:
        return View(self.world, self.store, self.locals, reader=self.caller.reader(), copies=self.copies)

    def choose(self, variable: checked.Variable) -> Value:
        self.locals[variable.local.id] = value = self.choices.pick(domain(variable.domain, self.view()))
        return value

    # --- control -------------------------------------------------------------------------------------------------

    def run(self, *stack: Task) -> Stack:
        """Until the end, or a point where others may act; what is left to do then."""
        self.stack = list(stack)
        try:
            if self._goes_on():
                return tuple(self.stack)
        except Returned:
            pass
        except Ended:
            self.refused = True
        return ()

    def _goes_on(self) -> bool:
        while self.stack:
            match self.stack.pop():
                case Pause():
                    return True
                case Wait(condition):
                    if not holds(condition, self.view()):
                        raise Disabled
                case Do(()):
                    pass
                case Do((first, *rest)):
                    self.stack.append(Do(tuple(rest)))
                    self._request(first)
                case Rounds(loop, members):
                    self._round(loop, members)
                case Give(place):
                    self._assign_value(place, None)
        return False

    def _request(self, request: Request) -> None:
        *others, last = request
        statement, handlers = last, ()
        if isinstance(last, checked.Handled):
            statement, handlers = last.statement, last.handlers
        try:
            self._perform((*others, statement))
        except Ended as ended:
            self.refused = True
            handler = next((handler for handler in handlers if ended.result in handler.results), None)
            if handler is None or ended.final:
                raise
            match statement:
                case checked.Let(local):
                    self.locals[local.id] = None
                case checked.Assign(place, checked.Create()):
                    self.stack.append(Give(place))
                case _:
                    pass
            self.stack.append(do(handler.body))

    def _perform(self, request: Request) -> None:  # noqa: C901 - one case a construct
        statement = request[0]
        match statement:
            case checked.Assign():
                self._assign(request)
            case checked.Let(local, checked.Get() as get):
                self.copies[local.id] = copy = self._get(get, local.id)
                self.locals[local.id] = copy.ref
            case checked.GetStatement(get):
                self._get(get, None)
            case checked.Update():
                self._update(statement)
            case checked.Let(local, value):
                self.locals[local.id] = self._right_side(value)
            case checked.LocalVar(local, value):
                stored = in_range(self.world, evaluate(value, self.view()), local.type)
                self.locals[local.id] = self.world.completed(stored, local.type, self.store)
            case checked.CreateStatement(create):
                self._create(create)
            case checked.Delete(expression):
                self._delete(expression)
            case checked.Call():
                self._call(statement)
            case checked.If(condition, then, otherwise):
                self.stack.append(do(then if holds(condition, self.view()) else otherwise))
            case checked.Choose(variables, where):
                for variable in variables:
                    self.choose(variable)
                if where is not None and not holds(where, self.view()):
                    raise Disabled
            case checked.Either(branches):
                self.stack.append(do(self.choices.pick(branches)))
            case checked.Assert(condition):
                require(holds(condition, self.view()))
            case checked.For():
                self._for(statement)
            case checked.While(condition, body):
                if holds(condition, self.view()):
                    self.stack += [do((statement,)), do(body)]
            case checked.ForEach(variable, where):
                members = checked.SetOf(variable, where, SetType(variable.local.type), statement.span)
                self.stack.append(Rounds(statement, evaluate(members, self.view())))
            case checked.Await(condition):
                self.stack += [Wait(condition), Pause()]
            case checked.Yield():
                self.stack.append(Pause())
            case checked.Revoke(component, verb, kind, name):
                self.store.revoked.add((component, verb, kind) if name is None else (component, verb, kind, name))
            case checked.Return():
                raise Returned
            case checked.Deny():
                raise Ended("denied")
            case checked.Handled():
                raise AssertionError("handlers within handlers")

    def _round(self, loop: checked.ForEach, members: frozenset[Value]) -> None:
        if members:
            member = self.choices.pick(self.world.ordered(members))
            self.locals[loop.variable.local.id] = member
            self.stack += [Rounds(loop, members - {member}), Pause(), do(loop.body)]

    def _for(self, statement: checked.For) -> None:
        before = self.store.copy()
        refused, written = run_loop(self.world, self.store, statement, self.view(), self.caller)
        self.refused |= refused
        self.in_loops |= written
        for ref in written:
            self._outdate(ref, before)

    def _call(self, call: checked.Call) -> None:
        """All of a declared request happens, or nothing."""
        request = self.world.model.requests[call.request]
        arguments = [evaluate(argument, self.view()) for argument in call.arguments]
        if is_unreachable(self.store, self.caller):
            raise Ended("unreachable")
        if not may_call(self.caller, call.request):
            raise Ended("denied")
        outer, copies, caller = self.stack, dict(self.copies), self.caller
        before, written, in_loops = self.store.copy(), self.written.copy(), self.in_loops.copy()
        self.stack, self.caller = [do(request.body)], replace(caller, inside=True)
        self.locals.update(zip((item.local.id for item in request.parameters), arguments, strict=True))
        try:
            if not all(holds(guard.condition, self.view()) for guard in request.guards):
                raise Ended("denied")
            self._goes_on()
        except Returned:
            pass
        except Ended:
            self.store, self.written, self.in_loops = before, written, in_loops
            raise
        finally:
            self.stack, self.caller, self.copies = outer, caller, copies
        for ref in {copy.ref for copy in copies.values()}:
            self._outdate(ref, before)

    # --- requests ------------------------------------------------------------------------------------------------

    def _assign(self, request: Request) -> None:
        """Consecutive assignments through one expression: all are evaluated, then the request is judged as a whole.

        A create on the right side is judged before. Handlers behind it are for its results; those behind a later
        assignment are not.
        """
        first, *others = request
        assert isinstance(first, checked.Assign)
        try:
            value = self._right_side(first.value)
        except Ended as ended:
            raise Ended(ended.result, final=bool(others)) from None
        try:
            self._assign_value(first.place, value, request[1:])
        except Ended as ended:
            raise Ended(ended.result, final=isinstance(first.value, checked.Create) and not others) from None

    def _assign_value(self, place: checked.Place, value: Value, others: Request = ()) -> None:
        value = in_range(self.world, value, declared_type(self.world, place))
        field = object_of(place)
        if field is None:
            write(self.world, self.store, place, value, self.view())
            return
        ref = evaluate(field.object, self.view())
        assert isinstance(ref, Ref)
        assignments = [item for item in others if isinstance(item, checked.Assign)]
        places = [object_of(item.place) for item in assignments]
        names = [field.field, *(place.field for place in places if place is not None)]
        before = self.store.copy()
        refusal = self._refusal("update", ref, names)
        write(self.world, self.store, place, value, self.view(), refused=refusal is not None)
        for item in assignments:
            assert not isinstance(item.value, checked.Create | checked.Get)
            value = in_range(self.world, evaluate(item.value, self.view()), declared_type(self.world, item.place))
            write(self.world, self.store, item.place, value, self.view(), refused=refusal is not None)
        if refusal is not None:
            raise Ended(refusal)
        self._admit(ref, names, before)

    def _refusal(self, verb: str, ref: Ref, names: Sequence[str]) -> str | None:
        """What is wrong with a request to an object, before its contents are looked at."""
        if is_unreachable(self.store, self.caller):
            return "unreachable"
        if not is_permitted(self.world, self.store, self.caller, verb, ref.kind, names, ref):
            return "denied"
        return None if self.store.alive(ref) else "missing"

    def _admit(self, ref: Ref, names: Sequence[str], before: Store, updated: int | None = None) -> None:
        """The object was written; `before` is what it was."""
        fields = {name: self.store.things[ref].mutable[name] for name in names}
        if not is_admitted(self.world, before, self.caller, "update", ref.kind, ref, fields):
            self.store = before
            raise Ended("denied")
        self._note(ref, before, updated)

    def _note(self, ref: Ref, before: Store, updated: int | None = None) -> None:
        if ref not in self.written:
            self.written.append(ref)
        self._outdate(ref, before, updated)

    def _outdate(self, ref: Ref, before: Store, updated: int | None = None) -> None:
        """Copies of an object that was changed since `before` are old, except the one that was updated."""
        if self.store.things.get(ref) != before.things.get(ref):
            for local, copy in self.copies.items():
                if copy.ref == ref and local != updated:
                    self.copies[local] = replace(copy, version=None)

    def _delete(self, expression: checked.Expr) -> None:
        ref = evaluate(expression, self.view())
        assert isinstance(ref, Ref)
        refusal = self._refusal("delete", ref, ())
        if refusal is not None:
            raise Ended(refusal)
        before = self.store.copy()
        self.store.delete(ref)
        self._note(ref, before)

    def _get(self, get: checked.Get, local: int | None) -> Copy:
        ref = evaluate(get.object, self.view())
        assert isinstance(ref, Ref)
        view = replace(self.view(), reader=None) if get.fresh else self.view()
        if get.fresh and is_unreachable(self.store, self.caller):
            raise Ended("unreachable")
        if not view.is_there(ref):
            raise Ended("missing")
        sight = view.sight(ref.kind)
        thing = self.store.things[ref]
        seen = thing.mutable if sight is None else dict(sight.objects[ref])
        names = () if local is None else sorted(self.world.copied.get(local, ()))
        contents = tuple((name, {**thing.fixed, **seen}[name]) for name in names)
        written = self.store.things.get(ref) != self.before.things.get(ref)
        unseen = sight is not None and (sight.is_behind(ref) or written)
        return Copy(ref, contents, None if unseen else self.store.versions.get(ref, 0))

    def _update(self, update: checked.Update) -> None:
        copy = self.copies[update.copy.id]
        values = {}
        for name, expression in update.fields:
            declared = self.world.model.kinds[update.kind].field(name)
            assert declared is not None
            values[name] = in_range(self.world, evaluate(expression, self.view()), declared.type)
        refusal = self._refusal("update", copy.ref, list(values))
        if refusal is None and copy.version != self.store.versions.get(copy.ref, 0):
            refusal = "conflict"
        if refusal is not None:
            raise Ended(refusal)
        before = self.store.copy()
        self.store.things[copy.ref].mutable.update(values)
        self._admit(copy.ref, list(values), before, update.copy.id)
        contents = tuple((name, values.get(name, value)) for name, value in copy.contents)
        self.copies[update.copy.id] = replace(copy, contents=contents)

    def _right_side(self, value: checked.Expr | checked.Create) -> Value:
        return self._create(value) if isinstance(value, checked.Create) else evaluate(value, self.view())

    def _create(self, create: checked.Create) -> Ref:
        """Values first; then connection, permission, admission, quota, key and room are asked, in this order."""
        given = self._given(create)
        admitted = partial(is_admitted, self.world, self.store, self.caller, "create", create.kind, None)
        if is_unreachable(self.store, self.caller):
            raise Ended("unreachable")
        if not is_permitted(self.world, self.store, self.caller, "create", create.kind, (), None):
            raise Ended("denied")
        if not admitted(given):
            raise Ended("denied")
        ref = self._free_slot(create.kind)
        if ref is None and create.kind in self.world.quotas:
            raise Ended("denied")
        if self._is_taken(create.kind, given):
            raise Ended("taken")
        if ref is None:
            raise Blocked
        before = self.store.copy()
        self.taken.add(ref)
        begin(self.world, self.store, ref, given)
        begin_components(self.world, self.store, ref)
        begin_entries(self.world, self.store, ref)
        self._note(ref, before)
        return ref

    def _given(self, create: checked.Create) -> dict[str, Value]:
        """The values of all fields: those of the text, then defaults."""
        kind = self.world.model.kinds[create.kind]
        given: dict[str, Value] = {}
        for name, expression in create.fields:
            declared = kind.field(name)
            assert declared is not None
            given[name] = in_range(self.world, evaluate(expression, self.view()), declared.type)
        for declared in kind.fields:
            if declared.name not in given:
                assert declared.default is not None
                given[declared.name] = in_range(self.world, evaluate(declared.default, self.view()), declared.type)
        return given

    def _free_slot(self, kind: str) -> Ref | None:
        """The lowest; a slot that this body freed is not among them, for only `settle` empties it."""
        slots = (Ref(kind, slot) for slot in range(self.world.slots[kind]))
        return next((ref for ref in slots if ref not in self.store.things and ref not in self.taken), None)

    def _is_taken(self, kind: str, given: dict[str, Value]) -> bool:
        names = self.world.keys(kind)
        others = [self.store.things[ref].fixed for ref in self.store.existing(kind)]
        return bool(names) and any(all(other[name] == given[name] for name in names) for other in others)
