"""Expressions of the checked tree in one state, or in the two states of a step: evaluated as language.md says them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kspec.language import checked
from kspec.language.types import KindType
from tests.reference.runs import Copy
from tests.reference.sights import Sight
from tests.reference.store import Instance, Store
from tests.reference.values import Failed, Map, Number, Ref, Result, Value, for_all_of, member_value
from tests.reference.world import World


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What a step property may ask about the step: who took it, and who could act in a state."""

    component: str
    action: str
    enabled: Callable[[Store, str, Ref | None, str], bool]


@dataclass(frozen=True, slots=True)
class View:
    """What an expression looks at. `now` is the state after a step where `before` is the one before it; within `old`,
    both are the state before; `old` says so."""

    world: World
    now: Store
    locals: dict[int, Value] = field(default_factory=dict)
    before: Store | None = None
    step: StepTaken | None = None
    old: bool = False
    after: Store | None = None
    """Within `old`: the state after the step."""
    reader: Instance | None = None
    """Whose sights are asked; None: the store."""
    copies: dict[int, Copy] = field(default_factory=dict)
    caller: str | None = None
    """Within an admission: the component that asks."""
    proposed: dict[int, dict[str, Value]] = field(default_factory=dict)
    """Within an admission: by its variable, the fields that the request gives values to."""

    def sight(self, kind: str) -> Sight | None:
        """How the reader sees a kind; None where it sees the store, its own writes of this step included."""
        sight = None if self.reader is None else self.now.sights.get((self.reader, kind))
        if sight is None or self.reader is None or self.reader in self.now.cut or sight.pending:
            return sight
        return None if self.world.watched[self.reader[0], kind].lag == 0 else sight

    def existing(self, kind: str) -> list[Ref]:
        sight = self.sight(kind)
        return self.now.existing(kind) if sight is None else sorted(sight.objects)

    def is_there(self, ref: Ref) -> bool:
        sight = self.sight(ref.kind)
        return self.now.alive(ref) if sight is None else ref in sight.objects

    def bound(self, bindings: dict[int, Value]) -> View:
        return replace(self, locals={**self.locals, **bindings})

    def in_old(self) -> View:
        assert self.before is not None
        return self if self.old else replace(self, now=self.before, old=True, after=self.now)


def evaluate_closed(world: World, expression: checked.Expr) -> Value:
    """An expression of constants and named objects."""
    return evaluate(expression, View(world, Store()))


def holds(expression: checked.Expr, view: View) -> bool:
    value = evaluate(expression, view)
    assert isinstance(value, bool)
    return value


