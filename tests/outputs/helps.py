"""Run inside a version: prints the help of its command and of all below it, as one JSON object."""

import contextlib
import io
import json
import re
import runpy
import sys

COMMAND = re.compile(r"^  ([a-z][a-z-]+)(?:  |$)", re.MULTILINE)


def helps(*command: str) -> dict[str, str]:
    """The help of this command and of those below it, by their names."""
    said = io.StringIO()
    sys.argv = [*command, "--help"]
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        contextlib.suppress(SystemExit),
    ):
        runpy.run_module("services.cli", run_name="__main__")
    found = {" ".join(command): said.getvalue()}
    for name in COMMAND.findall(said.getvalue().partition("\nCommands:\n")[2]):
        found |= helps(*command, name)
    return found


if __name__ == "__main__":
    print(json.dumps(helps("lessons")))
