"""What the command says otherwise."""

from tests.outputs.comparing import Became, Expected

CHAOS = "The chaos run is no part of the product: make chaos (for contributors)."
RESOLVED = "An event that was parked is resolved: one word for it in code, page and command."

COMMANDS = (
    Expected("^commands/lessons chaos help$", r"^-\(an output of 16 lines\)$", CHAOS),
    Expected("^commands/lessons chaos help$", r"^\+\(there is no such output\)$", CHAOS),
    Expected(
        "^commands/lessons help$", r"^-  chaos        Break a register for some minutes", CHAOS
    ),
    Became("^commands/lessons prune help$", r"\bsettled event", "resolved event", RESOLVED),
)
