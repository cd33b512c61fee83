"""The differences that are meant, each with the point that causes it. What no longer differs must go from here."""

from tests.outputs.comparing import Expected

EXPECTED: tuple[Expected, ...] = ()
