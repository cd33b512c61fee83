"""States as tables, next to their models, whose methods are the acts: they ask `after`."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, ConflictError, NotAllowedError

State = TypeVar("State", bound=StrEnum)
Act = TypeVar("Act", bound=StrEnum)

REFUSED = N_("“%(act)s” cannot be done in the state “%(state)s”.")
NOT_THEIRS = N_("You may not do that here.")


class Transition(NamedTuple, Generic[State]):
    """Who may do an act, and the state that follows; None where it stays or is derived."""

    who: frozenset[Role | None]  # None: an event, the clock, whoever has a receipt
    to: State | None


Table = Mapping[tuple[State, Act], Transition[State]]


def table(
    *rows: tuple[Act, Iterable[State], Iterable[Role | None], State | None],
) -> Table[State, Act]:
    """A table from its rows: an act, the states in which it can be done, who may, what follows."""
    return {
        (state, act): Transition(frozenset(who), to)
        for act, states, who, to in rows
        for state in states
    }


def after(
    table_: Table[State, Act],
    state: State,
    act: Act,
    actor: Actor | None,
    not_now: str = REFUSED,
    not_theirs: str = NOT_THEIRS,
    **values: str,
) -> State:
    """The state that follows when someone does this in that state.

    Raises ConflictError (`not_now`) when it cannot be done then, NotAllowedError (`not_theirs`)
    when it is not for this person to do.
    """
    found = table_.get((state, act))
    if found is None:
        raise ConflictError(not_now, act=act, state=state, **values)
    if (actor.role if actor is not None else None) not in found.who:
        raise NotAllowedError(not_theirs)
    return found.to or state
