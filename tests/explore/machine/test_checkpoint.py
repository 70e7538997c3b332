"""A search that is stopped and goes on finds what it finds in one go; and a checkpoint is not trusted."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kspec.explore.checkpoint import MANIFEST, STATES, CheckpointError, Checkpointing
from kspec.explore.machine.checkpoint.store import Store
from kspec.explore.machine.checkpoint.validity import Validity, largest_bits
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.search import Machine, build, search
from kspec.explore.machine.shapes import leaves
from kspec.explore.progress import Progress
from kspec.explore.result import Exploration, Limit, Limits, SavedSearch
from kspec.system.digest import digest
from kspec.system.sorts import BOOL, IntSort, MapSort, ObjectSort, OptionSort, SeqSort, SetSort
from kspec.system.spans import NOWHERE, Span
from tests.explore.agreeing import assert_same
from tests.systems import padded, pods, wide

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Kind:
    """A way to search one system."""

    machine: Machine
    whole: Exploration


@pytest.fixture(scope="module", params=["exact", "compact", "by orbits"])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "by orbits":
        machine = build(padded(pods(3, 2, 2, 1)), symmetric=True)
    else:
        machine = build(wide(40), fingerprint=64 if request.param == "compact" else None)
    return Kind(machine, search(machine, Limits()))


def begun(folder: Path, machine: Machine, limits: Limits, **rules: Any) -> Exploration:
    return search(machine, limits, checkpoint=Checkpointing(folder, interval=0), **rules)


def gone_on(folder: Path, machine: Machine, limits: Limits = Limits(), **rules: Any) -> Exploration:  # noqa: B008
    return search(machine, limits, checkpoint=Checkpointing(folder, resume=True, interval=0), **rules)


@pytest.mark.parametrize("depth", [0, 7])
def test_it_goes_on_behind_every_level(kind: Kind, tmp_path: Path, depth: int) -> None:
    """With other numbers of workers, too; and when all is done, it is only read."""
    first = begun(tmp_path / "saved", kind.machine, Limits(depth=depth), workers=2)
    assert (first.limit, first.saved) == (Limit.DEPTH, SavedSearch(depth))
    found = gone_on(tmp_path / "saved", kind.machine, capacity=16)
    assert_same(kind.machine.system, replace(kind.whole, saved=found.saved), found)
    assert found.saved == SavedSearch(kind.whole.depth + 1)
    assert (found.violations, found.witnesses) == (kind.whole.violations, kind.whole.witnesses)
    again = gone_on(tmp_path / "saved", kind.machine, workers=2)
    assert_same(kind.machine.system, found, again)


def test_a_level_that_was_interrupted_is_expanded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kspec.explore.machine.driver.Pace.is_due", lambda *_: True)
    system = pods(3, 2, 3, 2)
    machine = build(system)

    def interrupt(progress: Progress) -> None:
        if progress.states > 30_000:
            raise KeyboardInterrupt

    stopped = begun(tmp_path, machine, Limits(), on_progress=interrupt)
    found = gone_on(tmp_path, machine)
    assert (found.states, found.transitions, found.depth) == (166_320, 1_377_504, 16)
    assert stopped.limit is Limit.INTERRUPTED
    assert stopped.saved is not None
    assert stopped.saved.depth in (stopped.depth, stopped.depth - 1)


@pytest.mark.parametrize("limits", [Limits(states=500), Limits(seconds=0), Limits(memory=1 << 20)])
def test_limits_leave_a_checkpoint(kind: Kind, tmp_path: Path, limits: Limits) -> None:
    begun(tmp_path, kind.machine, Limits(depth=2))
    stopped = gone_on(tmp_path, kind.machine, limits)
    assert not stopped.complete
    assert stopped.saved is not None
    assert stopped.saved.depth is not None
    assert stopped.saved.depth >= 2
    found = gone_on(tmp_path, kind.machine)
    assert_same(kind.machine.system, replace(kind.whole, saved=found.saved), found)


def test_what_was_written_between_manifests_is_written_again(tmp_path: Path) -> None:
    machine = build(wide(40))
    rarely = Checkpointing(tmp_path, interval=1e9)
    stopped = search(machine, Limits(depth=3), checkpoint=rarely)
    assert stopped.saved == SavedSearch(3), "the last one is written when the search ends"
    with (tmp_path / STATES).open("ab") as file:
        file.write(b"half of a level")
    assert gone_on(tmp_path, machine).complete


# --- killed at any moment ---------------------------------------------------------------------------------------------

VICTIM = """
import sys
from pathlib import Path
from kspec.explore.checkpoint import MANIFEST, Checkpointing
from kspec.explore.machine.search import build, search
from kspec.explore.result import Limits
from tests.systems import padded, pods

