"""The sharing levels of TLP 2.0: how widely a note or an entry may be read."""

SHARING = ("red", "amber_strict", "amber", "green", "clear")  # from the narrowest to the widest
NEVER_PUBLISHED = ("red", "amber_strict")  # kept to the reviewers


def level_of(asked: str, chosen: str | None) -> str:
    """The level of an item: what the desk chose for it, or else what its team asked for.

    What its team keeps to the reviewers stays there, whatever the desk chose before.
    """
    return asked if asked in NEVER_PUBLISHED else chosen or asked
