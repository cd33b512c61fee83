"""What cannot be done, in words for whoever runs the register."""


class MaintenanceError(Exception):
    """What was asked cannot be done: the text says why, and what to do about it."""


class StillRunsError(MaintenanceError):
    """Somebody has the database of a service open that must be nobody's now."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"The register still runs: something has the {service} database open. "
            "Stop all its processes first."
        )


def cause_of(error: Exception) -> str:
    """What a server or the system said, in one line."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0] if said else type(error).__name__
