"""`kspec init`: a small model to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from kspec.cli.ending import CodedError
from kspec.cli.parameters import NamedPath
from kspec.language.codes import Code


@click.command("init")
@click.argument("file", type=NamedPath(), default=Path("model.kspec"))
def command(file: Path) -> int:
    """Write a small, commented model to FILE (model.kspec if none is given). Never overwrites a file."""
    text = files("kspec.cli").joinpath("starter.kspec").read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise CodedError(Code.KS906, f"{file} exists already, and is left as it is", "give another file name") from None
    except OSError as error:
        raise CodedError(Code.KS906, f"{file} cannot be written: {error.strerror or error}") from error
    click.echo(f"wrote {file}; check it with: kspec check {file}")
    return 0
