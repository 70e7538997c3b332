"""What traces say that components see, beside what `seen by` means."""

from __future__ import annotations

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.system.system import System
from kspec.trace.confirm import states_of
from kspec.trace.views import View, views_of
from tests.lower.texts import system
from tests.trace.playing import ANYTHING, random_run

WATCHES = {
    "one event": "watches Pod lag 1",
    "three events": "watches Pod lag 3",
    "any": "watches Pod lag any",
    "losses": "watches Pod lag 2  loses events at most 3  relists",
    "disconnected": "watches Pod lag 1  disconnects at most 3",
    "only disconnected": "disconnects at most 3",
    "crashes": "watches Pod lag 1  loses events at most 2  crashes at most 2 from stale 2",
}

MODEL = """
kind Node {{}}
kind Pod {{ phase: 0..2 = 0  node: Node? = none }}
component user {{
  action add {{ create Pod {{ }} }}
  action step(p: Pod) when p.phase < 2 {{ p.phase += 1 }}
  action bind(p: Pod, n: Node) {{ p.node = n }}
  action drop(p: Pod) {{ delete p }}
  action all {{ for p: Pod where p.phase == 0 {{ p.phase = 1 }} }}
}}
component kubelet per n: Node {{
  {watches}
  action look(p: Pod) when p.phase == 1 and p.node == n {{ }}
}}
{properties}
cluster small {{ Node n1, n2  Pod p1  Pod at most 2 }}
"""


def model(watches: str) -> System:
    return system(MODEL.format(watches=watches, properties=_properties()) + ANYTHING)


def _properties() -> str:
    asked = {f"Phase{phase}": f"exists p: Pod: p.phase == {phase}" for phase in range(3)}
    asked |= {f"Bound{node}": f"exists p: Pod: p.node == small.{node}" for node in ("n1", "n2")}
    asked["Both"] = "count(p: Pod) == 2"
    return "\n".join(
        f"invariant {node.upper()}{name} only in small: seen by kubelet(small.{node}): {what}"
        for node in ("n1", "n2")
        for name, what in asked.items()
    )


def answers(view: View, state: tuple[object, ...], instance: int) -> dict[str, bool]:
    """What the properties ask of one instance, answered from what traces say that it believes."""
    believed = [view.believed(state, instance, slot) for slot in range(2)]  # type: ignore[arg-type]
    there = [{variable.name: value for variable, value in one.fields} for one in believed if one.is_there]
    found = {f"Phase{phase}": any(pod["Pod.phase"] == phase for pod in there) for phase in range(3)}
    found |= {f"Boundn{node + 1}": any(pod["Pod.node"] == node for pod in there) for node in range(2)}
    return found | {"Both": len(there) == 2}


@pytest.mark.parametrize("watches", WATCHES.values(), ids=WATCHES)
def test_traces_believe_what_components_see(watches: str) -> None:
    of = model(watches)
    evaluator = Evaluator(of)
    (view,) = views_of(of, evaluator.layout)
    differing = 0
    for seed in range(6):
        for state in states_of(random_run(of, seed, 25)):
            for instance, name in enumerate(("N1", "N2")):
                for asked, answer in answers(view, state, instance).items():
                    expression = next(known.expression for known in of.properties if known.name == name + asked)
                    assert expression is not None
                    assert evaluator.state_value(expression, state) is answer, (seed, name, asked)
                differing += any(view.believed(state, instance, slot) != view.stored(state, slot) for slot in range(2))
    assert differing > 20
