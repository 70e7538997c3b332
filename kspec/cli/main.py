"""The command `kspec`. What it needs is imported inside of the guard, so that Ctrl-C shows no traceback then either."""

from __future__ import annotations

import sys

INTERRUPTED = 3
"""The exit code `ExitCode.UNKNOWN`, which may not be imported yet."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; the process ends with its exit code, and never with a traceback."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """The exit code of one command line."""
    try:
        from kspec.cli.ending import ended
        from kspec.cli.group import kspec

        return ended(lambda: kspec.main(arguments, prog_name="kspec", standalone_mode=False), arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    main()
