"""Units: which amounts 1 stands for in the system."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.amounts import Unit
from kspec.system.digest import behaviour
from kspec.system.sorts import IntSort
from kspec.system.system import System, units_of

MODEL = """
quantity Cpu at most 64
quantity Memory at most 1Ti
kind Pod {
  const cpu: Cpu = 500m
  memory: Memory = 2Gi
}
component kubelet { action grow(p: Pod) { p.memory += 1Gi } }
invariant Small: forall p: Pod: p.cpu <= 1
cluster here { Pod p1, p2 }
cluster other { Pod p1 { cpu = 1m } }
"""


def system(folder: Path, text: str = MODEL, *defines: str) -> System:
    path = folder / "model.kspec"
    path.write_text(text, encoding="utf-8")
    loaded = load_model(path, defines=defines)
    assert loaded.model is not None, loaded.diagnostics
    lowered = lower(loaded.model, "here")
    assert lowered.system is not None, lowered.diagnostics
    return lowered.system


def test_the_unit_is_the_greatest_common_divisor_of_what_is_written(tmp_path: Path) -> None:
    cpu, memory = units_of(system(tmp_path))
    assert cpu == Unit("Cpu", 500, 64_000, False)
    assert memory == Unit("Memory", 2**30 * 1000, 2**40 * 1000, True)
    assert system(tmp_path).variable("Pod.memory").sort == IntSort(0, 1024)


def test_another_cluster_has_another_unit(tmp_path: Path) -> None:
    """What is written in a cluster that is not lowered does not count: `other` has 1m."""
    assert units_of(system(tmp_path))[0].thousandths == 500


@pytest.mark.parametrize(("define", "unit"), [("p1.cpu=0.25", 250), ("p1.cpu=3", 500), ("p2.cpu=1501m", 1)])
def test_the_command_line_counts(tmp_path: Path, define: str, unit: int) -> None:
    assert units_of(system(tmp_path, MODEL, define))[0].thousandths == unit


def test_the_bound_and_replaced_values_do_not_count(tmp_path: Path) -> None:
    text = "quantity Cpu at most 64.001\nconst a: Cpu = 1m\nvar b: Cpu = a\ncluster here { a = 2 }\n"
    assert units_of(system(tmp_path, text)) == (Unit("Cpu", 2000, 64_001, False),)


def test_without_a_literal_there_is_one_step(tmp_path: Path) -> None:
    text = "quantity Cpu at most 64\nvar b: Cpu = 0\ncluster here { }\n"
    (unit,) = units_of(system(tmp_path, text))
    assert unit.steps == 1


def test_bounds_of_ranges_count(tmp_path: Path) -> None:
    text = "quantity Cpu at most 64\nconst a: Cpu = 2\nvar b: 0..parts(300m) = 0\nvar c: Cpu = a\ncluster here { }\n"
    found = system(tmp_path, text + "def parts(size: Cpu): int = a div size\n")
    assert units_of(found)[0].thousandths == 100
    assert found.variable("b").sort == IntSort(0, 6)


def test_other_spellings_are_the_same_system(tmp_path: Path) -> None:
    spelled = (
        MODEL.replace("500m", "0.5").replace("2Gi", "2048Mi").replace("1Gi", "1048576Ki").replace("<= 1", "<= 1000m")
    )
    assert behaviour(system(tmp_path, spelled)) == behaviour(system(tmp_path))


def test_other_amounts_are_not(tmp_path: Path) -> None:
    assert behaviour(system(tmp_path, MODEL.replace("<= 1\n", "<= 2\n"))) != behaviour(system(tmp_path))
