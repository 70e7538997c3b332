"""docs/temporal.md says nothing that is not so: its command prints what it shows.

`python -m tests.docs.test_temporal` writes what it prints now.
"""

from __future__ import annotations

from tests.docs.consoles import ROOT, consoles
from tests.docs.pages import printed, write_what_is_printed

PAGE = ROOT / "docs" / "temporal.md"


def test_a_command_prints_what_the_page_shows() -> None:
    (block,) = consoles(PAGE)
    assert printed(PAGE, block.text.splitlines()[0]) == block.text


if __name__ == "__main__":
    write_what_is_printed(PAGE)
