"""`kspec info`: what a model is made of in one cluster."""

from __future__ import annotations

from pathlib import Path

import click

from kspec.cli.ending import CodedError
from kspec.cli.parameters import NamedPath, OnceCommand, must_differ
from kspec.language.codes import Code


@click.command("info", cls=OnceCommand)
@click.argument("file", type=NamedPath())
@click.option("--cluster", metavar="NAME", help="A cluster. Default: the file's first.")
@click.option("-D", "defines", multiple=True, metavar="NAME=VALUE", help="Give a const or a field another value.")
@click.option("--scope", "scopes", multiple=True, metavar="KIND=NUMBER", help="Give a kind room for other numbers.")
def command(file: Path, cluster: str | None, defines: tuple[str, ...], scopes: tuple[str, ...]) -> int:
    """Tell what the model in FILE is made of: kinds, actions, which objects can be exchanged, and how a state is
    packed."""
    from kspec.cli.diagnosed import Diagnosed
    from kspec.cli.models import read_model
    from kspec.lower.lower import lower
    from kspec.report.info import info_text

    must_differ("-D", defines)
    must_differ("--scope", scopes)
    loaded = read_model(file, defines=defines, scopes=scopes, clusters=() if cluster is None else (cluster,))
    if loaded.model is None:
        raise Diagnosed(loaded.diagnostics, loaded.sources)
    if not loaded.selected:
        raise CodedError(
            Code.KS501, f"{file} has no such cluster", f"it has {', '.join(loaded.model.clusters) or 'none'}"
        )
    lowered = lower(loaded.model, loaded.selected[0])
    if lowered.system is None:
        raise Diagnosed(lowered.diagnostics, loaded.sources)
    click.echo(info_text(lowered.system), nl=False)
    return 0
