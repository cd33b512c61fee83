"""An answer as lines of text that can be compared, without what means nothing."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from python_calamine import CalamineWorkbook

from tests.outputs.visiting import Answer

_INLINE = "a abbr b bdi br button code em i input label small span strong sub sup time use wbr"
INLINE = frozenset(_INLINE.split())
LEFT_OUT = frozenset(["date", "content-length"])  # they follow from the moment and from the body
VOLATILE = {"etag": "<etag>", "x-correlation-id": "<id>", "last-modified": "<time>"}
COOKIE = re.compile(r"^([^=]+)=([^;]*)")
EXPIRES = re.compile(r"Expires=[^;]+")


def shown(answer: Answer) -> str:
    """Status, headers and body."""
    head = [answer.asked, str(answer.status), *_headers(answer)]
    return "\n".join([*head, "", _body(answer).rstrip()])


def as_json(value: Any) -> str:
    """A value, its keys in the order of the alphabet: their order says nothing."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)


def _headers(answer: Answer) -> list[str]:
    headers = [(name.lower(), value) for name, value in answer.headers]
    return sorted(
        f"{name}: {_header(name, value)}" for name, value in headers if name not in LEFT_OUT
    )


def _header(name: str, value: str) -> str:
    if name == "set-cookie":
        return EXPIRES.sub("Expires=<time>", COOKIE.sub(_cookie, value))
    return VOLATILE.get(name, value)


def _cookie(found: re.Match[str]) -> str:
    value = found[2] if len(found[2]) < 10 else "<token>"
    return f"{found[1]}={value}"


def _body(answer: Answer) -> str:
    for kind, show in KINDS:
        if kind in answer.kind:
            return show(answer)
    return answer.text


def _xml(body: bytes) -> str:
    root = ET.fromstring(body)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _sheets(body: bytes) -> str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    lines = []
    for name in book.sheet_names:
        lines.append(f"sheet {name}")
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        lines += [repr(row) for row in rows]
    return "\n".join(lines)


def html_lines(text: str) -> str:
    """A page, each block on a line of its own: how its template is laid out does not matter."""
    parser = _Lines()
    parser.feed(text)
    parser.close()
    parser.end_line()
    return "\n".join(parser.lines)


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line = ""

    def end_line(self) -> None:
        line = " ".join(self._line.split())
        if line:
            self.lines.append(line)
        self._line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        headers = sorted(f'{name}="{" ".join((value or "").split())}"' for name, value in attrs)
        self._write(tag, f"<{' '.join([tag, *headers])}>")

    def handle_endtag(self, tag: str) -> None:
        self._write(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._line += data

    def handle_comment(self, data: str) -> None:
        self._write("!", f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._write("!", f"<!{decl}>")

    def _write(self, tag: str, text: str) -> None:
        if tag in INLINE:
            self._line += text
            return
        self.end_line()
        self.lines.append(text)


def _figures(answer: Answer) -> str:
    """Names and labels of figures, without the figures."""
    if "# HELP" not in answer.text:
        return answer.text
    return re.sub(r"(?m)^([^#\s][^\n]*) \S+$", r"\1", answer.text)


def _program(answer: Answer) -> str:
    return re.sub(r"([;{}>])", r"\1\n", answer.text)


# The first that is a part of the media type.
KINDS: tuple[tuple[str, Callable[[Answer], str]], ...] = (
    ("spreadsheet", lambda answer: _sheets(answer.body)),
    ("text/html", lambda answer: html_lines(answer.text)),
    ("json", lambda answer: as_json(answer.json())),
    ("text/plain", _figures),
    ("css", _program),
    ("javascript", _program),
    ("svg", _program),
    ("xml", lambda answer: _xml(answer.body)),
)
