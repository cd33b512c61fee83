"""What an installation knows of itself."""

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform.persistence.base import SharedBase

DEMONSTRATION = "demonstration"


class Fact(SharedBase):
    """One fact about this installation, by its name."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def note(session: Session, name: str, value: str) -> None:
    """Note a fact."""
    session.merge(Fact(name=name, value=value))


def forget(session: Session, name: str) -> None:
    """Forget a fact."""
    session.execute(delete(Fact).where(Fact.name == name))


def fact(session: Session, name: str) -> str | None:
    """The value of a fact, if it was noted."""
    found = session.get(Fact, name)
    return found.value if found is not None else None
