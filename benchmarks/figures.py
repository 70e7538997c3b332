"""The figures that are told, what they should be, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Better(Enum):
    """Which figures are better."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(Enum):
    """What a figure is a number of; the value is how one is written."""

    RATIO = "{:.2f}"
    BYTES = "{:.0f} bytes"
    GIB = "{:.2f} GiB"
    SECONDS = "{:.2f} s"


class Mark(Enum):
    """How a figure compares with what it should be; the value is how that is written."""

    AIM_MET = "aim met"
    MET = "met"
    MISSED = "missed"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """`required` and `aim` are bounds from below or above, as `better` says; None: there is none."""

    title: str
    value: float
    unit: Unit = Unit.RATIO
    better: Better = Better.HIGHER
    required: float | None = None
    aim: float | None = None

    @property
    def mark(self) -> Mark:
        if self.required is None and self.aim is None:
            return Mark.NONE
        if self.aim is not None and self._reaches(self.aim):
            return Mark.AIM_MET
        if self.required is not None and self._reaches(self.required):
            return Mark.MET
        return Mark.MISSED

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.better is Better.HIGHER else self.value <= bound

    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        return (self.title, self._written(self.required), self._written(self.aim), self._value(), self.mark.value)

    def _value(self) -> str:
        return self.unit.value.format(self.value)

    def _written(self, bound: float | None) -> str:
        if bound is None:
            return ""
        sign = "≥" if self.better is Better.HIGHER else "≤"
        return f"{sign} {self.unit.value.format(bound)}"


@dataclass(frozen=True, slots=True)
class Point:
    """What the plot shows of one contender at one size. `seconds`, `bytes`: of the whole process."""

    curve: str
    states: int
    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of another sort than figures; all cells but the first of each are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> tuple[tuple[str, ...], ...]:
        return (self.head, ("---", *("---:" for _ in self.head[1:])), *self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, or a table of another sort. `notes`: lines below them; `points`: what they add to
    the plot."""

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    table: Table | None = None


HEAD = ("figure", "required", "aim", "measured", "")


def markdown(section: Section) -> str:
    """A section as a table."""
    rows = (HEAD, ("---", "---:", "---:", "---:", "---"), *(figure.cells() for figure in section.figures))
    table = [f"| {' | '.join(row)} |" for row in (rows if section.table is None else section.table.lines())]
    return "\n".join([f"**{section.title}**", "", *table, "", *(f"{note}\n" for note in section.notes)])
