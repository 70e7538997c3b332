"""Fingerprints of states that differ in little are as different as numbers drawn at random."""

from __future__ import annotations

import ctypes
from itertools import combinations, product

import pytest
from llvmlite import binding, ir

from kspec.explore.machine.builder import ROW, Builder
from kspec.explore.machine.hashing import fingerprint_of

WORDS = 3
BITS = 24
"""So many bits of a fingerprint are looked at."""

STATES = {
    "small numbers": [(x, y, z) for x, y, z in product(range(28), repeat=3)],
    "large numbers": [(x << 50, y << 58, z << 59) for x, y, z in product(range(28), repeat=3)],
    "few bits": [
        tuple(sum(1 << bit % 64 for bit in bits if bit // 64 == word) for word in range(WORDS))
        for bits in combinations(range(0, 192, 2), 2)
    ],
}


@pytest.fixture(scope="module")
def fingerprints() -> dict[str, list[int]]:
    module = ir.Module("fingerprints")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), (ROW,)), "fingerprint")
    b = Builder(function)
    state = function.args[0]
    b.store(state, 0, fingerprint_of(b, state, WORDS, 64))
    b.ret()
    b.finish()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(str(module)), machine)
    call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address("fingerprint"))

    def fingerprint(words: tuple[int, ...]) -> int:
        row = (ctypes.c_uint64 * WORDS)(*words)
        call(row)
        return int(row[0])

    return {name: [fingerprint(words) for words in states] for name, states in STATES.items()}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("lowest", [0, 20, 40])
def test_collisions_are_as_frequent_as_by_chance(fingerprints: dict[str, list[int]], name: str, lowest: int) -> None:
    found = fingerprints[name]
    assert len(set(STATES[name])) == len(set(found)) == len(found)
    expected = len(found) ** 2 / 2 ** (BITS + 1)
    collisions = len(found) - len({each >> lowest & (1 << BITS) - 1 for each in found})
    assert collisions <= expected + 5 * expected**0.5 + 1


def test_it_is_the_finalizer_of_splitmix64_for_each_word(fingerprints: dict[str, list[int]]) -> None:
    """With fixed keys: counts of a compact search, and its checkpoints, can be repeated."""
    for words, found in list(zip(STATES["few bits"], fingerprints["few bits"], strict=True))[::97]:
        mixed = 0x9E3779B97F4A7C15
        for word in words:
            mixed ^= word
            mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % (1 << 64)
            mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % (1 << 64)
            mixed ^= mixed >> 31
        assert found == mixed
