"""Random formulas about runs, and fairness for actions."""

from __future__ import annotations

from collections.abc import Iterator

from tests.agreement.draft import Dice, Draft, Num, Obj, Scope, Type
from tests.agreement.expressions import Expressions

SIZE = 2
"""How deeply operators are nested at most: the reference checker guesses the value of each."""


class Formulas:
    """`expressions` are what is said of one position."""

    def __init__(self, dice: Dice, draft: Draft, expressions: Expressions) -> None:
        self.dice = dice
        self.draft = draft
        self.expressions = expressions

    def fairness(self, parameters: list[tuple[str, Type]]) -> str:
        """What stands before `action`."""
        forms = ["", "fair ", "fair ", "strongly fair ", "fair overall ", "strongly fair overall "]
        for name, type in parameters:
            forms.append(f"fair per {name} ")
            if isinstance(type, Obj) and self.draft.kinds[type.kind].keys:
                forms.append(f"fair per key {name} ")
        return self.dice.pick(forms)

    def declarations(self) -> Iterator[str]:
        """Properties about runs, what is assumed, and what can always be reached again."""
        for place in range(self.dice.number(1, 2)):
            yield f"property Run{place}: {self._property()}"
        if self.dice.chance(20):
            yield f"assume Assumed: {self._temporal(Scope(properties=True), (), 1)}"
        if self.dice.chance(30):
            yield f"recoverable Recovers: {self.expressions.condition(Scope(properties=True), 2)}"

    def _property(self) -> str:
        scope = Scope(properties=True)
        if self.dice.chance(40):
            return self._temporal(scope, (), SIZE)
        name = self.draft.fresh("o")
        if self.dice.chance(15):
            return f"forall {name}: 0..1: {self._temporal(scope.bind(name, Num(0, 1)), (), SIZE)}"
        kind = self.dice.pick(self.draft.usable()).name
        names, scope = (name,), scope.bind(name, Obj(kind))
        if self.dice.chance(15):
            other = self.draft.fresh("o")
            names, scope = (*names, other), scope.bind(other, Obj(kind))
        where = f" where {self.expressions.condition(scope, 1)}" if self.dice.chance(15) else ""
        return f"forall {', '.join(names)}: {kind}{where}: {self._temporal(scope, names, SIZE)}"

    def _temporal(self, scope: Scope, objects: tuple[str, ...], fuel: int) -> str:
        """With a temporal operator outermost, or right below connectives."""
        operands = [self._formula(scope, objects, fuel - 1) for _ in range(2)]
        return self._operated(*operands)

    def _operated(self, left: str, right: str) -> str:
        forms = [f"(always {left})", f"(eventually {left})", f"({left} leads to {right})", f"({left} until {right})"]
        forms += [f"(next {left})", f"(always eventually {left})", f"(eventually always {left})"]
        return self.dice.pick(forms)

    def _formula(self, scope: Scope, objects: tuple[str, ...], fuel: int) -> str:
        if fuel <= 0 or self.dice.chance(30):
            return self._atom(scope, objects)
        left, right = self._formula(scope, objects, fuel - 1), self._formula(scope, objects, fuel - 1)
        if self.dice.chance(50):
            return self._operated(left, right)
        operator = self.dice.pick(["and", "or", "implies", "iff", "not"])
        return f"(not {left})" if operator == "not" else f"({left} {operator} {right})"

    def _atom(self, scope: Scope, objects: tuple[str, ...]) -> str:
        steps = [f"(by {component.name})" for component in self.draft.components]
        steps += [f"(by {component}.{action})" for component, action, _ in self.draft.actions]
        steps += [f"(enabled {component}.{action})" for component, action, _ in self.draft.actions]
        steps += [f"(writes {kind})" for kind in self.draft.kinds]
        if objects and self.dice.chance(25):
            return f"gone({self.dice.pick(objects)})"
        if self.dice.chance(35):
            return self.dice.pick(steps)
        return self.expressions.condition(scope, self.dice.number(0, 1))
