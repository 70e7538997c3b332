"""Random small models, as texts: right by construction, and small enough to search whole."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.agreement.draft import (
    AMOUNTS,
    MEMBERS,
    Amount,
    Bool,
    Colour,
    Component,
    Definition,
    Dice,
    Draft,
    Field,
    Kind,
    MapOf,
    Num,
    Obj,
    Opt,
    Scope,
    Seq,
    SetOf,
    Type,
    Variable,
)
from tests.agreement.expressions import Expressions
from tests.agreement.formulas import Formulas
from tests.agreement.statements import Statements


@st.composite
def models(draw: st.DrawFn, runs: bool = False) -> str:
    """The text of a model with one cluster, called `here`. `runs`: with fairness, and properties about runs."""
    return _Model(Dice(draw), runs=runs).text()


class _Model:
    def __init__(self, dice: Dice, *, runs: bool) -> None:
        self.dice = dice
        self.runs = runs
        self.draft = Draft()
        self.expressions = Expressions(dice, self.draft)
        self.statements = Statements(dice, self.draft)
        self.formulas = Formulas(dice, self.draft, self.expressions)
        self.lines: list[str] = []

    def text(self) -> str:
        bound = self.dice.pick(["2", "1.5", "2200m", "LIMIT * 2.5"])
        self.lines += ["const LIMIT: 0..3 = 1", f"enum Colour {{ {', '.join(MEMBERS)} }}"]
        self.lines.append(f"quantity Cpu at most {bound}")
        self._kinds()
        self._rooms()
        self._variables()
        self._definitions()
        self._components()
        self._properties()
        self._cluster()
        return "\n".join(self.lines) + "\n"

    # --- kinds and variables -------------------------------------------------------------------------------------

    def _kinds(self) -> None:
        for name in ("Pod", "Node", "Job")[: self.dice.number(1, 3)]:
            single = name == "Job" and self.dice.chance(50)
            self.draft.kinds[name] = Kind(name, single, ())
            fields = [self._field(name, f"f{place}", single) for place in range(self.dice.number(1, 3))]
            if not single and self.dice.chance(20):
                others = [other.name for other in self.draft.creatable() if other.name != name]
                by_object = bool(others) and self.dice.chance(30)
                fields.append(Field("key1", Obj(self.dice.pick(others)) if by_object else Num(0, 1), "key ", None))
                if not by_object and self.dice.chance(30):
                    fields.append(Field("key2", Colour(), "key ", None))
            self.draft.kinds[name] = Kind(name, single, tuple(fields))
            body = "  ".join(self._declaration(field) for field in fields)
            self.lines.append(f"{'single ' if single else ''}kind {name} {{ {body} }}")

    def _field(self, kind: str, name: str, single: bool) -> Field:
        """Required const references point at kinds declared before, so that initial objects can be written down."""
        earlier = [other.name for other in self.draft.kinds.values() if other.name != kind and not other.single]
        if not single and earlier and self.dice.chance(20):
            return Field(name, Obj(self.dice.pick(earlier)), "const ", None)
        type = self._stored_type()
        return Field(name, type, "const " if self.dice.chance(15) else "", self._initial(type))

    def _declaration(self, field: Field) -> str:
        default = "" if field.default is None else f" = {field.default}"
        return f"{field.modifier}{field.name}: {field.type}{default}"

    def _stored_type(self) -> Type:
        kind = self.dice.pick(list(self.draft.kinds))
        values: list[Type] = [Bool(), Num(1, 2), Opt(Obj(kind))]
        value = self.dice.pick(values)
        if self.dice.chance(15):
            return self._nested_type(Obj(kind), value)
        if self.dice.chance(15):
            return self.dice.pick([Amount(), Amount(), Opt(Amount()), SetOf(Amount()), Seq(Amount(), 2)])
        types: list[Type] = [Bool(), Num(0, 2), Num(1, 2), Colour(), Opt(Obj(kind)), Opt(Obj(kind)), SetOf(Obj(kind))]
        types += [SetOf(Num(0, 1)), MapOf(Obj(kind), value), MapOf(Colour(), value)]
        types += [Seq(Num(0, 1), 2), Seq(Obj(kind), 2), Opt(Num(1, 2)), Opt(Colour())]
        return self.dice.pick(types)

    def _nested_type(self, kind: Obj, value: Type) -> Type:
        types: list[Type] = [SetOf(Colour()), SetOf(Bool()), SetOf(Opt(kind)), Seq(Colour(), 2), Seq(Opt(kind), 2)]
        types += [
            MapOf(Bool(), value),
            MapOf(Num(0, 1), value),
            MapOf(kind, SetOf(kind)),
            MapOf(Colour(), Seq(kind, 1)),
            MapOf(kind, Amount()),
        ]
        types += [MapOf(kind, MapOf(Bool(), value)), MapOf(Colour(), MapOf(Num(1, 2), Bool())), Num(-1, 1)]
        return self.dice.pick(types)

    def _initial(self, type: Type) -> str:
        match type:
            case Bool():
                return self.dice.pick(["false", "true"])
            case Num(low, high):
                return str(self.dice.number(low, high))
            case Colour():
                return self.dice.pick(MEMBERS)
            case Amount():
                return self.dice.pick(AMOUNTS)
            case Opt():
                return "none"
            case SetOf():
                return "{}"
            case Seq():
                return "[]"
            case MapOf(key, value):
                return f"map({self.draft.fresh('k')}: {key}: {self._initial(value)})"
            case Obj():
                raise AssertionError(type)

    def _rooms(self) -> None:
        for kind in self.draft.kinds.values():
            if kind.single:
                self.draft.room[kind.name] = (1, 1)
                continue
            first = self.dice.pick([1, 2, 1, 1 if Obj(kind.name) in self._required() else 0])
            for field in kind.keys:
                if isinstance(field.type, Obj):
                    first = min(first, self.draft.room[field.type.kind][0])
            self.draft.room[kind.name] = (first, max(1, first + self.dice.number(0, 1)))

    def _required(self) -> list[Type]:
        """The types of fields that every object must be given: initial ones refer to objects by name."""
        return [field.type for kind in self.draft.usable() for field in kind.fields if field.default is None]

    def _variables(self) -> None:
        names = [f"g{place}" for place in range(self.dice.number(0, 2))]
        self.draft.variables = tuple(self._variable(name) for name in names)
        for variable in self.draft.variables:
            self.lines.append(self._variable_text(variable))

    def _variable(self, name: str) -> Variable:
        type = self._stored_type()
        return Variable(name, type, self._initial(type), self.dice.chance(10))

    def _variable_text(self, variable: Variable) -> str:
        ghost = "ghost " if variable.ghost else ""
        return f"{ghost}var {variable.name}: {variable.type} = {variable.initial}"

    def _definitions(self) -> None:
        """One may call those before it."""
        for place in range(self.dice.pick([0, 0, 1, 2])):
            kind = self.dice.pick([None, *self.draft.kinds])
            result: Bool | Num = Num(0, 4) if self.dice.chance(50) else Bool()
            scope = Scope() if kind is None else Scope().bind("o", Obj(kind))
            has_number = kind is not None and self.dice.chance(30)
            if has_number:
                scope = scope.bind("i", Num(0, 4))
            body = self.expressions.of(result, scope, 2)
            head = f"d{place}" if kind is None else f"d{place}(o: {kind}{', i: int' if has_number else ''})"
            self.lines.append(f"def {head}: {'bool' if isinstance(result, Bool) else 'int'} = {body}")
            self.draft.definitions += (Definition(f"d{place}", kind, has_number, result),)

    # --- components ----------------------------------------------------------------------------------------------

    def _components(self) -> None:
        names = ["controller", *self.dice.pick([[], ["agent"]]), "environment"]
        components = []
        for name in names:
            instance = self.dice.pick([kind.name for kind in self.draft.creatable()]) if name == "agent" else None
            count = 0 if name == "environment" else self.dice.number(0, 1)
            variables = tuple(self._variable(f"{name[0]}v{place}") for place in range(count))
            components.append(Component(name, instance, variables))
        self.draft.components = tuple(components)
        for component in components:
            self._component(component)

    def _component(self, component: Component) -> None:
        head = "environment" if component.name == "environment" else f"component {component.name}"
        self.lines.append(f"{head} {'' if component.instance is None else f'per me: {component.instance} '}{{")
        self.lines += [f"  {self._variable_text(variable)}" for variable in component.variables]
        if component.name == "environment":
            for place in range(self.dice.number(1, 2)):
                self._disturbance(component, f"move{place}")
        for place in range(self.dice.number(0 if component.name == "environment" else 1, 2)):
            self._action(component, f"act{place}")
        self.lines.append("}")

    def _disturbance(self, component: Component, name: str) -> None:
        """A plain action, so that a model is not without steps for all its clauses."""
        kind = self.dice.pick(self.draft.creatable())
        forms = [(f"x: {kind.name}", "delete x")]
        if all(field.default is not None for field in kind.fields):
            forms.append(("", f"create {kind.name} {{}}"))
        for field in kind.fields:
            if field.modifier == "":
                forms += [(f"x: {kind.name}{more}", body) for more, body in self._moves(f"x.{field.name}", field.type)]
        for variable in self.draft.variables:
            forms += [(more.removeprefix(", "), body) for more, body in self._moves(variable.name, variable.type)]
        parameters, body = self.dice.pick(forms)
        self.lines.append(f"  action {name}({parameters}) {{ {body} }}")
        self.draft.actions.append((component.name, name, None))

    def _moves(self, place: str, type: Type) -> list[tuple[str, str]]:
        """Further parameters, and an assignment that goes through the values of the type."""
        match type:
            case Bool():
                return [("", f"{place} = not {place}")]
            case Num(low, high):
                return [("", f"{place} = if {place} == {high} then {low} else {place} + 1")]
            case Colour():
                return [(", y: Colour", f"{place} = y")]
            case Amount():
                return [("", f"{place} = if {place} >= 1.5 then 0 else {place} + 500m")]
            case Opt(Amount()):
                return [("", f"{place} = 1000m"), ("", f"{place} = none")]
            case SetOf(Amount()):
                return [("", f"{place} += {{500m}}"), ("", f"{place} -= {{0.5}}")]
            case Seq(Amount()):
                return [("", f"{place} = if length({place}) < 2 then push({place}, 1.5) else pop({place})")]
            case Opt(inner):
                return [(f", y: {inner}", f"{place} = y"), ("", f"{place} = none")]
            case SetOf(element):
                given = element.inner if isinstance(element, Opt) else element
                return [(f", y: {given}", f"{place} += {{y}}"), (f", y: {given}", f"{place} -= {{y}}")]
            case MapOf(key, value):
                z = self.draft.fresh("z")
                return [(f", {z}: {key}{more}", body) for more, body in self._moves(f"{place}[{z}]", value)]
            case Seq(element, capacity):
                given = element.inner if isinstance(element, Opt) else element
                push = f"if length({place}) < {capacity} then push({place}, y) else pop({place})"
                return [(f", y: {given}", f"{place} = {push}")]
            case Obj():
                return []

    def _action(self, component: Component, name: str) -> None:
        scope = Scope(component=component)
        if component.instance is not None:
            scope = scope.bind("me", Obj(component.instance))
        parameters = []
        before = len(scope.locals)
        for _ in range(self.dice.pick([1, 0, 1, 2])):
            scope, text = self._parameter(scope)
            parameters.append(text)
        fairness = self.formulas.fairness(list(scope.locals[before:])) if self.runs else ""
        header = f"  {fairness}action {name}" + (f"({', '.join(parameters)})" if parameters else "")
        for _ in range(self.dice.pick([0, 0, 1, 1, 2])):
            header += f" when {self.expressions.condition(scope, self.dice.number(0, 2))}"
        if self.dice.chance(30):
            header += f" at most {self.dice.number(1, 2)}{' each' if self.dice.chance(40) else ''}"
        self.lines.append(f"{header} {{ {self.statements.block(scope, 2).text} }}")
        self.draft.actions.append((component.name, name, component.instance))

    def _parameter(self, scope: Scope) -> tuple[Scope, str]:
        name = self.draft.fresh("p")
        sets = [(path, t.element) for path, t in self.expressions.places(scope) if isinstance(t, SetOf)]
        if sets and self.dice.chance(30):
            path, element = self.dice.pick(sets)
            return scope.bind(name, element), f"{name} in {path}"
        kinds = [Obj(kind) for kind in self.draft.kinds]
        types: list[Type] = [*kinds, *kinds, Num(0, 1), Bool(), Colour()]
        type = self.dice.pick(types)
        return scope.bind(name, type), f"{name}: {type}"

    # --- properties ----------------------------------------------------------------------------------------------

    def _properties(self) -> None:
        scope = Scope(properties=True)
        for place in range(self.dice.number(1, 2)):
            self.lines.append(f"invariant Inv{place}: {self.expressions.condition(scope, 3)}")
        for place in range(self.dice.number(0, 2)):
            condition = self.expressions.of_step(Scope(properties=True, steps=True), 3)
            self.lines.append(f"step Step{place}: {condition}")
        for place in range(self.dice.number(0, 1)):
            self.lines.append(f"reachable Reach{place}: {self.expressions.condition(scope, 3)}")
        if self.dice.chance(30):
            self.lines.append(f"terminal when {self.expressions.condition(scope, 2)}")
        if self.runs:
            self.lines += self.formulas.declarations()

    # --- the cluster ---------------------------------------------------------------------------------------------

    def _cluster(self) -> None:
        lines = []
        for kind in self.draft.creatable():
            lines += self._objects(kind)
        for variable in self.draft.variables:
            choice = self._choice(variable.type)
            if choice is not None and self.dice.chance(15):
                lines.append(f"{variable.name} = {choice}")
        if self.dice.chance(5):
            lines.append(f"LIMIT = {self.dice.pick(['any {1, 2}', 'any 0..2', '2'])}")
        plain = [item for item in self.draft.variables if isinstance(item.type, Bool | Num) and not item.ghost]
        if plain and self.dice.chance(20):
            lines.append("initially " + " or ".join(f"{item.name} == {item.initial}" for item in plain))
        for component, action, _ in self.draft.actions[1:]:
            if self.dice.chance(5):
                lines.append(f"disable {component}.{action}")
        self.lines += ["cluster here {", *(f"  {line}" for line in lines), "}"]

    def _objects(self, kind: Kind) -> list[str]:
        """Named objects where something must be given; else sometimes unnamed ones."""
        first, most = self.draft.room[kind.name]
        lines = []
        plain = all(field.default is not None for field in kind.fields) and Obj(kind.name) not in self._required()
        unnamed = plain and self.dice.chance(40)
        if unnamed and first:
            lines.append(f"{kind.name} exactly {first}")
        for place in range(0 if unnamed else first):
            values = "  ".join(self._given(kind, place))
            lines.append(f"{kind.name} {kind.name.lower()}_{place} {{ {values} }}")
        if most > first:
            lines.append(f"{kind.name} at most {most}{' as quota' if self.dice.chance(30) else ''}")
        return lines

    def _given(self, kind: Kind, place: int) -> list[str]:
        values = []
        for field in kind.fields:
            if isinstance(field.type, Obj):
                last = place if field.modifier == "key " else 0
                values.append(f"{field.name} = {field.type.kind.lower()}_{last}")
            elif field.modifier == "key ":
                values.append(f"{field.name} = {MEMBERS[0] if isinstance(field.type, Colour) else place}")
            elif self.dice.chance(15):
                choice = self._choice(field.type)
                values.append(f"{field.name} = {choice or self._initial(field.type)}")
        return values

    def _choice(self, type: Type) -> str | None:
        match type:
            case Bool():
                return "any bool"
            case Num(low, high):
                return self.dice.pick([f"any {low}..{high}", f"any {{{low}, {high}}}"])
            case Amount():
                return "any {500m, 1}"
            case Opt(Amount()):
                return "any {none, 0.5}"
            case Opt(inner):
                return f"any {inner}?"
            case _:
                return None