folder = Path(sys.argv[1])
how = sys.argv[2]
machine = build(padded(pods(3, 2, 3, 2)), fingerprint=64 if how == "compact" else None, symmetric=how == "by orbits")
resume = (folder / MANIFEST).exists()
print("ready", flush=True)
found = search(machine, Limits(), workers=2, checkpoint=Checkpointing(folder, resume, interval=0))
print(found.states, found.transitions, found.depth, found.complete, flush=True)
"""


@pytest.mark.parametrize("how", ["exact", "compact", "by orbits"])
def test_a_search_that_is_killed_again_and_again_ends_as_if_it_was_not(tmp_path: Path, how: str) -> None:
    whole = search(build(pods(3, 2, 3, 2), symmetric=how == "by orbits"), Limits())
    dice = random.Random(5)
    for attempt in range(5):
        victim = subprocess.Popen(
            [sys.executable, "-c", VICTIM, str(tmp_path / "saved"), how], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        if attempt < 4:
            try:
                victim.wait(timeout=dice.uniform(0.01, 0.3))
            except subprocess.TimeoutExpired:
                victim.kill()
        told = victim.stdout.read()
        victim.wait()
        victim.stdout.close()
    assert told == f"{whole.states} {whole.transitions} {whole.depth} True\n"


# --- checkpoints that do not fit --------------------------------------------------------------------------------------


def refused(folder: Path, machine: Machine, **rules: Any) -> str:
    with pytest.raises(CheckpointError) as error:
        gone_on(folder, machine, **rules)
    return error.value.message


def test_another_search_is_refused_by_what_differs(tmp_path: Path) -> None:
    system = pods(3, 2, 3, 2)
    machine = build(system)
    begun(tmp_path, machine, Limits(depth=3))
    assert "another model" in refused(tmp_path, build(replace(pods(3, 2, 3, 1), cluster=system.cluster)))
    assert "another cluster" in refused(tmp_path, build(pods(3, 2, 3, 1)))
    assert "symmetry differently" in refused(tmp_path, build(system, symmetric=True))
    assert "--first" in refused(tmp_path, machine, first=True)
    assert "expectations" in refused(tmp_path, machine, need_counts=False)
    assert "other properties" in refused(tmp_path, machine, settled=frozenset({"NoOvercommit"}))
    compact = tmp_path / "compact"
    begun(compact, build(wide(5), fingerprint=64), Limits(depth=3))
    assert "--compact" in refused(compact, build(wide(5)))


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = build(wide(5))
    begun(tmp_path, machine, Limits(depth=3))
    monkeypatch.setattr("kspec.explore.machine.checkpoint.identity.__version__", "99.0")
    assert "another version of kspec" in refused(tmp_path, machine)
    changed(tmp_path, lambda body: body.update(format="kspec-checkpoint/9"))
    assert "kspec-checkpoint/9" in refused(tmp_path, machine)


def test_nothing_is_overwritten_and_nothing_is_made_up(tmp_path: Path) -> None:
    machine = build(wide(5))
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        gone_on(tmp_path, machine)
    begun(tmp_path, machine, Limits(depth=1))
    with pytest.raises(CheckpointError, match="is not overwritten"):
        begun(tmp_path, machine, Limits(depth=1))


def test_two_searches_do_not_share_a_folder(tmp_path: Path) -> None:
    store = Store(tmp_path, 8, resume=False)
    with pytest.raises(CheckpointError, match="another check uses"):
        Store(tmp_path, 8, resume=False)
    store.close()
    Store(tmp_path, 8, resume=False).close()


def test_places_in_source_text_do_not_count() -> None:
    system = pods(2, 2, 2, 2)
    moved = replace(system, properties=tuple(replace(p, span=Span("other", 9, 9, 9, 9)) for p in system.properties))
    assert digest(moved) == digest(system) != digest(replace(system, properties=()))
    assert digest({"b": 1, "a": frozenset({"x", "y"})}) == digest({"a": frozenset({"y", "x"}), "b": 1})
    assert len({digest(value) for value in ((1, 2), ((1,), 2), (12,), "12", 12, True, None, NOWHERE)}) == 8


# --- checkpoints that are damaged -------------------------------------------------------------------------------------


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes the manifest as somebody would who knows its format."""
    body = json.loads((folder / MANIFEST).read_text())
    body.pop("digest")
    change(body)
    body["digest"] = sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(body))


def rewritten(folder: Path, machine: Machine, change: Callable[[np.ndarray[Any, Any]], None]) -> None:
    """Changes the states, and the digests of levels with them."""
    states = np.fromfile(folder / STATES, dtype=np.uint64).reshape(-1, machine.shape.words)
    change(states)
    states.tofile(folder / STATES)

    def with_digests(body: dict[str, Any]) -> None:
        place = 0
        for level in body["levels"]:
            level[1] = sha256(states[place : place + level[0]].tobytes()).hexdigest()
            place += level[0]

    changed(folder, with_digests)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Machine]:
    machine = build(pods(2, 2, 2, 2))
    begun(tmp_path, machine, Limits(depth=5))
    return tmp_path, machine


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff", b"[" * 100_000, b'{"format": "kspec-checkpoint/1"}', b'{"a": 1' * 9]
)
def test_a_manifest_that_is_none(saved: tuple[Path, Machine], content: bytes) -> None:
    folder, machine = saved
    (folder / MANIFEST).write_bytes(content)
    assert "damaged" in refused(folder, machine)


