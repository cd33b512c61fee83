"""What is said and written alike on both back ends."""

from shared.platform import clock

STILL_RUNS = (
    "The register still runs: something has the {name} database open. Stop all its processes first."
)


def stamp(separator: str = "-") -> str:
    """The present moment, as a part of a name."""
    return f"{clock.now():%Y%m%d{separator}%H%M%S%f}"[:-3]
