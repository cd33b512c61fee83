"""The changes that `make break` makes fit the present code, and the tests that they must turn red
are there.
"""

import re

import pytest

from tests.breaking import MECHANISMS, ROOT


@pytest.mark.parametrize("broken", MECHANISMS, ids=lambda broken: broken.name)
def test_a_mechanism_can_still_be_broken(broken):
    path, name = re.fullmatch(r"(.+)::(\w+)(?:\[\w+])?", broken.test).groups()

    assert [change.file for change in broken.changes if not change.fits(ROOT)] == []
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert f"`{name}`" in (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
