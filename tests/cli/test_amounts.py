"""Amounts, as commands show and take them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ended

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

MODEL = """
quantity Cpu at most 4
quantity Memory at most 1Ti
const SIZES: set Cpu = {0.5, 1}
kind Node { const memory: Memory = 2Gi }
kind Pod {
  cpu: Cpu = 0.5
  const memory: Memory = 1.5Gi
  node: Node? = none
}
var sizes: set Cpu = {}
component scheduler {
  action bind(p: Pod, n: Node, more in SIZES) when p.node == none { p.node = n  p.cpu += more  sizes += {p.cpu} }
}
invariant Fits: forall n: Node: sum(p: Pod where p.node == n: p.memory) <= n.memory
cluster small { Node n1  Pod p1, p2 }
"""


def test_a_trace_has_amounts_and_is_replayed(kspec: Kspec, write: Write) -> None:
    model, trace = write("amounts.kspec", MODEL), Path("trace.json")
    ended = kspec("check", model, "--trace", trace)
    assert ended.code == 1
    assert "Pod p1, p2  cpu = 500m, memory = 1536Mi, node = none" in ended.out
    assert "scheduler.bind(p = p1, n = n1, more = 500m)" in ended.out
    assert "p1.cpu: 500m -> 1" in ended.out
    assert "= 3Gi, n1.memory = 2Gi" in ended.out
    stored = json.loads(trace.read_text(encoding="utf-8"))
    assert {"name": "more", "value": "500m"} in stored["steps"][0]["arguments"]
    replayed = kspec("replay", trace)
    assert replayed.code == 0
    assert replayed.err == ""
    assert "p1.cpu: 500m -> 1" in replayed.out


def test_the_command_line_takes_amounts(kspec: Kspec, write: Write) -> None:
    model = write("amounts.kspec", MODEL)
    assert kspec("check", model, "-D", "n1.memory=3Gi").code == 0
    ended = kspec("check", model, "-D", "n1.memory=2Ti")
    assert ended.code == 2
    assert "KS602" in ended.err
    assert "2Ti is outside 0..1Ti" in ended.err


def test_info_tells_the_units(kspec: Kspec, write: Write) -> None:
    lines = kspec("info", write("amounts.kspec", MODEL)).out.splitlines()
    assert "  Cpu: 0..4, counted in steps of 500m" in lines
    assert "  Memory: 0..1Ti, counted in steps of 512Mi" in lines
