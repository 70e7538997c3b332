"""What stands where in the row of numbers that the code of a search over a product and Python share.

Pointers stand there as numbers. All rows that they point to are there before the code runs, as long as they may become;
only what is written to takes memory.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

NAMES: Final = ("components", "begin_behind", "reach", "nearest")
"""The functions of the search."""


class Cell(IntEnum):
    STOP = 0
    """Not 0: the code returns as soon as it looks."""

    # --- the product, which the code only reads ---
    STATES = 1
    NODES = 2
    OFFSETS = 3
    TARGETS = 4
    UNITS = 5
    SERVED = 6
    WAITING = 7
    COLUMNS = 8
    """How many words the units of a state have."""
    LETTERS = 9
    STEP_LETTERS = 10
    """0: no rule asks for anything of a step."""
    ALIVE = 11
    EVERYTHING = 12
    """The value of ALIVE where all tracked objects exist; 0: none are tracked."""
    KEEP = 13
    GONE = 14
    OBSERVED = 15
    """How many states the observer has."""
    RULES = 16
    FIRST_RULE = 17
    ALL_SETS = 18

    # --- of every search ---
    MARKS = 19
    STACK = 20
    """Nodes of 32 bits: Tarjan's stack, or nodes that wait."""
    STACK_TOP = 21
    FOUND = 22

    # --- of a search for components ---
    FRAMES = 23
    FRAME_TOP = 24
    INDEX = 25
    SCAN = 26
    """No root has a smaller number."""
    HAS_ROOTS = 27
    """A byte for each `BLOCK` of nodes: 0 where none of them is a root."""
    OWED = 28
    """Two rows of COLUMNS words."""
    FIRST = 29
    """Not 0: one component is enough."""

    # --- of a search for a path ---
    PARENTS = 30
    """By node 32 bits: the number of the node before it plus 1; 0 where it was not come to."""
    HEAD = 31
    REGION = 32
    """Only nodes of this mark are gone to; 0: all of them."""
    WANTED_SETS = 33
    WANTED_UNITS = 34
    HOME = 35
    FOUND_NODE = 36
    FOUND_RULE = 37
    FOUND_STEP = 38
    FOUND_TARGET = 39

    # --- of a search behind a waiting observer ---
    WAITING_STATE = 40
    SIZE = 48


class RuleCell(IntEnum):
    """A rule of the observer, as numbers."""

    POSITIVE = 0
    NEGATIVE = 1
    STEP_POSITIVE = 2
    STEP_NEGATIVE = 3
    TARGET = 4
    ACCEPTANCE = 5
    PHASE = 6
    SIZE = 8


BLOCK: Final = 4096
"""So many nodes are passed over at once where none of them is a root."""

NOT_BEGUN: Final = (1 << 64) - 1
"""In place of a step: the rule was not looked at yet. In place of a node: none."""


class FrameCell(IntEnum):
    """A node that a search in depth has not left: which step of which rule comes next."""

    NODE = 0
    """Its number in 32 bits, then whether it reaches an earlier one and whether it has a step to itself, then the
    rule."""
    STEP = 1
    SIZE = 2


LOWERED: Final = 1 << 32
LOOPS: Final = 1 << 33
RULE_SHIFT: Final = 34
