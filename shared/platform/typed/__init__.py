"""What people and programs send, taken in: texts, numbers, days, codes, references, addresses.

Nothing that is typed, pasted or sent comes into the register past this package. `texts` takes out
what nobody can see, `numbers` and `days` read what people write in their language and ask back
what is not clear, `addresses` takes one address, and `sent` is the way to a request.
"""


class UnclearError(ValueError):
    """What somebody wrote is no number or day, or may be one of several.

    `meant` holds those, as the register writes them: "36.5", "2011-03-09".
    """

    def __init__(self, text: str, meant: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.meant = meant
