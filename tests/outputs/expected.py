"""The differences that are meant, each with the point that causes it.

What differs no longer must go from here: the comparison fails until it does.
"""

from tests.outputs.comparing import Expected

EXPECTED: tuple[Expected, ...] = ()
