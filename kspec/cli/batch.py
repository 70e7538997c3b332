"""All the models and clusters of one `kspec check` or `kspec simulate`, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from kspec import __version__
from kspec.check.options import CheckOptions, SimulateOptions
from kspec.check.result import CheckResult, PropertyResult
from kspec.check.start import NoInitialState
from kspec.check.verdicts import ExitCode, Verdict, worst
from kspec.cli.ending import CodedError, internal_error
from kspec.cli.models import ModelFile, model_files, read_model, unmatched
from kspec.cli.output import Output
from kspec.cli.progress import ProgressLine
from kspec.cli.ready import Asked, Ready, find, keep
from kspec.cli.traces import TraceFiles, digest
from kspec.explore.checkpoint import CheckpointError
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic, did_you_mean
from kspec.system.spans import NOWHERE, Span

if TYPE_CHECKING:
    from kspec.check.audit import AuditResult
    from kspec.cli.faults import Faults
    from kspec.language.checked import Model
    from kspec.language.load import Loaded
    from kspec.system.system import System
    from kspec.trace.formats import AuditedFault


@dataclass(frozen=True, slots=True)
class Batch:
    """What to check, and how. `faults`: with which faults too, each in one component at a time."""

    paths: tuple[Path, ...]
    clusters: tuple[str, ...]
    defines: tuple[str, ...]
    scopes: tuple[str, ...]
    options: CheckOptions | SimulateOptions
    trace_file: Path | None
    witness: bool
    faults: Faults | None = None


def check_all(batch: Batch, output: Output) -> ExitCode:
    """Checks every model, reports on each as soon as it is done, and gives the worst exit code."""
    return _Checking(batch, output).all()


class _Checking:
    """One run over a batch: the traces written so far, and the words of --cluster that met a cluster or a complaint."""

    def __init__(self, batch: Batch, output: Output) -> None:
        self._batch = batch
        self._output = output
        self._traces = TraceFiles(batch.trace_file) if batch.trace_file is not None else None
        self._met: set[str] = set()
        self._is_interrupted = False
        self._is_something_left = False

    def all(self) -> ExitCode:
        codes: list[ExitCode] = []
        files, notes = model_files(self._batch.paths)
        self._must_be_one(len(files), "models")
        for note in notes:
            self._output.note(note)
        for file in files:
            if self._is_interrupted:
                self._is_something_left = True
                break
            codes += self._file(file)
        if self._is_something_left:
            self._output.note("interrupted; what comes after this is not checked")
        if self._is_interrupted:
            return worst([*codes, ExitCode.UNKNOWN])
        self._nothing_silent(len(codes))
        return worst(codes)

    def _nothing_silent(self, checked: int) -> None:
        """A word of --cluster that fits no cluster anywhere is an error, and so is having nothing to check."""
        unknown = [word for word in self._batch.clusters if word not in self._met]
        if unknown:
            raise CodedError(Code.KS501, f"no file has a cluster `{unknown[0]}`")
        if not checked:
            raise CodedError(Code.KS904, "none of the files has a cluster to check")

    def _file(self, file: ModelFile) -> Iterator[ExitCode]:
        """Checks a file; a model that was checked before need not be read again, but to be changed."""
        batch = self._batch
        asked = Asked(file.path, batch.defines, batch.scopes, batch.clusters)
        ready = find(asked) if batch.faults is None else None
        if ready is None:
            yield from self._read(file, asked)
            return
        self._met.update(batch.clusters)
        self._must_be_one(len(ready.systems), "clusters")
        for cluster, system in ready.systems.items():
            if self._is_interrupted:
                self._is_something_left = True
                return
            yield self._cluster(file, ready.sources, ready.spans[cluster], system)

    def _read(self, file: ModelFile, asked: Asked) -> Iterator[ExitCode]:
        name = str(file.path)
        try:
            loaded = read_model(
                file.path, defines=self._batch.defines, scopes=self._batch.scopes, clusters=self._batch.clusters
            )
        except MemoryError:
            raise
        except Exception as error:
            yield self._internal(name, error, file)
            return
        if loaded.model is None or loaded.diagnostics:
            self._met.update(self._batch.clusters)  # which clusters it has is not known
            yield self._wrong(name, loaded.diagnostics, loaded.sources)
            return
        if not loaded.model.clusters:
            yield from self._library(name, file, loaded.model, loaded.sources)
            return
        missing = unmatched(loaded.model, self._batch.clusters)
        self._met.update(set(self._batch.clusters) - set(missing))
        if missing and file.named:
            self._met.update(missing)  # told here
            unknown = tuple(_unknown_cluster(loaded.model, word) for word in missing)
            yield self._wrong(name, unknown, loaded.sources)
        elif not loaded.selected:
            self._output.note(f"{name} has none of these clusters, and is skipped")
        self._must_be_one(len(loaded.selected), "clusters")
        systems: dict[str, System] = {}
        for cluster in loaded.selected:
            if self._is_interrupted:
                self._is_something_left = True
                return
            system = self._lowered(file, loaded, loaded.model, cluster)
            if isinstance(system, ExitCode):
                yield system
                continue
            systems[cluster] = system
            audited = None if self._batch.faults is None else loaded.model
            yield self._cluster(file, loaded.sources, loaded.model.clusters[cluster].span, system, audited)
        if systems and len(systems) == len(loaded.selected) and not missing:
            spans = {cluster: loaded.model.clusters[cluster].span for cluster in systems}
            keep(asked, Ready(systems, spans, loaded.sources))

    def _must_be_one(self, number: int, what: str) -> None:
        """A checkpoint is of one search."""
        options = self._batch.options
        if number > 1 and isinstance(options, CheckOptions) and options.checkpoint is not None:
            raise CodedError(Code.KS903, f"--checkpoint is for one search, and these are {number} {what}", "check one")

    def _library(self, name: str, file: ModelFile, model: Model, sources: Mapping[str, str]) -> Iterator[ExitCode]:
        if file.named:
            hint = "declare one, such as `cluster small { … }`, or check a file that imports it"
            problem = Diagnostic(Code.KS509, f"{name} has no cluster, and {_lack(model)}", NOWHERE, hint)
            yield self._wrong(name, (problem,), sources)
        else:
            self._output.note(f"{name} has no cluster, and is skipped")

    def _lowered(self, file: ModelFile, loaded: Loaded, model: Model, cluster: str) -> System | ExitCode:
        from kspec.lower.lower import lower

        name = str(file.path)
        try:
            lowered = lower(model, cluster)
        except MemoryError:
            raise
        except Exception as error:
            return self._internal(name, error, file)
        if lowered.system is None or lowered.diagnostics:
            return self._wrong(name, lowered.diagnostics, loaded.sources)
        return lowered.system

    def _cluster(
        self, file: ModelFile, sources: Mapping[str, str], span: Span, system: System, model: Model | None = None
    ) -> ExitCode:
        """`model`: what the system was made of, where it is to be audited."""
        name = str(file.path)
        try:
            result = self._checked(system) if model is None else self._audited(model, system)
        except MemoryError:
            raise
        except CheckpointError as error:
            raise CodedError(Code.KS907, error.message, error.hint) from None
        except NoInitialState:
            return self._wrong(name, (_no_initial_state(system.cluster, span),), sources)
        except Exception as error:
            return self._internal(name, error, file)
        if isinstance(result, CheckResult):
            self._output.result(result)
            self._save(result, sources, file)
        else:
            self._output.audit(result)
            self._save(result.base, sources, file)
            for audited, property in _broken(result):
                self._store(property, audited, result.base, sources, file)
        self._is_interrupted = result.interrupted
        return result.exit_code

    def _audited(self, model: Model, system: System) -> AuditResult:
        from kspec.cli.audits import audit

        assert self._batch.faults is not None
        return audit(model, system, self._batch.faults, self._checked, strict=self._batch.options.strict)

    def _checked(self, system: System) -> CheckResult:
        from kspec.check.check import check_system
        from kspec.check.simulate import simulate_system

        progress = ProgressLine(sys.stderr, is_live=self._output.is_live)
        try:
            match self._batch.options:
                case CheckOptions() as options:
                    return check_system(system, options, progress)
                case SimulateOptions() as options:
                    return simulate_system(system, options, progress)
                case _:
                    assert_never(self._batch.options)
        finally:
            progress.clear()

    def _save(self, result: CheckResult, sources: Mapping[str, str], file: ModelFile) -> None:
        for property in result.properties:
            if property.verdict is Verdict.VIOLATED or self._batch.witness:
                self._store(property, None, result, sources, file)

    def _store(
        self,
        property: PropertyResult,
        audited: AuditedFault | None,
        result: CheckResult,
        sources: Mapping[str, str],
        file: ModelFile,
    ) -> None:
        """The run of a property, if it has one. `audited`: the fault with which it was found."""
        if self._traces is None or property.trace is None:
            return
        from kspec.trace.formats import Origin

        origin = Origin(
            str(file.path),
            digest(sources, result.model),
            result.cluster,
            self._batch.defines,
            self._batch.scopes,
            property.engine,
            __version__,
            audited,
        )
        path = self._traces.save(property.trace, origin)
        what = "violation" if property.verdict is Verdict.VIOLATED else "witness"
        where = "" if audited is None else f" with {audited.name}"
        self._output.note(f"the {what} of {property.name}{where} is in {path}")

    def _wrong(self, name: str, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str]) -> ExitCode:
        self._output.diagnostics(name, diagnostics, sources, ExitCode.USAGE)
        return ExitCode.USAGE

    def _internal(self, name: str, error: Exception, file: ModelFile) -> ExitCode:
        """A defect of kspec on one model: told with a file to send; the other models are still checked."""
        message = internal_error(error, sys.argv[1:], f"model {name}:\n{_text_of(file.path)}")
        diagnostic = Diagnostic(Code.KS999, message, NOWHERE)
        self._output.diagnostics(name, (diagnostic,), {}, ExitCode.INTERNAL_ERROR)
        return ExitCode.INTERNAL_ERROR


def _lack(model: Model) -> str:
    """Why a model without a cluster cannot be checked as it is."""
    for kind in model.kinds.values():
        if not kind.single:
            return f"its kind `{kind.name}` needs objects"
    for const in model.consts.values():
        if const.value is None:
            return f"its const `{const.name}` needs a value"
    return "nothing acts in it"


def _broken(result: AuditResult) -> Iterator[tuple[AuditedFault, PropertyResult]]:
    """What an audit found violated that was not before, and with which fault."""
    from kspec.check.audit import Change
    from kspec.trace.formats import AuditedFault

    for audit in result.audits:
        for _, now, change in result.changed(audit):
            if change is Change.VIOLATED:
                yield AuditedFault(audit.component, audit.fault, audit.number), now


def _unknown_cluster(model: Model, word: str) -> Diagnostic:
    hint = did_you_mean(word, model.clusters) or f"it has {', '.join(model.clusters)}"
    return Diagnostic(Code.KS501, f"{model.file} has no cluster `{word}`", NOWHERE, hint)


def _text_of(path: Path) -> str:
    """The model's text for a reproducer; what cannot be read is left out."""
    try:
        return path.read_bytes()[: 1 << 20].decode("utf-8", "backslashreplace")
    except OSError:
        return ""


def _no_initial_state(cluster: str, span: Span) -> Diagnostic:
    message = f"no state satisfies every `initially` of `{cluster}`, so that nothing can happen"
    return Diagnostic(Code.KS607, message, span, "widen an `any`, or relax an `initially`")
