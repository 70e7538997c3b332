"""What a search over a product writes on its nodes: one number of 32 bits each.

Until a node is finished, its mark is an index of Tarjan's algorithm; those count from `FIRST_INDEX`. A finished node
has a mark from the top of the range: `DONE`, or the number of its fair component, and those count down from
`HIGHEST_FAIR`. The two never meet, since no product has more than `MOST_NODES`.
"""

from __future__ import annotations

from typing import Final

UNSEEN: Final = 0
ROOT: Final = 1
"""To begin at, not yet seen."""
FIRST_INDEX: Final = 2

DONE: Final = 0xFFFFFFFF
"""In no fair component."""
CURRENT: Final = 0xFFFFFFFE
"""In the component that is being judged."""
STOP: Final = 0xFFFFFFFD
"""A fair run may stop here and is accepted."""
HIGHEST_FAIR: Final = 0xFFFFFFFC

MOST_NODES: Final = 0x7FFFFFF0


def is_wanted(mark: int) -> bool:
    """Of a finished search: whether a fair run that is accepted ends here, by going round or by stopping."""
    return MOST_NODES < mark <= STOP
