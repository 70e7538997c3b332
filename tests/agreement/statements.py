"""Random bodies of actions."""

from __future__ import annotations

from dataclasses import dataclass

from tests.agreement.draft import Amount, Bool, Dice, Draft, Kind, MapOf, Num, Obj, Opt, Scope, Seq, SetOf, Type
from tests.agreement.expressions import Expressions


@dataclass(frozen=True)
class Block:
    """The text, and the scope behind it."""

    text: str
    scope: Scope


class Statements:
    def __init__(self, dice: Dice, draft: Draft) -> None:
        self.dice = dice
        self.draft = draft
        self.expressions = Expressions(dice, draft)

    def block(self, scope: Scope, fuel: int, most: int = 3) -> Block:
        texts = []
        for _ in range(self.dice.number(1, most)):
            one = self.statement(scope, fuel)
            texts.append(one.text)
            scope = one.scope
        return Block("  ".join(texts), scope)

    def statement(self, scope: Scope, fuel: int) -> Block:
        forms = [self._assign_field, self._assign_field, self._assign_variable, self._create, self._delete]
        if fuel > 0:
            forms += [self._if, self._either, self._choose, self._for, self._behind, self._if_or_assert, self._let]
        return self.dice.pick(forms)(scope, fuel - 1)

    # --- writes --------------------------------------------------------------------------------------------------

    def _assign_field(self, scope: Scope, fuel: int) -> Block:
        """One request, sometimes of two fields."""
        targets = [(text, kind) for text, kind in self.expressions.objects(scope) if self._mutable(kind)]
        if not targets:
            return self._assign_variable(scope, fuel)
        target, kind = self.dice.pick(targets)
        texts = self.dice.some(1, 2, lambda: self._field(target, kind, scope))
        return Block("  ".join(texts), scope)

    def _mutable(self, kind: str) -> list[tuple[str, Type]]:
        return [(field.name, field.type) for field in self.draft.kinds[kind].fields if field.modifier == ""]

    def _field(self, target: str, kind: str, scope: Scope) -> str:
        name, type = self.dice.pick(self._mutable(kind))
        return self._assign(f"{target}.{name}", type, scope)

    def _assign_variable(self, scope: Scope, fuel: int) -> Block:
        targets: list[tuple[str, Type]] = [(variable.name, variable.type) for variable in self.draft.variables]
        if scope.component is not None:
            targets += [(variable.name, variable.type) for variable in scope.component.variables]
            if scope.component.name == "environment":
                targets += self._foreign(scope)
        if not targets:
            return Block(f"assert {self.expressions.condition(scope, 1)}", scope)
        return Block(self._assign(*self.dice.pick(targets), scope), scope)

    def _foreign(self, scope: Scope) -> list[tuple[str, Type]]:
        """Component variables of objects in scope: only the environment may write them."""
        return [
            (f"{component.name}({name}).{variable.name}", variable.type)
            for component in self.draft.components
            for variable in component.variables
            for name, type in scope.locals
            if component.instance is not None and type == Obj(component.instance)
        ]

    def _assign(self, target: str, type: Type, scope: Scope) -> str:
        if isinstance(type, MapOf) and self.dice.chance(75):
            keys = self.expressions.keys(type.key, scope)
            if keys:
                return self._assign(f"{target}[{self.dice.pick(keys)}]", type.value, scope)
        if isinstance(type, Num) and self.dice.chance(30):
            return f"{target} {self.dice.pick(['+=', '-='])} 1"
        if isinstance(type, Amount) and self.dice.chance(30):
            return f"{target} {self.dice.pick(['+=', '-='])} {self.dice.pick(['500m', '1'])}"
        if isinstance(type, SetOf) and self.dice.chance(50):
            value = self.expressions.set(type, scope, 0)
            return f"{target} {self.dice.pick(['+=', '-='])} {value}"
        if isinstance(type, Opt) and isinstance(type.inner, Obj) and self.dice.chance(15):
            create = self._create_text(self.draft.kinds[type.inner.kind], scope)
            if create is not None:
                return f"{target} = {create}"
        return f"{target} = {self.expressions.of(type, scope, 1)}"

    def _create_text(self, kind: Kind, scope: Scope) -> str | None:
        if kind.single:
            return None
        values = []
        for field in kind.fields:
            if field.default is None or self.dice.chance(30):
                if isinstance(field.type, Obj) and not self.expressions.can_have(field.type.kind, scope):
                    return None
                values.append(f"{field.name} = {self.expressions.of(field.type, scope, 1)}")
        return f"create {kind.name} {{ {'  '.join(values)} }}" if values else f"create {kind.name} {{}}"

    def _create(self, scope: Scope, fuel: int) -> Block:
        creatable = self.draft.creatable()
        kind = self.dice.pick(creatable) if creatable else None
        text = None if kind is None else self._create_text(kind, scope)
        if kind is None or text is None:
            return self._assign_field(scope, fuel)
        if self.dice.chance(40):
            name = self.draft.fresh("n")
            return Block(f"let {name} = {text}", scope.bind(name, Obj(kind.name)))
        return Block(text, scope)

    def _delete(self, scope: Scope, fuel: int) -> Block:
        targets = [text for text, kind in self.expressions.objects(scope) if not self.draft.kinds[kind].single]
        return Block(f"delete {self.dice.pick(targets)}", scope) if targets else self._assign_field(scope, fuel)

    # --- control -------------------------------------------------------------------------------------------------

    def _if(self, scope: Scope, fuel: int) -> Block:
        text = f"if {self.expressions.condition(scope, 1)} {{ {self.block(scope, fuel, 2).text} }}"
        if self.dice.chance(15):
            text += f" else if {self.expressions.condition(scope, 1)} {{ {self.block(scope, fuel, 1).text} }}"
        if self.dice.chance(40):
            text += f" else {{ {self.block(scope, fuel, 2).text} }}"
        return Block(text, scope)

    def _either(self, scope: Scope, fuel: int) -> Block:
        branches = [self.block(scope, fuel, 2).text for _ in range(self.dice.pick([2, 2, 3]))]
        return Block("either " + " or ".join(f"{{ {branch} }}" for branch in branches), scope)

    def _choose(self, scope: Scope, fuel: int) -> Block:
        inner, binder = self.expressions.binder(scope, 1)
        return Block(f"choose {binder}", inner)

    def _for(self, scope: Scope, fuel: int) -> Block:
        """Reads anything, writes or deletes its own object only."""
        kind = self.dice.pick(self.draft.creatable()).name if self.draft.creatable() else None
        if kind is None:
            return self._assign_field(scope, fuel)
        name = self.draft.fresh("e")
        collections = [
            *self.expressions.paths(SetOf(Obj(kind)), scope),
            *self.expressions.paths(Seq(Obj(kind), 2), scope),
        ]
        head = f"{name} in {self.dice.pick(collections)}" if collections and self.dice.chance(40) else f"{name}: {kind}"
        inner = scope.bind(name, Obj(kind))
        if self.dice.chance(40):
            head += f" where {self.expressions.condition(inner, 1)}"
        body = "  ".join(self.dice.some(1, 3, lambda: self._in_loop(name, kind, inner, fuel)))
        return Block(f"for {head} {{ {body} }}", scope)

    def _in_loop(self, name: str, kind: str, scope: Scope, fuel: int) -> str:
        mutable = [item for item in self._mutable(kind) if not isinstance(item[1], MapOf)]
        choice = self.dice.number(0, 9)
        if choice >= 8 and fuel > 0:
            inner = self._in_loop(name, kind, scope, fuel - 1)
            return f"if {self.expressions.condition(scope, 1)} {{ {inner} }}"
        if choice == 7 or not mutable:
            return f"delete {name}"
        field, type = self.dice.pick(mutable)
        if isinstance(type, Num) and self.dice.chance(30):
            return f"{name}.{field} += 1"
        return f"{name}.{field} = {self.expressions.of(type, scope, 1)}"

    def _behind(self, scope: Scope, fuel: int) -> Block:
        """Through a reference that may be none: under a condition, held by a local."""
        options = [(path, type) for path, type in self.expressions.places(scope) if isinstance(type, Opt)]
        if not options:
            return self._if(scope, fuel)
        path, type = self.dice.pick(options)
        name = self.draft.fresh("n")
        body = self.block(scope.bind(name, type.inner), fuel, 2).text
        value = path
        if self.dice.chance(75):  # what was just assigned may be known not to be none, and comparing it is an error
            value = f"if {self.expressions.condition(scope, 0)} then {path} else none"
        return Block(f"let {name} = {value}  if {name} != none {{ {body} }}", scope)

    def _if_or_assert(self, scope: Scope, fuel: int) -> Block:
        if self.dice.chance(60):
            return self._if(scope, fuel)
        return Block(f"assert {self.expressions.condition(scope, 1)}", scope)

    def _let(self, scope: Scope, fuel: int) -> Block:
        name = self.draft.fresh("n")
        types: list[Type] = [Num(0, 4), Bool()]
        type = self.dice.pick(types)
        return Block(f"let {name} = {self.expressions.of(type, scope, 1)}", scope.bind(name, type))
