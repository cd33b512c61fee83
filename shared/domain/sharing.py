"""The sharing levels of TLP 2.0: how widely a note or an entry may be read."""

SHARING = ("red", "amber_strict", "amber", "green", "clear")  # from the narrowest to the widest
NEVER_PUBLISHED = ("red", "amber_strict")  # kept to the reviewers
