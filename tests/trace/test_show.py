"""Expressions of the system written as text of the language."""

from __future__ import annotations

import pytest

from kspec.evaluate.layout import Layout
from kspec.system import expressions as ex
from kspec.system.expressions import Expr
from kspec.system.sorts import BOOL, IntSort, SetSort
from kspec.trace.names import names_at_start
from kspec.trace.show import Printer
from tests.building import at_most, both, either, equal, less, local, negated, number, plus, value
from tests.trace.pods import pods

SYSTEM = pods()
X, Y = local("x", BOOL), local("y", BOOL)
N, M = local("n", IntSort(0, 3)), local("m", IntSort(0, 3))
SET = SetSort(IntSort(0, 3))
POD = SYSTEM.kind("Pod").sort
IP = SYSTEM.kind("IP").sort
P = ex.Local(99, "p", POD)
x, y, n, m = map(ex.Use, (X, Y, N, M))


def written(expr: Expr) -> str:
    layout = Layout(SYSTEM)
    initial = tuple(SYSTEM.initial[place.variable][place.number] for place in layout.places)
    return Printer(SYSTEM, names_at_start(SYSTEM, layout, initial)).show(expr, {})


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (both(either(x, y), x), "(x or y) and x"),
        (either(both(x, y), x), "x and y or x"),
        (negated(both(x, y)), "not (x and y)"),
        (negated(equal(N, M)), "n != m"),
        (negated(less(N, M)), "n >= m"),
        (negated(at_most(N, M)), "n > m"),
        (ex.Implies(ex.Implies(x, y), x), "(x implies y) implies x"),
        (ex.Implies(x, ex.Implies(x, y)), "x implies x implies y"),
        (less(plus(N, number(1)), M), "n + 1 < m"),
        (ex.Arithmetic(ex.Operator.SUBTRACT, n, plus(N, M), IntSort(-6, 3)), "n - (n + m)"),
        (ex.Arithmetic(ex.Operator.MULTIPLY, plus(N, M), n, IntSort(0, 18)), "(n + m) * n"),
        (ex.Contains(n, ex.NumberRange(number(0), m, SET)), "n in 0..m"),
        (ex.Size(ex.SetLiteral((n, m), SET), IntSort(0, 2)), "size({n, m})"),
        (ex.Let(N, m, less(N, number(2))), "let n = m: n < 2"),
        (ex.Let(P, ex.Literal(1, POD), ex.IsAlive(ex.Use(P))), "alive(pod2)"),
        (ex.If(x, n, m, IntSort(0, 3)), "if x then n else m"),
        (both(), "true"),
        (either(), "false"),
        (ex.Literal(0, IP), "ip1"),
        (value(True), "true"),
        (ex.IsAlive(ex.Literal(1, POD)), "alive(pod2)"),
        (ex.Writes(POD, ()), "writes Pod"),
        (ex.By(frozenset({0, 2})), "by controller.create_pod or by controller.collect"),
        (ex.Enabled(1, None), "enabled kubelet.start"),
        (
            ex.Quantifier(ex.Quantified.EXISTS, (ex.Binding(N, ex.AllValues(N.sort)),), less(N, M), x),
            "exists n: 0..3 where n < m: x",
        ),
        (ex.SetComprehension(ex.Binding(N, ex.Members(ex.SetLiteral((m,), SET))), x, SET), "set(n in {m} where x)"),
    ],
)
def test_text(expr: Expr, text: str) -> None:
    assert written(expr) == text
