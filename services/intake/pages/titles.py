"""A title for a lesson that has none: its first sentence, or as much of it as makes a line."""

import re

LONGEST = 80
LEAST_LETTERS = 20  # before that it is "Approx." or "1."
_NUMBERED = re.compile(r"[(\[]?\d{1,3}[.):]\]?\s+")
_END = re.compile(r"[.!?؟…]+(?=\s|$)")
# Short words with a capital are titles of people and places (St. Joseph); these stand small, too.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«“‘’'])(?:[A-ZÀ-Þ]\w{0,2}|\w|\d+|prof|approx|aprox|env|incl|max|min|art|vol|fig"
    r"|núm|pág|resp|dept|est|etc|e\.g|i\.e|p\. ?ex|p\. ?ej)$",
)


def first_words(text: str) -> str:
    """The title that the beginning of a text makes; "" for none."""
    line = _NUMBERED.sub("", text.strip().split("\n", 1)[0], count=1)
    ends = (match.start() for match in _END.finditer(line) if _is_end(line, match))
    sentence = line[: next(ends, len(line))].rstrip(" .…")
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _is_end(line: str, sign: re.Match[str]) -> bool:
    """Whether a sentence ends here, and not an abbreviation or a number."""
    before, after = line[: sign.start()], line[sign.end() :].lstrip()
    if sum(char.isalpha() for char in before) < LEAST_LETTERS:
        return False
    if sign[0] != ".":
        return True
    return not after[:1].islower() and not _ABBREVIATED.search(before)
