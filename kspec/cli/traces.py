"""Stored traces: where counterexamples are written, and where they are read from."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kspec.cli.ending import CodedError
from kspec.language.codes import Code
from kspec.language.diagnostics import option_of_source
from kspec.trace.formats import MAX_BYTES, Origin, StoredTrace, TraceFormatError, decode, encode
from kspec.trace.story import Trace


class TraceFiles:
    """The files that `--trace FILE` writes: the first counterexample in FILE, the next in FILE-2, FILE-3 and so on (the
    number before the suffix). Those of an audit have the component and its fault in their names: FILE-scheduler-lag-1,
    FILE-scheduler-lag-1-2."""

    def __init__(self, first: Path) -> None:
        self._first = first
        self._written: Counter[str] = Counter()

    def save(self, trace: Trace, origin: Origin) -> Path:
        """Writes one counterexample, and says where."""
        stem = self._first.stem
        if (audited := origin.audited) is not None:
            stem = f"{stem}-{audited.component}-{audited.fault}-{audited.number}"
        number = self._written[stem] + 1
        path = self._first.with_name(f"{stem if number == 1 else f'{stem}-{number}'}{self._first.suffix}")
        text = json.dumps(encode(trace, origin), ensure_ascii=True, indent=2)
        must_be_writable(path)
        try:
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CodedError(Code.KS906, f"{path} cannot be written: {error.strerror or error}") from error
        self._written[stem] += 1
        return path


def must_be_writable(path: Path) -> None:
    """Refuses a place where no file can be, and a file that is something else than a trace, such as the model."""
    try:
        obstacle = _obstacle(path)
    except OSError as error:
        obstacle = f"cannot be written: {error.strerror or error}"
    if obstacle is not None:
        raise CodedError(Code.KS906, f"{path} {obstacle}", "give another file name")


def _obstacle(path: Path) -> str | None:
    with suppress(FileNotFoundError):
        path.stat()  # fails for too long a name and for links in a circle
    if path.is_dir():
        return "is a folder"
    if not path.parent.is_dir():
        return f"cannot be written: there is no folder {path.parent}"
    if path.is_file() and not _is_replaceable(path):
        return "exists already and is no trace of kspec; it is left as it is"
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return "cannot be written: permission denied"
    return None


def _is_replaceable(path: Path) -> bool:
    """Whether nothing is lost with the file: it is a trace, or empty."""
    if path.stat().st_size == 0:
        return True
    try:
        read_trace(path)
    except CodedError:
        return False
    return True


def read_trace(path: Path) -> StoredTrace:
    """A stored trace of any origin; what is wrong with it is a coded error."""
    try:
        if not path.is_file():
            raise CodedError(Code.KS901, f"{path} is no file" if path.exists() else f"{path} does not exist")
        if path.stat().st_size > MAX_BYTES:
            raise CodedError(Code.KS901, f"{path} is larger than {MAX_BYTES >> 20} MiB")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CodedError(Code.KS901, f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise CodedError(Code.KS901, f"{path} is not UTF-8 text") from None
    try:
        return decode(text)
    except TraceFormatError as error:
        raise CodedError(Code.KS901, f"{path} is no trace of kspec: {error}") from None


def digest(sources: Mapping[str, str], model: str) -> str:
    """Of the texts of a model's files, `model` being the name of the one that was asked for. The names do not count:
    they depend on the working directory. Of a model that imports nothing, the digest of its text."""
    imported = (text for name, text in sources.items() if name != model and option_of_source(name) is None)
    first, *others = [_sha256(sources.get(model, "")), *sorted(_sha256(text) for text in imported)]
    return _sha256("".join([first, *others])) if others else first


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
