"""A table of transitions is asked for what follows, and refuses by name."""

from enum import StrEnum

import pytest

from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import ConflictError, NotAllowedError
from shared.platform.transitions import after, table


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Act(StrEnum):
    SHUT = "shut"
    PAINT = "paint"


TABLE = table(
    (Act.SHUT, [Door.OPEN], [Role.EDITOR], Door.SHUT),
    (Act.PAINT, Door, [Role.EDITOR, None], None),
)
EDITOR = Actor(None, "Amina", Role.EDITOR, "session")
PARTNER = Actor(None, "Brice", Role.PARTNER, "session")


def test_an_act_leads_where_the_table_says_or_leaves_the_state_as_it_is():
    assert after(TABLE, Door.OPEN, Act.SHUT, EDITOR) is Door.SHUT
    assert after(TABLE, Door.OPEN, Act.PAINT, EDITOR) is Door.OPEN
    assert after(TABLE, Door.SHUT, Act.PAINT, None) is Door.SHUT


def test_an_act_outside_the_table_is_refused_with_its_name_and_the_state():
    with pytest.raises(ConflictError) as refused:
        after(TABLE, Door.SHUT, Act.SHUT, EDITOR)

    assert str(refused.value) == "“shut” cannot be done in the state “shut”."
    assert refused.value.values == {"act": "shut", "state": "shut"}


def test_a_refusal_may_have_its_own_words_and_what_fills_them():
    with pytest.raises(ConflictError) as refused:
        after(TABLE, Door.SHUT, Act.SHUT, EDITOR, "%(name)s is shut.", name="The gate")
    with pytest.raises(NotAllowedError) as forbidden:
        after(TABLE, Door.OPEN, Act.SHUT, PARTNER, not_theirs="Only an editor shuts it.")

    assert str(refused.value) == "The gate is shut."
    assert str(forbidden.value) == "Only an editor shuts it."


@pytest.mark.parametrize("actor", [PARTNER, None])
def test_who_may_not_is_refused(actor):
    with pytest.raises(NotAllowedError):
        after(TABLE, Door.OPEN, Act.SHUT, actor)