def evaluate(expression: checked.Expr, view: View) -> Value:  # noqa: C901 - one case a construct
    """Left to right; `and`, `or`, `implies`, `if` stop early, and every binding is evaluated. Raises Failed."""
    match expression:
        case checked.Number(value) | checked.Boolean(value):
            return value
        case checked.Amount(thousandths):
            return Fraction(thousandths, 1000)
        case checked.NoneValue():
            return None
        case checked.EnumMember(enum, member):
            return member_value(enum, member)
        case checked.LocalUse(local):
            return view.locals[local.id]
        case checked.ConstUse(name):
            return view.world.constant(name, view.now)
        case checked.GlobalUse(name):
            return view.now.variables[name]
        case checked.SingleObject(KindType(kind)):
            return Ref(kind, 0)
        case checked.NamedObject(name):
            return view.world.named[name.rpartition(".")[2]]
        case checked.FieldRead(checked.LocalUse(local), _, name) if name in view.proposed.get(local.id, ()):
            return view.proposed[local.id][name]
        case checked.FieldRead(owner, kind, name):
            return _field(_object(owner, view), kind, name, view)
        case checked.ComponentRead(component, instance, name):
            return _component_variable(component, instance, name, view)
        case checked.MapRead():
            return _map_entry(expression, view)
        case checked.Lookup(kind, keys):
            return _lookup(kind, [evaluate(key, view) for key in keys], view)
        case checked.DefCall(name, arguments):
            definition = view.world.model.defs[name]
            values = [evaluate(argument, view) for argument in arguments]
            bindings = {local.id: value for local, value in zip(definition.parameters, values, strict=True)}
            return evaluate(definition.body, view.bound(bindings))
        case checked.LetIn(local, value, body):
            return evaluate(body, view.bound({local.id: evaluate(value, view)}))
        case checked.Conditional(condition, then, otherwise):
            return evaluate(then if holds(condition, view) else otherwise, view)
        case checked.Not(operand):
            return not holds(operand, view)
        case checked.Logical(operator, left, right):
            return _logical(operator, left, right, view)
        case checked.Compare(operator, left, right):
            return _compare(operator, evaluate(left, view), evaluate(right, view))
        case checked.Negate(operand):
            return -_number(operand, view)
        case checked.Arithmetic(operator, left, right):
            return _arithmetic(operator, _number(left, view), _number(right, view))
        case checked.Quantified():
            return _quantified(expression, view)
        case checked.Aggregated():
            return _aggregated(expression, view)
        case (
            checked.SetLiteral()
            | checked.NumberRange()
            | checked.SetOf()
            | checked.SetOperation()
            | checked.Contains()
            | checked.Subset()
            | checked.MapOf()
            | checked.SeqLiteral()
            | checked.Builtin()
        ):
            return _collection(expression, view)
        case checked.Old(operand) if view.proposed:
            return evaluate(operand, replace(view, proposed={}))
        case checked.Old(operand):
            return evaluate(operand, view.in_old())
        case checked.CopyRead(local, _, name):
            return dict(view.copies[local.id].contents)[name]
        case checked.Fresh(operand):
            return evaluate(operand, replace(view, reader=None))
        case checked.SeenBy(component, instance, operand):
            reader = (component, None if instance is None else _object(instance, view))
            return evaluate(operand, replace(view, reader=reader))
        case checked.Connected() | checked.Allowed() | checked.CallerIs():
            return _authority(expression, view)
        case checked.ByAtom() | checked.WritesAtom() | checked.EnabledAtom():
            return _step_atom(expression, view)
        case checked.Temporal() | checked.PatternCall():
            raise AssertionError("a temporal formula has no value in one state")


# --- reading the state -----------------------------------------------------------------------------------------------


def _object(expression: checked.Expr, view: View) -> Ref:
    value = evaluate(expression, view)
    assert isinstance(value, Ref), expression
    return value


def _field(ref: Ref, kind: str, name: str, view: View) -> Value:
    """Const and key fields are readable while the object is kept, the others while it exists. Of a step, either state
    will do for const and key fields."""
    if view.world.fixed(kind, name):
        states = (view.now, view.before, view.after)
        return next(state.things[ref] for state in states if state is not None and ref in state.things).fixed[name]
    if not view.is_there(ref):
        raise Failed("LiveReferences")
    sight = view.sight(kind)
    return view.now.things[ref].mutable[name] if sight is None else dict(sight.objects[ref])[name]


def _component_variable(component: str, instance: checked.Expr | None, name: str, view: View) -> Value:
    ref = None if instance is None else _object(instance, view)
    if ref is not None and not view.now.alive(ref):
        raise Failed("LiveReferences")
    return view.now.components[component, ref][name]


def _map_entry(expression: checked.MapRead, view: View) -> Value:
    entries = evaluate(expression.map, view)
    key = evaluate(expression.key, view)
    assert isinstance(entries, Map)
    try:
        return entries.get(key)
    except KeyError:
        if isinstance(key, int):
            raise Failed("Ranges") from None
        return view.world.lowest(expression.type)


def _lookup(kind: str, keys: list[Value], view: View) -> Value:
    names = view.world.keys(kind)
    for ref in view.existing(kind):
        if [view.now.things[ref].fixed[name] for name in names] == keys:
            return ref
    return None


# --- logic and numbers -----------------------------------------------------------------------------------------------


