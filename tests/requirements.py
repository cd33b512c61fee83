"""What tests need of this machine; what is missing is a named skip.

LESSONS_TEST_REQUIRE=postgres,rabbitmq,own-servers,namespaces,browser turns such a skip into a
failure.
"""

import os
from functools import cache

import pytest

from testbed import machine

PRESENT = {
    "postgres": machine.has_postgres,
    "rabbitmq": machine.has_rabbitmq,
    "own-servers": machine.has_own_servers,
    "namespaces": machine.has_namespaces,
    "browser": machine.has_browser,
}


def needs(name: str) -> pytest.MarkDecorator:
    """The mark of a test that needs one of these."""
    # pytest makes marks by name
    return getattr(pytest.mark, name.replace("-", "_"))  # type: ignore[no-any-return]


def check(item: pytest.Item) -> None:
    """Skip a test for what it needs and this machine lacks; fail it where that is required."""
    required = _required()
    for name, present in PRESENT.items():
        if item.get_closest_marker(name.replace("-", "_")) is not None and not present():
            reason = f"{name} was not found on this machine"
            if name in required:
                pytest.fail(f"{reason}, and LESSONS_TEST_REQUIRE asks for it")
            pytest.skip(reason)


@cache
def _required() -> set[str]:
    required = {name.strip() for name in os.environ.get("LESSONS_TEST_REQUIRE", "").split(",")} - {
        ""
    }
    if unknown := required - set(PRESENT):
        pytest.exit(
            f"LESSONS_TEST_REQUIRE: {', '.join(sorted(unknown))} is none of {', '.join(PRESENT)}",
            returncode=4,
        )
    return required
