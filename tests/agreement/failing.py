"""Random models in which expressions fail for some bindings and not for others: nodes go away while pods still name
them, numbers that are divided by are 0 now and then, and queues are empty."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.agreement.draft import Bool, Dice, Draft, Field, Kind, Num, Obj, Opt, Scope, Seq
from tests.agreement.expressions import Expressions

NODE = Kind("Node", False, (Field("f0", Bool(), "", "true"),))
POD = Kind(
    "Pod",
    False,
    (
        Field("f0", Opt(Obj("Node")), "", "none"),
        Field("f1", Num(0, 1), "", "1"),
        Field("f2", Seq(Num(0, 1), 1), "", "[]"),
    ),
)
MOVES = (
    "action drop(x: Node) { delete x }",
    "action place(x: Pod, y: Node) when x.f0 == none { x.f0 = y }",
    "action flip(x: Pod) { x.f1 = 1 - x.f1 }",
    "action fill(x: Pod) { x.f2 = if x.f2 == [] then [1] else pop(x.f2) }",
    "action leave(x: Pod) { delete x }",
)


@st.composite
def failing_models(draw: st.DrawFn) -> str:
    """The text of a model with one cluster, called `here`."""
    return _FailingModel(Dice(draw)).text()


class _FailingModel:
    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.draft = Draft({"Node": NODE, "Pod": POD})
        self.expressions = Expressions(dice, self.draft)

    def text(self) -> str:
        fields = "  ".join(f"{field.name}: {field.type} = {field.default}" for field in POD.fields)
        moves = [MOVES[0], MOVES[1], *(move for move in MOVES[2:] if self.dice.chance(50))]
        return "\n".join(
            [
                "const LIMIT: 0..3 = 1",
                "enum Colour { Red, Green }",
                "kind Node { f0: bool = true }",
                f"kind Pod {{ {fields} }}",
                "environment {",
                *(f"  {move}" for move in moves),
                f"  action look when {self.looped(Scope())} {{ }}",
                f"  action sweep {{ for x: Pod where {self._risky('x')} {{ {self._swept()} }} }}",
                "}",
                f"invariant Inv0: {self.looped(Scope(properties=True))}",
                f"step Step0: {self.looped(Scope(properties=True))}",
                f"reachable Reach0: {self.looped(Scope(properties=True))}",
                "cluster here {",
                "  Node n",
                *(f"  Pod p{number} {{ {self._given()} }}" for number in range(2)),
                "}\n",
            ]
        )

    def _given(self) -> str:
        return self.dice.pick(["", "f0 = n", "f1 = 0", "f0 = n  f1 = 0", "f2 = [1]"])

    def _swept(self) -> str:
        parts = ["x.f1 = 2 div x.f1", f"assert {self._risky('x')}", f"x.f1 = if {self._risky('x')} then 1 else 2"]
        return "  ".join(self.dice.some(1, 2, lambda: self.dice.pick(parts)))

    def looped(self, scope: Scope) -> str:
        """A condition that goes through bindings."""
        name, other = self.draft.fresh("q"), self.draft.fresh("q")
        quantifier = self.dice.pick(["forall", "exists", "exactly one"])
        number = self.dice.pick([f"2 div {name}.f1", f"first({name}.f2)"])
        fold = self.dice.pick(["min", "max"])
        return self.dice.pick(
            [
                f"({quantifier} {name}: Pod: {self._risky(name, scope)})",
                f"({quantifier} {name}: Pod where {self._risky(name, scope)}: {self._risky(name, scope)})",
                f"({quantifier} {name}, {other}: Pod: {self._risky(name, scope)} or {self._risky(other, scope)})",
                f"({quantifier} {name}: Pod, {other} in 0..({number}): {other} == 0 or {self._risky(name, scope)})",
                f"(count({name}: Pod where {self._risky(name, scope)}) > 0)",
                f"(sum({name}: Pod where {self._risky(name, scope)}: {number}) > 1)",
                f"({fold}({name}: Pod where {self._risky(name, scope)}: {number}) == none)",
                f"(size(set({name}: Pod where {self._risky(name, scope)})) > 0)",
                f"(map({name}: Pod: {self._risky(name, scope)}) == map({name}: Pod: true))",
            ]
        )

    def _risky(self, name: str, scope: Scope | None = None) -> str:
        return self.expressions.risky((scope or Scope()).bind(name, Obj("Pod")), 1)
