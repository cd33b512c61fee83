"""What a benchmark measures: one entry of the catalogue."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.domain import codelists
from shared.domain.codelists import Definition

IndicatorText = Literal[
    "name", "ask", "definition", "start", "stop", "caution", "numerator", "denominator", "whose"
]


@dataclass(frozen=True)
class Norm:
    """A standard's figure for an indicator, with its source and edition, because editions change
    figures.
    """

    value: str
    op: str
    source: str
    reference: str
    edition: str


@dataclass(frozen=True)
class Indicator:
    """An entry of the catalogue in one version.

    `definition` is shaped as in the starter catalogue.
    """

    code: str
    version: int
    definition: Definition

    def name(self, language: str) -> str:
        """The indicator's name."""
        return self.text("name", language)

    def text(self, part: IndicatorText, language: str) -> str:
        """One of its texts (ask, definition, start, stop, caution, …) in this language, else in
        English, else "".
        """
        texts = self.definition.get(part, {})
        return texts.get(language) or texts.get("en", "")

    @property
    def unit(self) -> str:
        """The unit in which values are stored and compared."""
        return str(self.definition["unit"])

    @property
    def family(self) -> str:
        """The family under which it is listed."""
        return str(self.definition["family"])

    @property
    def is_comparable(self) -> bool:
        """Whether values of several operations may be set against each other."""
        return bool(self.definition["use"] == "comparable")

    @property
    def is_share(self) -> bool:
        """Whether the value is a percentage or ratio, so that numerator and denominator can be
        given instead.
        """
        return self.definition["measure"] in ("percentage", "ratio")

    @property
    def is_whole(self) -> bool:
        """Whether it counts things of which there is no half."""
        return bool(self.definition.get("whole", False))

    @property
    def at_most(self) -> Decimal | None:
        """The most that a value can be: 100 % where the numerator is a part of the denominator."""
        most = self.definition.get("at_most")
        return Decimal(most) if most else None

    @property
    def direction(self) -> str:
        """higher, lower, range or none."""
        return str(self.definition["direction"])

    @property
    def pool(self) -> str:
        """How several values make one figure: operation-median, ratio or none."""
        return str(self.definition["pool"])

    @property
    def split_by(self) -> tuple[str, ...]:
        """What must be equal before two values are compared."""
        return tuple(self.definition.get("split_by", ()))

    @property
    def sectors(self) -> tuple[int, ...]:
        """The sectors it belongs to."""
        return tuple(self.definition.get("sectors", ()))

    @property
    def operation_types(self) -> tuple[str, ...]:
        """The types of operation in which it is asked; empty: in all."""
        return tuple(self.definition.get("types", ()))

    @property
    def norm(self) -> Norm | None:
        """The standard's figure, where there is a certain one."""
        norm = self.definition.get("norm")
        return Norm(**norm) if norm else None


def starter_catalogue() -> dict[str, Indicator]:
    """The indicators that every installation has from the start, under their codes."""
    return {
        code: Indicator(code=code, version=1, definition=definition)
        for code, definition in codelists.starter_indicators().items()
    }
