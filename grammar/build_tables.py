"""The build hook that makes the parser's tables, so that no user waits for them.

A wheel gets them beside the grammar. An editable installation reads the grammar of the checkout: there they are written
beside that.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TablesHook(BuildHookInterface[Any]):
    """`[tool.hatch.build.targets.wheel.hooks.custom]` names this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version`: `standard` or `editable`."""
        sys.path.insert(0, self.root)  # the tables name kspec's own class of trees
        from kspec.language.grammar import tables_to_package
        from kspec.language.grammar_file import TABLES

        tables = Path(self.root, "grammar", TABLES)
        unfinished = tables.with_suffix(".new")
        unfinished.write_bytes(tables_to_package())
        unfinished.replace(tables)  # whoever reads them meanwhile sees them whole
        if version != "editable":
            build_data["force_include"][str(tables)] = f"kspec/grammar/{TABLES}"