def test_a_changed_byte_is_noticed(saved: tuple[Path, Machine]) -> None:
    folder, machine = saved
    for name in (MANIFEST, STATES):
        content = (folder / name).read_bytes()
        for place in random.Random(1).sample(range(len(content)), 20):
            (folder / name).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            refused(folder, machine)
        (folder / name).write_bytes(content)
    assert gone_on(folder, machine).complete


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("levels"),
        lambda body: body.update(levels=[]),
        lambda body: body.update(levels=[[0, "x"], [1, "x"]]),
        lambda body: body["levels"].append([1 << 62, "x"]),
        lambda body: body["levels"].append([-1, "x"]),
        lambda body: body["levels"].append([1.5, "x"]),
        lambda body: body["levels"].append(None),
        lambda body: body["counters"].append(0),
        lambda body: body.update(counters=[1 << 64] * len(body["counters"])),
        lambda body: body.update(sightings=[[0, 0]]),
        lambda body: body.update(sightings=[[1 << 40, 0, [0]]]),
        lambda body: body.update(sightings=[[0, 99, [0]]]),
        lambda body: body.update(sightings=[[0, 0, [0, 0]]]),
        lambda body: body.update(sightings=[[0, 0, [(1 << 62) - 1]]]),
        lambda body: body.update(search=None),
    ],
)
def test_a_manifest_with_a_lie(saved: tuple[Path, Machine], change: Callable[[dict[str, Any]], object]) -> None:
    folder, machine = saved
    changed(folder, change)
    assert "checkpoint is" in refused(folder, machine)


def test_states_that_are_none_do_not_reach_machine_code(saved: tuple[Path, Machine]) -> None:
    folder, machine = saved
    for word in ((1 << 64) - 1, 1 << 62, (1 << 62) - 1):
        rewritten(folder, machine, lambda states, word=word: states.__setitem__((-1, 0), word))
        assert "no state" in refused(folder, machine)


def test_states_of_another_start_are_refused(saved: tuple[Path, Machine]) -> None:
    folder, machine = saved
    rewritten(folder, machine, lambda states: states.__setitem__(0, states[-1]))
    assert "begins with other states" in refused(folder, machine)


def test_a_state_that_is_there_twice_is_refused(saved: tuple[Path, Machine]) -> None:
    folder, machine = saved
    rewritten(folder, machine, lambda states: states.__setitem__(-1, states[-2]))
    assert "a state twice" in refused(folder, machine)


def test_a_run_that_the_model_does_not_have_is_refused(tmp_path: Path) -> None:
    """A state of a level that nothing leads to, and that is said to violate something."""
    machine = build(wide(40))
    begun(tmp_path, machine, Limits(depth=10))
    changed(tmp_path, lambda body: body["sightings"][0].__setitem__(1, 3))
    assert "damaged" in refused(tmp_path, machine)


def test_missing_states_are_noticed_before_memory_is_taken(saved: tuple[Path, Machine]) -> None:
    folder, machine = saved
    changed(folder, lambda body: body["levels"].append([1 << 40, "x"]))
    assert "states are missing" in refused(folder, machine)


def test_files_that_lead_elsewhere_are_not_written_to(tmp_path: Path) -> None:
    victim = tmp_path / "precious"
    victim.write_text("precious")
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / STATES).symlink_to(victim)
    (folder / f"{MANIFEST}.new").symlink_to(victim)
    begun(folder, build(wide(5)), Limits(depth=2))
    assert victim.read_text() == "precious"


def test_a_search_goes_on_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    machine = build(wide(5))
    monkeypatch.setattr("kspec.explore.machine.checkpoint.store._write", full)
    found = begun(tmp_path, machine, Limits())
    assert found.complete
    assert found.saved == SavedSearch(None, "No space left on device")


# --- what a packed state can be ---------------------------------------------------------------------------------------

NODE = ObjectSort("Node", 5)
SORTS = [
    BOOL,
    IntSort(-3, 9),
    IntSort(7, 7),
    NODE,
    OptionSort(NODE),
    OptionSort(OptionSort(IntSort(0, 4))),
    SetSort(NODE),
    SetSort(IntSort(0, 99)),
    OptionSort(SetSort(IntSort(0, 99))),
    MapSort(NODE, OptionSort(IntSort(0, 2))),
    SeqSort(NODE, 5),
    OptionSort(SeqSort(OptionSort(NODE), 2)),
]


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_largest_bits_fit_their_leaves(sort: Any) -> None:
    pairs = list(zip(leaves(sort), largest_bits(sort), strict=True))
    assert all(most.bit_length() == leaf.bits for leaf, most in pairs)


def test_every_reachable_state_is_valid_and_few_others_are(tmp_path: Path) -> None:
    machine = build(pods(2, 2, 2, 2))
    begun(tmp_path, machine, Limits())
    states = np.fromfile(tmp_path / STATES, dtype=np.uint64).reshape(-1, machine.shape.words)
    validity = Validity(PackedLayout(machine.system))
    assert validity.admits(states)
    flipped = states ^ np.uint64(1 << 61)
    assert not validity.admits(flipped)
