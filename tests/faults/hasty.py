"""`python -m tests.faults.hasty idle_seconds=1 run front-door`: one with other limits."""

import sys
from functools import partial
from unittest import mock

from services import cli, serving

if __name__ == "__main__":
    changed = [argument for argument in sys.argv[1:] if "=" in argument]
    sys.argv[1:] = [argument for argument in sys.argv[1:] if "=" not in argument]
    values = {
        name: float(value) if "seconds" in name else int(value)
        for name, _equals, value in (argument.partition("=") for argument in changed)
    }
    changed_serve = partial(serving.serve, limits=serving.Limits(**values))
    with mock.patch.object(serving, "serve", changed_serve):
        cli.main()
