"""What repeats for ever in a trace, as lines: where the loop begins, why the property is false, why the run is fair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from kspec.check.words import count
from kspec.evaluate.fairness import Fate
from kspec.report.styled import EMPTY, Line, Piece, line
from kspec.report.words import pairs
from kspec.trace.describe import Named
from kspec.trace.hindrance import Hindrance, Obstacle
from kspec.trace.loop import AtomStory, FactStory, LoopStory, UnitStory

OPERAND_REPEATED: Final = 30
"""Only operands at most so long are written again behind the text that they are part of."""

REASONS_SHOWN: Final = 8
"""So many reasons why units are never enabled are given; of the others, how many units they are about."""


def loop_heading(loop: LoopStory) -> Line:
    """Before the steps of the loop."""
    if loop.stops:
        return line(Piece("  then nothing happens for ever: no fair action is enabled", "bold"))
    return line(Piece("  then these steps repeat for ever", "bold"))


def loop_end(loop: LoopStory, steps: int) -> Iterator[Line]:
    """Behind them."""
    if loop.stops:
        return
    new = ", ".join(f"{now} in the place of {before}" for before, now in loop.renewed)
    again = f"{_after((steps,))} all is as {_after((loop.after,))}" + (f", with {new}" if new else "")
    yield line(Piece(f"  {again}", "dim"))


def why_lines(loop: LoopStory) -> Iterator[Line]:
    """Why the property is false of the run, and why the run is one that counts."""
    if loop.cut:
        yield line(Piece(f"  {_cut(loop)}", "yellow"))
        yield EMPTY
    yield line(f"  {_instance(loop)}:")
    for fact in loop.facts:
        yield line(f"      {_fact(fact)} ", Piece(fact.text, "bold"))
    yield EMPTY
    yield line("  There:" if loop.stops else "  In the loop:")
    for atom in loop.atoms:
        yield line("      ", Piece(atom.text, "bold"), f"  {_truth(atom, loop)}", Piece(_operands(atom), "dim"))
    if loop.units:
        yield EMPTY
        yield from _fairness_lines(loop)


# --- the property ----------------------------------------------------------------------------------------------------


def _instance(loop: LoopStory) -> str:
    if not loop.instance:
        return "The property is false"
    since = f"{_after((loop.start,))}, " if loop.start else ""
    return f"For {pairs(loop.instance)}, {since}the property is false"


def _fact(fact: FactStory) -> str:
    where = _after((fact.since,))
    if fact.lasting:
        return f"{where} it is {'always' if fact.value else 'never'} so:"
    return f"{where} it is {'' if fact.value else 'not '}so:"


def _truth(atom: AtomStory, loop: LoopStory) -> str:
    if atom.gone:
        return "is false: its object is gone"
    if loop.stops:
        return "is true" if atom.true_after else "is false"
    if not atom.false_after:
        return "is true all the time"
    if not atom.true_after:
        return "is false all the time"
    return f"is true {_after(atom.true_after)}, false {_after(atom.false_after)}"


def _operands(atom: AtomStory) -> str:
    if atom.blame is None or not atom.blame.operands:
        return ""
    when = f"{_after(atom.false_after[:1])}: " if len(atom.false_after) > 1 else ""
    given = f"for {pairs(atom.blame.bindings)}, " if atom.blame.bindings else ""
    return f"  ({when}{given}{_values(atom.text, atom.blame.operands)})"


def _values(text: str, operands: tuple[Named, ...]) -> str:
    """Values of parts of a text; where there is one only and it is long, it is not written again."""
    if len(operands) == 1 and operands[0].name in text and len(operands[0].name) > OPERAND_REPEATED:
        return f"... = {operands[0].value}"
    return pairs(operands)


def _cut(loop: LoopStory) -> str:
    return (
        f"{_after(loop.cut)} a step is missing, for want of room or because it fails: the run may be none".capitalize()
    )


def _after(steps: Sequence[int]) -> str:
    """`after step 4`, `after steps 4 and 6`, `at the start`."""
    if tuple(steps) == (0,):
        return "at the start"
    numbers = [str(step) if step else "0 (the start)" for step in steps]
    *others, last = numbers
    return f"after steps {', '.join(others)} and {last}" if others else f"after step {last}"


# --- fairness --------------------------------------------------------------------------------------------------------


def _fairness_lines(loop: LoopStory) -> Iterator[Line]:
    """What is taken, then what is enabled and yet need not be taken, then what never is enabled."""
    yield line("  No fair action is enabled there:" if loop.stops else "  No fair action is put off for ever:")
    by_fate = {fate: [unit for unit in loop.units if unit.fate is fate] for fate in Fate}
    if taken := by_fate[Fate.TAKEN]:
        yield line("      ", Piece(_taken(taken), "dim"))
    for fate in (Fate.NOT_ENABLED, Fate.NOT_WAITING, Fate.GONE, Fate.NO_WORKER):
        for unit in by_fate[fate]:
            yield line("      ", Piece(str(unit.deed), "magenta"), f" {_interrupted(unit)}")
    yield from _never_lines(by_fate[Fate.NEVER_ENABLED], loop)


def _taken(units: list[UnitStory]) -> str:
    steps = ", ".join(f"{unit.deed} in step {unit.after}" for unit in units)
    return f"taken again and again: {steps}"


def _interrupted(unit: UnitStory) -> str:
    when = _after((unit.after,))
    match unit.fate:
        case Fate.GONE:
            return f"need not be taken: {when} its object does not exist"
        case Fate.NO_WORKER:
            return f"waits, {when} at least, and is never enabled: {_kept_waiting(unit.hindrance)}"
        case Fate.NOT_WAITING:
            return f"is enabled again and again, but {when} there is nothing for it to wait for"
        case _:
            return f"is enabled again and again, but not {when}: {_hindrance(unit.hindrance)}"


def _kept_waiting(hindrance: Hindrance | None) -> str:
    if hindrance is None or hindrance.obstacle is Obstacle.NO_WORKER:
        return "no worker is free for it"
    return _hindrance(hindrance)


def _never_lines(units: list[UnitStory], loop: LoopStory) -> Iterator[Line]:
    """Units of one action that have one reason are told in one line, those that lack the least first."""
    groups: dict[tuple[str, str], list[UnitStory]] = {}
    for unit in sorted(units, key=lambda unit: -_met(unit)):
        groups.setdefault((f"{unit.deed.component}.{unit.deed.action}", _pattern(unit)), []).append(unit)
    for (_, pattern), members in list(groups.items())[:REASONS_SHOWN]:
        names = Piece(", ".join(str(unit.deed) for unit in members), "magenta")
        be = "is" if len(members) == 1 else "are"
        reason = _hindrance(members[0].hindrance) if len(members) == 1 else pattern
        yield line("      ", names, f" {be} {'not' if loop.stops else 'never'} enabled: {reason}")
    rest = sum(len(members) for members in list(groups.values())[REASONS_SHOWN:])
    if rest:
        yield line(
            Piece(f"      and {count(rest, 'more unit')} of fairness {'is' if rest == 1 else 'are'} not enabled", "dim")
        )


def _met(unit: UnitStory) -> int:
    return -1 if unit.hindrance is None else unit.hindrance.met


def _pattern(unit: UnitStory) -> str:
    """Why a unit is not enabled, in words that fit other units as well."""
    hindrance = unit.hindrance
    if hindrance is None or hindrance.obstacle is not Obstacle.CLAUSE or hindrance.blame is None:
        return _hindrance(hindrance)
    return f"`{hindrance.pattern}` is {_truth_word(hindrance.blame.value)}"


def _hindrance(hindrance: Hindrance | None) -> str:
    if hindrance is None:
        return ""
    who = f"for {pairs(hindrance.bindings)}, " if hindrance.bindings else ""
    match hindrance.obstacle:
        case Obstacle.CLAUSE if hindrance.blame is not None:
            return f"{who}`{hindrance.blame.clause}` is {_truth_word(hindrance.blame.value)}"
        case Obstacle.BUDGET:
            return "it was taken as often as may be"
        case Obstacle.NO_VALUE:
            return f"there is no `{hindrance.what}` for it"
        case Obstacle.NO_ROOM:
            return f"there is no room for another {hindrance.what}"
        case Obstacle.FAILS:
            return f"{who}the step would fail"
        case Obstacle.NO_CHANGE:
            return f"{who}it would change nothing"
        case Obstacle.OWN_WRITES:
            return "it does not see its own writes yet"
        case Obstacle.CLAUSE | Obstacle.NO_WORKER | Obstacle.NOT_NOW:
            return "there is nothing for it to do"
        case _:
            assert_never(hindrance.obstacle)


def _truth_word(value: bool) -> str:
    return "true" if value else "false"