def _logical(operator: str, left: checked.Expr, right: checked.Expr, view: View) -> bool:
    first = holds(left, view)
    match operator:
        case "and":
            return first and holds(right, view)
        case "or":
            return first or holds(right, view)
        case "implies":
            return not first or holds(right, view)
        case "iff":
            return first == holds(right, view)
        case _:
            raise AssertionError(operator)


def _compare(operator: str, left: Value, right: Value) -> bool:
    if operator == "==":
        return left == right
    if operator == "!=":
        return left != right
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            raise AssertionError(operator)


def _number(expression: checked.Expr, view: View) -> Number:
    """A number or an amount."""
    value = evaluate(expression, view)
    assert isinstance(value, Number)
    return value


def _arithmetic(operator: str, left: Number, right: Number) -> Number:
    if operator in ("div", "mod") and right == 0:
        raise Failed("Ranges")
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "div":
            return left // right
        case "mod":
            return left % right
        case _:
            raise AssertionError(operator)


# --- variables that range over something -----------------------------------------------------------------------------


def for_bindings(variables: tuple[checked.Variable, ...], view: View, do: Callable[[View], Result]) -> list[Result]:
    """What comes of the view of every combination of values; a domain may use the variables before it."""
    if not variables:
        return [do(view)]
    first, *others = variables
    rest = tuple(others)
    views = [view.bound({first.local.id: value}) for value in domain(first.domain, view)]
    return [found for some in for_all_of(views, lambda inner: for_bindings(rest, inner, do)) for found in some]


def domain(ranged: checked.Domain, view: View) -> list[Value]:
    match ranged:
        case checked.MembersOf(collection):
            members = evaluate(collection, view)
            assert isinstance(members, frozenset | tuple)
            return view.world.ordered(members)
        case checked.AllOf(KindType(kind), modifier=modifier, both=both):
            old, new = view.now if view.old else view.before, view.after if view.old else view.now
            if modifier is None and not both:
                return list(view.existing(kind))
            assert old is not None
            assert new is not None
            match modifier:
                case "created":
                    return [ref for ref in new.existing(kind) if not old.alive(ref)]
                case "deleted":
                    return [ref for ref in old.existing(kind) if not new.alive(ref)]
                case _:
                    return [ref for ref in new.existing(kind) if old.alive(ref)]
        case checked.AllOf(ranged_type):
            return view.world.values(ranged_type, view.existing)


def _quantified(expression: checked.Quantified, view: View) -> bool:
    def body(inner: View) -> bool | None:
        """None where the binding does not count."""
        return holds(expression.body, inner) if counts(expression.where, inner) else None

    found = for_bindings(expression.variables, view, body)
    match expression.quantifier:
        case "forall":
            return False not in found
        case "exists":
            return True in found
        case "exactly one":
            return found.count(True) == 1
        case _:
            raise AssertionError(expression.quantifier)


def counts(where: checked.Expr | None, view: View) -> bool:
    return where is None or holds(where, view)


def _aggregated(expression: checked.Aggregated, view: View) -> Value:
    def number(inner: View) -> Number | None:
        """None where the binding does not count."""
        if not counts(expression.where, inner):
            return None
        return 1 if expression.body is None else _number(expression.body, inner)

    found = for_bindings(expression.variables, view, number)
    numbers = [value for value in found if value is not None]
    match expression.operation:
        case "count" | "sum":
            return sum(numbers)
        case "min":
            return min(numbers, default=None)
        case "max":
            return max(numbers, default=None)
        case _:
            raise AssertionError(expression.operation)


# --- sets, maps, sequences -------------------------------------------------------------------------------------------


def _set(expression: checked.Expr, view: View) -> frozenset[Value]:
    value = evaluate(expression, view)
    assert isinstance(value, frozenset)
    return value


