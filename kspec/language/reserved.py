"""The keywords of the language, and which of them are reserved.

A reserved word is a name only in backquotes, or after a dot, where any word is a name. The other keywords are names
wherever a name may stand, because the grammar always knows which of the two is meant. A word that begins a statement or
an expression, or that joins two expressions, cannot be such a keyword.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESERVED: Final = _words(
    """
    action admit always and any as assert assume at atomic await by choose cluster component const count create def
    delete deny disable div either else enable enabled enum environment eventually exactly exists expect extend extends
    fair false for forall get ghost if iff implies import in initially intersect invariant kind let map max may min
    minus mod next none not on only or override per process reachable reads recoverable remove return revoke seen seq
    set strongly subset sum then true union until leads var when where while writes yield
    """
)

NOT_RESERVED: Final = _words(
    """
    crashes created deleted disconnected disconnects durable each events from int key lag loses most of one open overall
    own pattern property quantity quota relists request single stale stay step terminal to update watches workers
    """
)
"""Keywords that may be names: `name` and `other_name` of the grammar list them."""
