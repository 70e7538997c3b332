"""What repeats for ever in a run that shows a formula false: why the formula is, and why the run is fair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from kspec.evaluate.errors import EvaluationError, NoneUnwrapped
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.fairness import Fate, LoopFairness, UnitInLoop
from kspec.evaluate.formulas import Reading, parts
from kspec.evaluate.lasso import Lasso
from kspec.system.expressions import Expr
from kspec.system.fairness import Source, Unit, units_of
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.system.temporal import Gone, StateAtom, StepAtom
from kspec.system.transitions import FairnessStrength
from kspec.system.wording import Wording
from kspec.trace.blame import Blame, Detective
from kspec.trace.describe import Deed, Named, Narrator
from kspec.trace.formulas import FormulaPrinter, facts
from kspec.trace.hindrance import Hindrance, Investigator, Obstacle
from kspec.trace.names import Names
from kspec.trace.show import Printer
from kspec.trace.values import show_value

POSITIONS_SEARCHED: Final = 20
"""At so many positions of the loop it is asked what hinders a unit that is never enabled."""


@dataclass(frozen=True, slots=True)
class FactStory:
    """A part of the formula and its value after so many steps; if `lasting`, at all from there on."""

    text: str
    value: bool
    since: int
    lasting: bool


@dataclass(frozen=True, slots=True)
class AtomStory:
    """An atom of the formula in the loop: after which steps it is true, and after which false. `blame`: why it is false
    after the first of those, if it is about a state. `gone`: it is about an object that no longer exists."""

    text: str
    true_after: tuple[int, ...]
    false_after: tuple[int, ...]
    blame: Blame | None
    gone: bool


@dataclass(frozen=True, slots=True)
class UnitStory:
    """A unit of fairness. `after`: the number of steps after which what `fate` says is so; of TAKEN, the number of the
    step that takes it. `hindrance`: of NEVER_ENABLED and NOT_ENABLED, what stands in its way there."""

    deed: Deed
    strength: FairnessStrength
    fate: Fate
    after: int
    hindrance: Hindrance | None


@dataclass(frozen=True, slots=True)
class LoopStory:
    """After the step numbered `after`, those behind it repeat for ever; `stops`: there are none, and nothing happens.

    `instance`: the variables of the formula, which is about the run after the step numbered `start`. `renewed`: objects
    of the loop's beginning, and the new ones that have their places when it begins again. `cut`: after which steps of
    the loop a step is missing for want of room, or fails.
    """

    after: int
    stops: bool
    instance: tuple[Named, ...]
    start: int
    facts: tuple[FactStory, ...]
    atoms: tuple[AtomStory, ...]
    units: tuple[UnitStory, ...]
    renewed: tuple[tuple[str, str], ...]
    cut: tuple[int, ...]


class LoopTeller:
    """Tells the loop of one lasso. `names`: of each of its states, the last one included; `wording`: of the formula."""

    def __init__(
        self, system: System, evaluator: Evaluator, lasso: Lasso, names: Sequence[Names], wording: Wording
    ) -> None:
        self._system = system
        self._evaluator = evaluator
        self._lasso = lasso
        self._names = names
        self._wording = wording
        self._narrator = Narrator(system, evaluator.layout)
        self._units = units_of(system)

    def tell(self, reading: Reading, fairness: LoopFairness) -> LoopStory:
        start = reading.places[0].position
        known = {
            local.id: show_value(value, local.sort, self._names[start])
            for local, value in reading.instance.values.items()
        }
        printer = FormulaPrinter(Printer(self._system, self._names[start], self._wording), known, reading.formula)
        return LoopStory(
            self._lasso.loop,
            self._lasso.stops,
            tuple(Named(local.name, known[local.id]) for local in reading.instance.values),
            start,
            tuple(FactStory(printer.show(fact.part), fact.value, fact.since, fact.lasting) for fact in facts(reading)),
            self._atoms(reading, printer, known),
            tuple(self._unit(found) for found in fairness.units),
            self._renewed(),
            fairness.cut,
        )

    # --- the formula -------------------------------------------------------------------------------------------------

    def _atoms(self, reading: Reading, printer: FormulaPrinter, known: dict[int, str]) -> tuple[AtomStory, ...]:
        """Each once, in the order of the text."""
        found: dict[str, AtomStory] = {}
        for part in parts(reading.formula):
            if isinstance(part, StateAtom | StepAtom | Gone):
                text = printer.show(part)
                if text not in found:
                    found[text] = self._atom(reading, part, text, known)
        return tuple(found.values())

    def _atom(self, reading: Reading, atom: StateAtom | StepAtom | Gone, text: str, known: dict[int, str]) -> AtomStory:
        loop = sorted(
            (reading.places[at].position, reading.holds(atom, at)) for at in range(reading.back, len(reading.places))
        )
        true_after = tuple(position for position, value in loop if value)
        false_after = tuple(position for position, value in loop if not value)
        gone = not isinstance(atom, Gone) and bool(atom.about & reading.places[reading.back].gone)
        blame = None
        if isinstance(atom, StateAtom) and false_after and not gone:
            blame = self._blame(reading, atom.expression, false_after[0], known)
        return AtomStory(text, true_after, false_after, blame, gone)

    def _blame(self, reading: Reading, expression: Expr, position: int, known: dict[int, str]) -> Blame | None:
        state, names = self._lasso.states[position], self._names[position]

        def ask(expr: Expr) -> Value:
            return self._evaluator.state_value(expr, state, reading.instance.values)

        try:
            return Detective(Printer(self._system, names, self._wording), names, ask, known).blame(expression)
        except (EvaluationError, NoneUnwrapped):
            return None

    # --- fairness ----------------------------------------------------------------------------------------------------

    def _unit(self, found: UnitInLoop) -> UnitStory:
        deed = self._narrator.unit(found.unit, self._sources(found.unit), self._names[found.position])
        match found.fate:
            case Fate.TAKEN:
                return UnitStory(deed, found.unit.strength, found.fate, found.position + 1, None)
            case Fate.GONE | Fate.OWED | Fate.NOT_WAITING:
                return UnitStory(deed, found.unit.strength, found.fate, found.position, None)
            case Fate.NOT_ENABLED | Fate.NO_WORKER:
                position, hindrance = found.position, self._hindrance(found, found.position)
                return UnitStory(deed, found.unit.strength, found.fate, position, hindrance)
            case Fate.NEVER_ENABLED:
                position, hindrance = self._least_hindrance(found)
                return UnitStory(deed, found.unit.strength, found.fate, position, hindrance)
            case _:
                assert_never(found.fate)

    def _least_hindrance(self, found: UnitInLoop) -> tuple[int, Hindrance]:
        """Where in the loop the unit is nearest to being enabled."""
        positions = range(self._lasso.loop, len(self._lasso.states))[:POSITIONS_SEARCHED]
        hindrances = [(position, self._hindrance(found, position)) for position in positions]
        return max(hindrances, key=lambda pair: (pair[1].met, pair[1].obstacle is not Obstacle.NO_VALUE))

    def _hindrance(self, found: UnitInLoop, position: int) -> Hindrance:
        investigator = Investigator(self._evaluator, self._lasso.states[position], self._names[position])
        return investigator.hindrance(found.unit, self._sources(found.unit))

    def _sources(self, unit: Unit) -> tuple[Source, ...]:
        return self._units.sources[unit.action] or ()

    def _renewed(self) -> tuple[tuple[str, str], ...]:
        first, last = self._names[self._lasso.loop], self._names[-1]
        return tuple(
            (roster.name(slot), last.rosters[kind].name(slot))
            for kind, roster in first.rosters.items()
            for slot in roster.alive()
            if roster.name(slot) != last.rosters[kind].name(slot)
        )