def _collection(expression: checked.Expr, view: View) -> Value:
    match expression:
        case checked.SetLiteral(elements):
            return frozenset([evaluate(element, view) for element in elements])
        case checked.NumberRange(low, high):
            first = _number(low, view)
            return frozenset(range(first, _number(high, view) + 1))
        case checked.SetOf(variable, where):
            candidates = for_bindings(
                (variable,), view, lambda inner: (inner.locals[variable.local.id], counts(where, inner))
            )
            return frozenset(value for value, belongs in candidates if belongs)
        case checked.SetOperation(operator, left, right):
            first_set, second_set = _set(left, view), _set(right, view)
            return {
                "union": first_set | second_set,
                "minus": first_set - second_set,
                "intersect": first_set & second_set,
            }[operator]
        case checked.Contains(element, collection):
            member = evaluate(element, view)
            members = evaluate(collection, view)
            assert isinstance(members, frozenset | tuple)
            return member in members
        case checked.Subset(left, right):
            return _set(left, view) <= _set(right, view)
        case checked.MapOf(key, body):
            keys = view.world.values(key.type, view.existing)
            entries = for_all_of(keys, lambda value: (value, evaluate(body, view.bound({key.id: value}))))
            return Map(tuple(entries))
        case checked.SeqLiteral(elements):
            return tuple(evaluate(element, view) for element in elements)
        case checked.Builtin(name, arguments):
            return _builtin(name, [evaluate(argument, view) for argument in arguments], view)
        case _:
            raise AssertionError(expression)


def _builtin(name: str, arguments: list[Value], view: View) -> Value:
    match name, arguments:
        case "alive", [Ref() as ref]:
            return view.is_there(ref)
        case (("size" | "length"), [frozenset() | tuple() as collection]):
            return len(collection)
        case (("first" | "pop"), [()]):
            raise Failed("Ranges")
        case "first", [tuple((head, *_))]:
            return head
        case "pop", [tuple((_, *rest))]:
            return tuple(rest)
        case "push", [tuple() as sequence, element]:
            return (*sequence, element)
        case _:
            raise AssertionError(name)


# --- who may do what -------------------------------------------------------------------------------------------------


def _authority(expression: checked.Connected | checked.Allowed | checked.CallerIs, view: View) -> bool:
    match expression:
        case checked.Connected(component, instance):
            ref = None if instance is None else _object(instance, view)
            return (component, ref) not in view.now.cut
        case checked.Allowed(component, verb, kind, name):
            entries = view.world.model.components[component].clauses.may
            granted = entries is None or any(covers(entry, verb, kind, name) for entry in entries)
            return granted and not is_revoked(view.now, component, verb, kind, name)
        case checked.CallerIs(component):
            return view.caller == component


def covers(entry: checked.Permission, verb: str, kind: str, name: str | None) -> bool:
    """Whether a permission is about a field, or, where `name` is None, about all of the kind."""
    return (entry.verb, entry.kind) == (verb, kind) and (entry.fields is None or name in entry.fields)


def is_revoked(store: Store, component: str, verb: str, kind: str, name: str | None) -> bool:
    whole = (component, verb, kind)
    return whole in store.revoked or (name is not None and (*whole, name) in store.revoked)


# --- the step itself -------------------------------------------------------------------------------------------------


def _step_atom(expression: checked.ByAtom | checked.WritesAtom | checked.EnabledAtom, view: View) -> bool:
    step, old, new = view.step, view.now if view.old else view.before, view.after if view.old else view.now
    assert step is not None
    assert old is not None
    assert new is not None
    match expression:
        case checked.ByAtom(component, action):
            return step.component == component and action in (None, step.action)
        case checked.WritesAtom(kind):
            return _existing_contents(old, kind) != _existing_contents(new, kind)
        case checked.EnabledAtom(component, instance, action):
            ref = None if instance is None else _object(instance, view)
            return step.enabled(view.now, component, ref, action)


def _existing_contents(store: Store, kind: str) -> dict[Ref, dict[str, Value]]:
    return {ref: store.things[ref].mutable for ref in store.existing(kind)}
