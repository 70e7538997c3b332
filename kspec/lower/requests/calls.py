"""Calls of declared requests: all of it happens, or nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build
from kspec.lower.actor import Actor
from kspec.lower.path import Path, Refused
from kspec.lower.requests import authority
from kspec.lower.requests.judgement import DENIED, UNREACHABLE, Judgement
from kspec.lower.scope import Copy
from kspec.system.expressions import TRUE, Expr, Local
from kspec.system.meanings import Reason

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


@dataclass(frozen=True, slots=True)
class Entered:
    """A call that a path is inside of, and how the path was before it. `written`, `ended`, `noted`: how many writes,
    endings and results there were."""

    call: checked.Call
    refused: tuple[Refused, ...]
    actor: Actor
    condition: Expr
    known: frozenset[int]
    alive: frozenset[Local]
    copies: Mapping[int, Copy]
    written: int
    ended: int
    noted: int

    def leave(self, path: Path) -> Judgement:
        """The path behind the call. What was refused or denied inside is the result of the call, and undoes it."""
        judgement = Judgement(path, self.call.request, self.call.span)
        path.condition, path.known = self.condition, self.known
        path.alive &= self.alive
        path.actor, path.copies = self.actor, dict(self.copies)
        inside = path.results[self.noted :]
        del path.endings[self.ended :], path.results[self.noted :]
        judgement.refused = [*self.refused, *inside]
        goes_on = (build.negate(refused.condition) for refused in judgement.refused)
        judgement.proceeds = path.define("proceeds", build.conjunction(self.condition, *goes_on))
        stays = [build.negate(refused.condition) for refused in inside]
        path.writes[self.written :] = [
            replace(write, condition=build.conjunction(write.condition, *stays))
            for write in path.writes[self.written :]
        ]
        return judgement


def enter(lowering: ExpressionLowering, path: Path, call: checked.Call) -> Entered:
    """Judges whether the call may begin; the path goes on inside."""
    request = lowering.context.model.requests[call.request]
    arguments = [path.evaluate("argument", lowering.lower(argument, path.scope())) for argument in call.arguments]
    judgement = Judgement(path, call.request, call.span)
    judgement.refuse(UNREACHABLE, authority.unreachable(path.actor))
    if not authority.may_call(path.actor, call.request):
        judgement.refuse(DENIED, TRUE, Reason.PERMISSION)
    entered = Entered(
        call,
        (),
        path.actor,
        path.condition,
        path.known,
        path.alive,
        path.copies.copy(),
        len(path.writes),
        len(path.endings),
        len(path.results),
    )
    path.actor = replace(path.actor, inside_request=True)
    for variable, argument in zip(request.parameters, arguments, strict=True):
        path.locals[variable.local.id] = argument
    for guard in request.guards:
        judgement.refuse(DENIED, build.negate(lowering.lower(guard.condition, path.scope())), Reason.CONDITION)
    path.go_on_if(judgement.proceeds)
    return replace(entered, refused=tuple(judgement.refused))


def deny(path: Path) -> None:
    """The request around is denied where the path is."""
    note_result(path, Refused(DENIED, path.condition, Reason.DENY))
    path.end()


def note_result(path: Path, refused: Refused) -> None:
    """A result that nothing handles, inside a declared request, becomes its own."""
    if path.actor.inside_request:
        path.results.append(refused)
