"""From the body of a process to the transitions of its runs.

A step of a run goes from one point to the next: the statements between two yields, as a body without any. Where the
text yields, the step writes where the run stands and what it still needs; the body ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, assert_never

from kspec.language import checked
from kspec.language.types import SetType
from kspec.lower import build, names
from kspec.lower.body import BodyLowering
from kspec.lower.path import Path
from kspec.lower.processes.points import Frame, Loop, Rest, Rounds, live_at, members_of
from kspec.lower.processes.runs import Runs, Stop, declare_runs, stored_sort
from kspec.lower.quantifiers import set_of
from kspec.lower.requests.groups import Part
from kspec.lower.scope import Copy
from kspec.system.expressions import Equal, Expr, Literal, Members, Read, SetLiteral, SetOperation, SetOperator, Use
from kspec.system.sorts import BOOL, SetSort, Sort, zero
from kspec.system.transitions import Role

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


class RunLowering(BodyLowering):
    """Lowers the steps of a process's runs. `index`: of the run's variables."""

    def __init__(self, lowering: ExpressionLowering, runs: Runs) -> None:
        process = runs.process
        super().__init__(lowering, process.name, process.body, process.span)
        self.runs = runs
        self.index: tuple[Expr, ...] = ()
        self.sorts = {variable.name: variable.sort for variable in declare_runs(lowering.context, runs)}
        self.continuations: dict[Stop, tuple[Frame, ...]] = {}
        """What is left to do at every point that some step leads to, innermost frame first."""
        self._around: list[Frame] = []
        self._loaded: dict[str, Expr] = {}
        self._stop_before: Stop | None = None

    def start(self, path: Path) -> list[Path]:
        """The first step of a run."""
        self._loaded, self._around, self._stop_before = {}, [], None
        return self._finish(self.run(self.runs.process.body, path))

    def resume(self, stop: Stop, path: Path) -> list[Path]:
        """A step from a point. The path knows the arguments."""
        self._stop_before = stop
        self._load(stop, path)
        if isinstance(stop, checked.Await):
            path.guard(self.lowering.lower(stop.condition, path.scope()), None, stop.span)
        paths = [path]
        frames = self.continuations[stop]
        if isinstance(stop, checked.ForEach):
            self._around = list(reversed(frames[1:]))
            paths, frames = self._round(stop, path), frames[1:]
        for number, frame in enumerate(frames, start=1):
            self._around = list(reversed(frames[number:]))
            paths = self.each_path(paths, partial(self._frame, frame))
        return self._finish(paths)

    def run_part(self, part: Part, behind: tuple[Part, ...], path: Path) -> list[Path]:
        with self._inside(Rest(behind)):
            return self.part(part, path)

    def process_statement(
        self,
        statement: checked.LocalVar | checked.While | checked.ForEach | checked.Await | checked.Yield,
        path: Path,
    ) -> list[Path]:
        match statement:
            case checked.LocalVar(local, value):
                stored = checked.Assign(checked.LocalPlace(local, local.type, statement.span), value, statement.span)
                sort = self.runs.locals[local.id][1]
                path.locals.setdefault(local.id, Literal(zero(sort), sort))
                return self.part(stored, path)
            case checked.While():
                return self._loop(statement, path)
            case checked.ForEach():
                self._enter_rounds(statement, path)
                return self._round(statement, path)
            case checked.Await() | checked.Yield():
                self._stop(statement, path)
                return [path]
            case _ as unreachable:
                assert_never(unreachable)

    # --- loops -------------------------------------------------------------------------------------------------------

    def _frame(self, frame: Frame, path: Path) -> list[Path]:
        match frame:
            case Rest(parts):
                return self.run_parts(parts, [path])
            case Loop(statement):
                return self._loop(statement, path)
            case Rounds(statement):
                with self._inside(frame):
                    self._stop(statement, path)
                return [path]
            case _ as unreachable:
                assert_never(unreachable)

    def _loop(self, statement: checked.While, path: Path) -> list[Path]:
        """Every way through the body ends the step: only where the condition is false it goes on behind the loop."""
        once = checked.If(statement.condition, statement.body, (), statement.span)
        with self._inside(Loop(statement)):
            return self.part(once, path)

    def _enter_rounds(self, statement: checked.ForEach, path: Path) -> None:
        variable, where = statement.variable, statement.where
        everything = checked.SetOf(variable, where, SetType(variable.local.type), statement.span)
        members = path.evaluate("members", set_of(self.lowering, everything, path.scope()))
        path.locals[members_of(statement)] = members

    def _round(self, statement: checked.ForEach, path: Path) -> list[Path]:
        """One path without a member left, and one for each member."""
        path, ended = self.only_where_it_goes_on(path)
        id = members_of(statement)
        members = path.locals[id]
        assert isinstance(members.sort, SetSort)
        sort: SetSort = members.sort
        is_empty = Equal(members, Literal(frozenset(), sort))
        inside = path.copy()
        path.guard(is_empty, None, statement.span)
        inside.guard(build.negate(is_empty), None, statement.span)
        local = self.lowering.context.fresh(statement.variable.local.name, sort.element)
        inside.bind(local, Members(members), Role.CHOICE)
        inside.locals[statement.variable.local.id] = Use(local)
        only = SetLiteral((Use(local),), sort)
        inside.locals[id] = inside.define("members", SetOperation(SetOperator.MINUS, members, only, sort))
        with self._inside(Rounds(statement, id)):
            paths = self.run(statement.body, inside)
            for after in paths:
                self._stop(statement, after)
        return [path, *paths, *ended]

    # --- points ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _inside(self, frame: Frame) -> Iterator[None]:
        self._around.append(frame)
        yield
        self._around.pop()

    def _stop(self, stop: Stop, path: Path) -> None:
        """The step ends here, where the body gets here."""
        frames = tuple(reversed(self._around))
        self.continuations.setdefault(stop, frames)
        live = live_at(frames, stop.condition if isinstance(stop, checked.Await) else None)
        self.runs.live[stop] = live
        self.runs.needed |= live & self.runs.locals.keys()
        path.write(self.runs.counter, self.index, self.runs.at(stop))
        self._save_arguments(path)
        for local in self.runs.locals:
            self._save(path, local, is_live=local in live)
        path.stops.append(path.condition)
        path.end()

    def _finish(self, paths: list[Path]) -> list[Path]:
        """Where the step did not stop at a point, the run is over."""
        for path in paths:
            path.condition = path.define("over", build.negate(build.disjunction(*path.stops)))
            if self._stop_before is not None:
                path.write(self.runs.counter, self.index, self.runs.at(None))
                for parameter in self.runs.process.parameters:
                    self._clear(path, self.runs.argument(parameter))
                for local in self.runs.locals:
                    self._save(path, local, is_live=False)
        return paths

    # --- arguments and locals ----------------------------------------------------------------------------------------

    def _save_arguments(self, path: Path) -> None:
        """A run that goes on has its arguments already."""
        if self._stop_before is None:
            for parameter in self.runs.process.parameters:
                path.write(self.runs.argument(parameter), self.index, path.locals[parameter.local.id])

    def _save(self, path: Path, local: int, *, is_live: bool) -> None:
        """What the state holds of a local: its value where it matters, and nothing else, so that states that differ in
        what nobody needs are one."""
        for variable, value in self._parts(path, local):
            loaded = self._loaded.get(variable)
            if is_live and value is not None:
                if value != loaded:
                    path.write(variable, self.index, value)
            elif loaded is not None:
                self._clear(path, variable)

    def _load(self, stop: Stop, path: Path) -> None:
        frames = self.continuations[stop]
        live = live_at(frames, stop.condition if isinstance(stop, checked.Await) else None)
        self._loaded = {}
        path.kept = live
        for local, (name, sort) in self.runs.locals.items():
            if local not in live:
                continue
            path.locals[local] = self._read(path, name, sort)
            if local in self.runs.copies:
                kind, fields = self.runs.copies[local]
                contents = {field: self._read(path, *self._field(local, kind, field)) for field in fields}
                current = self._read(path, self.runs.copy_current(local), BOOL)
                path.copies[local] = Copy(kind, self._item(path, local), contents, current)

    def _read(self, path: Path, variable: str, sort: Sort) -> Expr:
        """An atom for what the state holds of a local."""
        stored = stored_sort(sort)
        value: Expr = Read(variable, self.index, stored)
        if stored != sort:
            # Proofs look at states that no run reaches, where it might be none.
            path.guard(build.negate(build.equal(value, build.none(stored))), None, self.span)
            value = build.unwrap(value)
        self._loaded[variable] = path.define("local", value)
        return self._loaded[variable]

    def _parts(self, path: Path, local: int) -> Iterator[tuple[str, Expr | None]]:
        """The variables that hold a local, and the values that they would have; None where the path has none."""
        name, _ = self.runs.locals[local]
        yield name, path.locals.get(local)
        if local in self.runs.copies:
            kind, fields = self.runs.copies[local]
            copy = path.copies.get(local)
            yield self.runs.copy_current(local), None if copy is None else copy.current
            for field in fields:
                yield self._field(local, kind, field)[0], None if copy is None else copy.contents[field]

    def _field(self, local: int, kind: str, field: str) -> tuple[str, Sort]:
        sort = self.lowering.context.variables[names.field(kind, field)].sort
        return self.runs.copy_field(local, field), sort

    def _item(self, path: Path, local: int) -> Expr:
        """The object that a copy is of; if it may be none, an atom that is an object anyway."""
        return path.define("object", build.unwrap_anyway(path.locals[local]))

    def _clear(self, path: Path, variable: str) -> None:
        sort = self.sorts[variable]
        path.write(variable, self.index, Literal(zero(sort), sort))
