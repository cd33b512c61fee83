"""An output as lines that each say where they stand, so that a changed one can be named exactly.

Nothing is left out: every line of the output is there, alone or beside those it belongs to.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_VALUE = re.compile(r"^\{\n .*^\}\Z", re.MULTILINE | re.DOTALL)
_ALONE = re.compile(r"^(<([a-z]\w*)\b[^\n]*>)((?:\n[^\n]+)?)\n(</\2>)$", re.MULTILINE)
_ROW = re.compile(
    r'^(<div class="govuk-summary-list__row">)\n([^\n]*</dt>)\n([^\n]*</dd>)\n(</div>)$',
    re.MULTILINE,
)


def lines_of(text: str) -> list[str]:
    """A value of JSON with its path, a block of a page or a row of a summary in one line each."""
    value = _VALUE.search(text)
    if value:
        return [*text[: value.start()].splitlines(), *_lines(json.loads(value[0]), "")]
    return _ROW.sub(r"\1 \2 \3 \4", _ALONE.sub(_in_one_line, text)).splitlines()


def _in_one_line(found: re.Match[str]) -> str:
    return found[0].replace("\n", " ")


def _lines(value: Any, path: str) -> Iterator[str]:
    """A line for each value, and one for each element of a list, which has no name of its own."""
    if isinstance(value, dict) and value:
        for name, inner in sorted(value.items()):
            yield from _lines(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for inner in value:
            if isinstance(inner, dict | list):
                yield f"{path}[]"
            yield from _lines(inner, f"{path}[]")
    else:
        yield f"{path} = {json.dumps(value, ensure_ascii=False)}"
