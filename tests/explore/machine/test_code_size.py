"""Code loops over objects: it does not grow with their number."""

from __future__ import annotations

import pytest

from kspec.explore.machine.generate import generate_explorer
from tests.explore.machine.test_kept_code import MODELS, system_of


def instructions(cluster: str, *, symmetric: bool) -> int:
    """How many the code of a cluster of the pods model has, before anything is optimised."""
    explorer = generate_explorer(system_of(MODELS / "pods.kspec", cluster), symmetric=symmetric)
    return sum(len(block.instructions) for function in explorer.module.functions for block in function.blocks)


@pytest.mark.parametrize("symmetric", [False, True])
def test_code_does_not_grow_with_the_scope(symmetric: bool) -> None:
    small, large = (instructions(cluster, symmetric=symmetric) for cluster in ("p3n2r3c2", "p8n4r8c2"))
    # a state of more words, and ranges that need a check where they needed none, cost some: not as much as the cluster
    assert small < large < 1.2 * small
